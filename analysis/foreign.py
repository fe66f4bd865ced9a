"""Files of others, read whole and within limits before anything looks into them."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 64 * 1024 * 1024
MOST_YAML = 1024 * 1024
MOST_ENTRIES = 50_000
DEEPEST = 50


class ForeignError(ValueError):
    """A file that is beyond what any honest one is, or that is none.

    Attributes
    ----------
    row : int or None
        Counted from 1; None where the fault belongs to no line.
    got, expected : str
    """

    def __init__(self, row: int | None, got: str, expected: str) -> None:
        where = f"line {row}: " if row else ""
        super().__init__(f"{where}got {got}, expected {expected}")
        self.row, self.got, self.expected = row, got, expected


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read an ordinary file that is not too long.

    A pipe would wait for its writer, and a device may have no end; both are
    refused before they are opened.

    Raises
    ------
    ForeignError
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            found = "a folder" if path.is_dir() else "a pipe or device"
            raise ForeignError(None, found, "an ordinary file")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ForeignError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise ForeignError(None, reason.lower(), "a readable file") from error
    if len(content) > most:
        size = f"{most >> 20} MiB"
        raise ForeignError(None, f"over {size}", f"a file of at most {size}")
    return content


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """Read an ordinary file of UTF-8, with or without its mark.

    Raises
    ------
    ForeignError
        Naming the line of the first byte that is none.
    """
    raw = read_bytes(path, most)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02X}"
        expected = "UTF-8 text (save the file as UTF-8)"
        raise ForeignError(row, byte, expected) from error


class _Strict(yaml.composer.Composer, yaml.constructor.BaseConstructor):
    """Takes the plain part of YAML, in which the work is linear in the text.

    No aliases, by which few bytes stand for many; no tags, which make values of
    other kinds; no key twice, of which YAML would keep the last.
    """

    _depth = 0
    _entries = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[attr-defined]
        self._entries += 1
        self._depth += 1
        found = ""
        if isinstance(event, yaml.AliasEvent):
            found = "an alias (*), which lets few bytes stand for many"
        elif event.anchor is not None:
            found = "an anchor (&)"
        elif event.tag is not None:
            found = f"a tag ({event.tag[:40]})"
        elif self._depth > DEEPEST:
            found = f"more than {DEEPEST} levels"
        elif self._entries > MOST_ENTRIES:
            found = f"more than {MOST_ENTRIES} entries"
        if found:
            raise yaml.MarkedYAMLError(problem=found, problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value in seen:
                found = f"the entry {name.value} twice"
                raise yaml.MarkedYAMLError(problem=found, problem_mark=name.start_mark)
            seen.add(str(name.value))
        return super().construct_mapping(node, deep)


class _Values(_Strict, yaml.SafeLoader):
    pass


class _Text(str):
    """A text that knows its line, as a list and a mapping below do."""

    __slots__ = ("line",)


class _List(list[Any]):
    __slots__ = ("line",)


class _Mapping(dict[str, Any]):
    __slots__ = ("line",)


class _Texts(_Strict, yaml.BaseLoader):
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        found: Any = super().construct_object(node, deep)
        kinds = ((str, _Text), (list, _List), (dict, _Mapping))
        placed: Any = next(own for kind, own in kinds if isinstance(found, kind))(found)
        placed.line = node.start_mark.line + 1
        return placed


def read_yaml(path: Path, *, as_text: bool = False) -> Any:
    """Read a file of plain YAML.

    Parameters
    ----------
    path : Path
    as_text : bool
        Leave every scalar as it is typed: YAML would read the code 012345 as an
        octal number. What is read then has the attribute ``line``.

    Raises
    ------
    ForeignError
        Beyond the limits, or for what is no YAML; says on which line.
    """
    text = read_text(path, MOST_YAML)
    try:
        return yaml.load(text, _Texts if as_text else _Values)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else None
        found = str(getattr(error, "problem", None) or error)
        raise ForeignError(row, " ".join(found.split()), "well-formed YAML") from error
