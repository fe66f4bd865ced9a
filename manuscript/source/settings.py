"""YAML as Quarto reads it, with the line of every key kept.

Quarto reads YAML by the JSON schema: ``true`` and ``false`` are the only booleans,
numbers are those of JSON, and a date stays text, so `2026-11-22` prints as it was
typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.resolver import Resolver

from manuscript.errors import ManuscriptError

Keys = tuple[str | int, ...]

# Where an entry of the top begins.
_ENTRY = re.compile(r"^(?=[^\s#\-\]}])", re.MULTILINE)
_MERGE = "tag:yaml.org,2002:merge"

DEEPEST = 50
MOST_ENTRIES = 50_000


class _Bounded(Composer, SafeConstructor, Resolver):
    """What is composed of a parser's events, within bounds."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own class attribute)
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag.rpartition(":")[2] not in ("timestamp", "bool", "int", "float")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    _depth = 0
    _entries = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[attr-defined]
        self._depth += 1
        self._entries += 1
        found = ""
        if isinstance(event, yaml.AliasEvent):
            # Aliases of aliases grow without bound when they are walked.
            found = "an alias"
        elif event.tag is not None:
            found = "a tag"
        elif self._depth > DEEPEST:
            found = f"more than {DEEPEST} levels"
        elif self._entries > MOST_ENTRIES:
            found = f"more than {MOST_ENTRIES} entries"
        if found:
            raise yaml.composer.ComposerError(None, None, found, event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


# Numbers in other notations, as 012 and 8:30, stay as they are typed.
for _kind, _form, _first in (
    ("bool", r"true|false|True|False|TRUE|FALSE", "tTfF"),
    ("int", r"-?(?:0|[1-9]\d*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", "-0123456789"),
):
    _Bounded.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_form})$", re.A), list(_first)
    )


class _Fast(_Bounded, CParser):
    """Parses with libyaml, five times as fast."""

    def __init__(self, source: str) -> None:
        CParser.__init__(self, source)
        for part in (Composer, SafeConstructor, Resolver):
            part.__init__(self)


class _Telling(_Bounded, yaml.SafeLoader):
    """Parses in Python, which says more of what it refuses."""


@dataclass(frozen=True)
class Settings:
    """A YAML mapping and where each of its keys stands.

    Attributes
    ----------
    file : str
        Path relative to the project.
    values : dict
    lines : dict
        Line of each key, by its path: ``("format", "html", "css")``.
    """

    file: str
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def line(self, *keys: str | int) -> int:
        """Line of a key, or of the nearest enclosing key that has one."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def fault(self, keys: Keys, what: str, mend: str) -> ManuscriptError:
        """Return a fault that stands at the line of a key."""
        return ManuscriptError(self.file, self.line(*keys), what, mend)

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Return the settings under a key, none where it is absent.

        Raises
        ------
        ManuscriptError
            Where the key holds anything but settings.
        """
        value = self.values.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            what = f"`{key}` holds no `key: value` lines"
            raise self.fault((key,), what, "write a YAML mapping")
        return value


@dataclass(frozen=True)
class Allowed:
    """What a setting may hold.

    Attributes
    ----------
    expected : str
        In words, as in "write ...".
    test : callable
        Whether a value is allowed.
    """

    expected: str
    test: Callable[[Any], bool]


def one_of(*values: str | bool) -> Allowed:
    """Allow certain values, and nothing else."""
    names = (str(v).lower() if isinstance(v, bool) else f"`{v}`" for v in values)
    # As 1 == True, types are compared as well.
    return Allowed(
        " or ".join(names),
        lambda value: any(type(value) is type(v) and value == v for v in values),
    )


YES_NO = one_of(True, False)
OFF = one_of(False)
TEXT = Allowed("text", lambda value: isinstance(value, str) and bool(value))
WORDS = Allowed(
    "text",
    lambda value: value is None or isinstance(value, str | int | float),
)
NUMBER = Allowed(
    "a number above 0",
    lambda value: type(value) in (int, float) and 0 < value < float("inf"),
)
TEXTS = Allowed(
    "a list of texts",
    lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
)
ANYTHING = Allowed("anything", lambda value: True)


