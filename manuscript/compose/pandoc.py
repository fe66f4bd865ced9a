"""pandoc, and the trees it reads and writes as JSON."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Node = dict[str, Any]
Change = Callable[[Node], Node | list[Node] | None]

_CONTAINERS = (list, dict)
# Elements that hold no others, most of a tree.
_LEAVES = frozenset(("Str", "Space", "SoftBreak", "LineBreak", "Code", "Math"))
_WARNING = re.compile(r"^\[WARNING\] (.*(?:\n(?!\[).*)*)", re.MULTILINE)


class PandocError(Exception):
    """Pandoc failed or warned; carries what it said."""


@lru_cache(maxsize=1)
def executable() -> str:
    """Path of the pandoc that came with the environment, whatever others there are.

    Raises
    ------
    PandocError
        When the package that brings it is not installed.
    """
    package = find_spec("pypandoc")
    folder = Path(package.origin).parent if package and package.origin else Path()
    if found := shutil.which("pandoc", path=folder / "files"):
        return found
    raise PandocError("pandoc is missing: install pypandoc_binary (make render does)")


def run(arguments: Sequence[str], source: str, folder: Path, epoch: int = 0) -> str:
    """Run pandoc on a text.

    Parameters
    ----------
    arguments : sequence of str
    source : str
    folder : Path
        Working directory, in which pandoc finds what the text names.
    epoch : int
        Date of the files it writes, in seconds since 1970.

    Returns
    -------
    str
        What it wrote to standard output.

    Raises
    ------
    PandocError
        When it fails, and when it warns: pandoc warns where a page would lack
        something that its source has.
    """
    process = subprocess.run(
        [executable(), *arguments],
        input=source.encode(),
        capture_output=True,
        cwd=folder,
        env=os.environ
        | {
            "LC_ALL": "C.UTF-8",
            "SOURCE_DATE_EPOCH": str(epoch),
            "TZ": "UTC",
        },
        check=False,
    )
    said = process.stderr.decode(errors="replace").strip()
    if process.returncode:
        raise PandocError(said or f"pandoc ended with status {process.returncode}")
    if warning := _WARNING.search(said):
        raise PandocError(" ".join(warning[1].split()))
    return process.stdout.decode()


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
        if not isinstance(part, _CONTAINERS):
            rebuilt.append(part)
            continue
        element = transform(part, change)
        changed = change(element) if is_element(element) else None
        if isinstance(changed, list):
            rebuilt.extend(changed)
        else:
            rebuilt.append(element if changed is None else changed)
    return rebuilt


def parts(node: Any) -> Iterator[Any]:
    """Yield all lists and mappings of a tree in reading order, outer before inner."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, dict):
            kind = part.get("t")
            if kind in _LEAVES:
                continue
            # A value's attributes are many, and hold no element.
            inner = part["c"][1:] if kind == "Span" else part.values()
        else:
            inner = part
        waiting += [one for one in inner if isinstance(one, _CONTAINERS)][::-1]


def elements(node: Any) -> Iterator[Node]:
    """Yield all elements of a tree in reading order, outer before inner."""
    return filter(is_element, parts(node))


def is_element(node: Any) -> bool:
    """Tell an element from the other parts of a tree."""
    return isinstance(node, dict) and "t" in node


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
