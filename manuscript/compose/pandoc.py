"""pandoc, and the trees it reads and writes as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

from manuscript.source import PandocError, executable
from manuscript.source import run_pandoc as run

__all__ = [
    "Change",
    "Node",
    "PandocError",
    "cited",
    "div",
    "elements",
    "executable",
    "is_element",
    "parts",
    "plain",
    "raw",
    "run",
    "transform",
    "words",
]

Node = dict[str, Any]
Change = Callable[[Node], Node | list[Node] | None]

_CONTAINERS = (list, dict)
# Elements that hold no others, most of a tree.
_LEAVES = frozenset(("Str", "Space", "SoftBreak", "LineBreak", "Code", "Math"))


@overload
def transform(node: Node, change: Change) -> Node: ...
@overload
def transform(node: list[Node], change: Change) -> list[Node]: ...
def transform(node: Any, change: Change) -> Any:
    """Rebuild a tree from its leaves up.

    Parameters
    ----------
    node : dict, list or leaf
    change : callable
        Takes an element whose parts are rebuilt already; returns the element
        that replaces it, a list to put in its place, or None to keep it.
    """
    if isinstance(node, dict):
        kind = node.get("t")
        if kind in _LEAVES:
            return dict(node)
        if kind == "Span":
            (identifier, classes, pairs), content = node["c"]
            attributes = [identifier, [*classes], [*pairs]]
            return {"t": kind, "c": [attributes, transform(content, change)]}
        return {
            key: transform(part, change) if isinstance(part, _CONTAINERS) else part
            for key, part in node.items()
        }
    rebuilt: list[Any] = []
    for part in node:
        if not isinstance(part, dict) or "t" not in part:
            inner = isinstance(part, _CONTAINERS)
            rebuilt.append(transform(part, change) if inner else part)
            continue
        # Leaves are most of a tree, and spared a call.
        element = dict(part) if part["t"] in _LEAVES else transform(part, change)
        changed = change(element)
        if changed is None:
            rebuilt.append(element)
        elif isinstance(changed, list):
            rebuilt.extend(changed)
        else:
            rebuilt.append(changed)
    return rebuilt


def parts(node: Any) -> Iterator[Any]:
    """Yield all lists and mappings of a tree in reading order, outer before inner.

    Empty ones hold nothing and are passed over.
    """
    waiting: list[Iterator[Any]] = [iter((node,))]
    while waiting:
        for part in waiting[-1]:
            if not part or not isinstance(part, _CONTAINERS):
                continue
            yield part
            inner: Iterable[Any] = part
            if isinstance(part, dict):
                kind = part.get("t")
                if kind in _LEAVES:
                    continue
                # A value's attributes are many, and hold no element.
                inner = part["c"][1:] if kind == "Span" else part.values()
            waiting.append(iter(inner))
            break
        else:
            waiting.pop()


def elements(node: Any, *kinds: str) -> Iterator[Node]:
    """Yield elements of a tree, of some kinds or all, in reading order."""
    found: Iterator[Node] = filter(is_element, parts(node))
    return (each for each in found if each["t"] in kinds) if kinds else found


def cited(node: Any) -> Iterator[str]:
    """Yield the keys of the works that a tree cites, each as often as it does."""
    for element in elements(node, "Cite"):
        yield from (citation["citationId"] for citation in element["c"][0])


def is_element(node: Any) -> bool:
    """Tell an element from the other parts of a tree."""
    return isinstance(node, dict) and "t" in node


def plain(node: Any) -> str:
    """Words of a tree as plain text."""
    written: list[str] = []
    for element in elements(node):
        match element["t"]:
            case "Str":
                written.append(element["c"])
            case "Space" | "SoftBreak" | "LineBreak" | "Para" | "Plain":
                written.append(" ")
            case "Code" | "CodeBlock" | "Math":
                written.append(element["c"][1])
    return " ".join("".join(written).split())


def div(
    content: list[Node], identifier: str = "", classes: Sequence[str] = (), **more: str
) -> Node:
    """Make a division; further attributes take underscores for hyphens."""
    pairs = [[key.replace("_", "-"), value] for key, value in more.items()]
    return {"t": "Div", "c": [[identifier, list(classes), pairs], content]}


def raw(format_: str, text: str, *, inline: bool = False) -> Node:
    """Make raw output for one format."""
    return {"t": "RawInline" if inline else "RawBlock", "c": [format_, text]}


def words(text: str) -> list[Node]:
    """Make inlines of plain text; only a space may break."""
    found: list[Node] = []
    for word in text.split(" "):
        found += [{"t": "Space"}] if found else []
        found += [{"t": "Str", "c": word}] if word else []
    return found
