"""What renders keep for the next one, in a hidden folder of the project.

Files appear whole or not at all, bear a digest of their name and content, and are
no loss: one that is missing, damaged or not of its schema is as if nothing had been
kept. A schema is a frozen dataclass, whose fields say what JSON may hold. Nothing
is written before :meth:`Kept.commit`, when it is known that it is of one state.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

FOLDER = ".manuscript/kept"
LIMIT = 300 * 2**20  # bytes, of all files together
_SUFFIX = ".kept"

T = TypeVar("T")


class Kept:
    """The folder of what is kept.

    Parameters
    ----------
    root : Path
        The project.
    fresh : bool, optional
        Whether to find nothing of what earlier renders kept.
    """

    def __init__(self, root: Path, *, fresh: bool = False) -> None:
        self._folder = root / FOLDER
        self._fresh = fresh
        self._pending: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        """Return what is kept under a name, None where that is nothing."""
        if self._fresh:
            return None
        path = self._path(name)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        found, _, body = content.partition(b"\n")
        return body if found == _digest(name, body) else None

    def read_as(self, schema: type[T], name: str) -> T | None:
        """Return what is kept as an object of a schema, None where it is not one."""
        try:
            found: T = shaped(json.loads(self.read(name) or b""), schema)
        except (ValueError, RecursionError):
            return None
        return found

    def write(self, name: str, content: object) -> None:
        """Keep bytes, or an object of a schema, from the next commit on."""
        if not isinstance(content, bytes):
            content = packed(content)
        if len(content) <= LIMIT // 3:
            self._pending[name] = content

    def commit(self) -> None:
        """Write what is to be kept, and remove what was not used for longest."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, body in self._pending.items():
                handle, aside = tempfile.mkstemp(dir=self._folder)
                try:
                    with os.fdopen(handle, "wb") as file:
                        file.write(_digest(name, body) + b"\n" + body)
                    Path(aside).replace(self._path(name))
                except BaseException:
                    Path(aside).unlink(missing_ok=True)
                    raise
            self._tidy()
        self._pending.clear()

    def _tidy(self) -> None:
        files = [(p.stat(), p) for p in self._folder.iterdir() if p.is_file()]
        files.sort(key=lambda each: each[0].st_mtime_ns)
        total = sum(status.st_size for status, _ in files)
        for status, path in files:
            if total <= LIMIT:
                break
            path.unlink(missing_ok=True)
            total -= status.st_size

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"


def packed(content: Any) -> bytes:
    """Write an object of a schema as JSON."""
    return json.dumps(content, separators=(",", ":"), default=_plain).encode()


def shaped(found: Any, schema: Any) -> Any:
    """Make an object of a schema from what JSON held.

    Parameters
    ----------
    found : object
    schema : type
        A dataclass, ``tuple[T, ...]``, ``dict[str, T]``, ``Literal``, bytes (base64)
        or a plain type.

    Raises
    ------
    ValueError
        For what is not of the schema.
    """
    return _reader(schema)(found)


@lru_cache
def _reader(schema: Any) -> Callable[[Any], Any]:
    """Return what makes an object of a schema; made once, as values are many."""
    origin, arguments = get_origin(schema), get_args(schema)
    if is_dataclass(schema):
        return _record(schema)
    if origin is tuple:
        one = _reader(arguments[0])
        return lambda found: tuple(map(one, _of(list, found)))
    if origin is dict:
        part = _reader(arguments[1])
        return lambda found: {k: part(v) for k, v in _of(dict, found).items()}
    if schema is bytes:
        return lambda found: base64.b64decode(_of(str, found), validate=True)
    if origin is Literal:

        def chosen(found: Any) -> Any:
            if found not in arguments:
                raise ValueError(f"{found!r} is none of {arguments}")
            return found

        return chosen
    return partial(_of, schema)


def _record(schema: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(schema)
    kinds = {field.name: _reader(hints[field.name]) for field in fields(schema)}

    def record(found: Any) -> Any:
        if _of(dict, found).keys() != kinds.keys():
            raise ValueError(f"not the fields of {schema.__name__}")
        return schema(**{name: kinds[name](value) for name, value in found.items()})

    return record


def _of(kind: type, found: Any) -> Any:
    if type(found) is not kind:
        raise ValueError(f"{type(found).__name__} is no {kind.__name__}")
    return found


def _plain(content: Any) -> Any:
    """Return what JSON writes in place of bytes, or of a dataclass."""
    if isinstance(content, bytes):
        return base64.b64encode(content).decode()
    return {name: getattr(content, name) for name in _names(content.__class__)}


@lru_cache
def _names(schema: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(schema))


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + body).hexdigest().encode()