def parse(source: str, file: str, first_line: int = 1) -> Settings:
    """Read a YAML mapping.

    Raises
    ------
    ManuscriptError
        Where the text is no YAML, no mapping, or repeats a key.
    """
    try:
        try:
            loader: _Bounded = _Fast(source)
            node = loader.get_single_node()
        except yaml.YAMLError:
            loader = _Telling(source)
            node = loader.get_single_node()
        if node is None:
            return Settings(file)
        if not isinstance(node, yaml.MappingNode):
            raise ManuscriptError(
                file, first_line, "expected `key: value` lines", "write a YAML mapping"
            )
        lines: dict[Keys, int] = {}
        _record(node, (), first_line, file, lines)
        return Settings(file, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        # Of a quote without end, YAML speaks lines below; its entry alone tells.
        is_bounded = not isinstance(error, yaml.composer.ComposerError)
        starts = [found.start() for found in _ENTRY.finditer(source) if is_bounded]
        ends = starts[1:] and [*starts[1:], len(source)]
        for start, end in zip(starts, ends, strict=False):
            above = source.count("\n", 0, start)
            parse(source[start:end], file, first_line + above)
        mark, what = error.problem_mark or error.context_mark, error.problem
        if error.context_mark and "scanning" in str(error.context):
            mark, what = error.context_mark, f"{what} {error.context}"
        last = source.rstrip().count("\n")
        line = first_line + min(mark.line if mark else 0, last)
        raise ManuscriptError(
            file, line, f"not YAML: {what}", "check quotes and indentation"
        ) from error
    except yaml.reader.ReaderError as error:
        line = first_line + source.count("\n", 0, error.position)
        what = f"the character U+{error.character:04X} is none of a text"
        raise ManuscriptError(file, line, what, "take it out") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ManuscriptError(
            file, first_line, f"not YAML: {error}", "check the characters and values"
        ) from error


def _record(
    node: yaml.Node, path: Keys, first_line: int, file: str, lines: dict[Keys, int]
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, str(key.value))
            line = first_line + key.start_mark.line
            if key.tag == _MERGE:
                mend = "write the entries themselves"
                raise ManuscriptError(file, line, "`<<` is not supported", mend)
            if below in lines:
                raise ManuscriptError(
                    file, line, f"`{key.value}` is given twice", "keep one of the two"
                )
            lines[below] = line
            _record(value, below, first_line, file, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*path, index)] = first_line + item.start_mark.line
            _record(item, (*path, index), first_line, file, lines)


def merge(below: Any, above: Any) -> Any:
    """Lay one setting over another as Quarto does.

    Mappings merge key by key, lists are joined without repeats, and any other
    value above replaces the one below.
    """
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        merged = dict(below)
        for key, value in above.items():
            merged[key] = merge(merged[key], value) if key in merged else value
        return merged
    if isinstance(below, list) or isinstance(above, list):
        if not below or not above:
            return above or below
        unique: dict[str, Any] = {}
        for item in (*as_list(below), *as_list(above)):
            unique.setdefault(json.dumps(item, sort_keys=True, default=str), item)
        return list(unique.values())
    return above


def laid(layers: Sequence[Settings], main: Settings) -> Settings:
    """Lay settings over each other; lines are those of the main file."""
    if len(layers) == 1:
        return main
    values: Any = {}
    for layer in layers:
        values = merge(values, layer.values)
    return Settings(main.file, values, main.lines)


def is_file(root: Path, name: str) -> bool:
    """Tell whether a setting names a file; what no file can be called does not."""
    try:
        return (root / name).is_file()
    except (OSError, ValueError):
        return False


def as_list(value: Any) -> list[Any]:
    """Return a setting that may be one thing, several or none as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
