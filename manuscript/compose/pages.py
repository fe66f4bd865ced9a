"""Finished pages that are placed again when all that went into them is as it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from manuscript.execute.cells import Execution, Options
from manuscript.execute.digests import Digests, environment
from manuscript.execute.kept import Kept
from manuscript.source.documents import Cell, Document, Project

SUFFIXES = {"html": ".html", "typst": ".pdf", "docx": ".docx"}
# Where templates lie that formats take without being told.
_TEMPLATES = "partials"


class Pages:
    """Pages of a project, by a digest of all that went into each.

    That is the text with its code's results, the settings, every file that these
    name together with its neighbours, what is installed, the press itself and, where
    the format shows it, the date.

    Parameters
    ----------
    project : Project
    kept : Kept
    """

    def __init__(self, project: Project, kept: Kept) -> None:
        self._project = project
        self._kept = kept
        self._keys: dict[tuple[str, str], str] = {}

    def key(
        self, document: Document, execution: Execution, options: Options, to: str
    ) -> str:
        """Digest all that goes into a page."""
        settings = self._project.metadata(document, to)
        digest = hashlib.sha256()
        resources = self._resources(settings)
        for part in (
            environment(self._project.root),
            Digests(self._project.root).together(resources),
            to,
            document.path,
            json.dumps(settings, sort_keys=True, default=str),
            "" if to == "html" else str(options.epoch),
            repr((options.echo, options.include, options.warning, options.output)),
            json.dumps([*_content(document)], default=str),
            json.dumps(sorted((str(k), t) for k, t in execution.inlines.items())),
        ):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
        bitmaps = shows_bitmaps(settings, to)
        for outputs in execution.outputs:
            digest.update(b"cell\0")
            for output in outputs:
                digest.update(json.dumps([output.kind, output.text]).encode() + b"\0")
                if to != "docx":
                    digest.update(output.svg.encode() + b"\0")
                if bitmaps or not output.svg:
                    digest.update(hashlib.sha256(output.png).digest())
        return f"page-{digest.hexdigest()[:40]}"

    def place(
        self,
        document: Document,
        execution: Execution,
        options: Options,
        to: str,
        directory: Path,
    ) -> bool:
        """Write a page that is kept; tell whether there is one."""
        key = self._keys[document.path, to] = self.key(document, execution, options, to)
        page = self._kept.read(key)
        if page is None:
            return False
        (directory / f"{document.stem}{SUFFIXES[to]}").write_bytes(page)
        return True

    def keep(
        self,
        document: Document,
        execution: Execution,
        options: Options,
        to: str,
        page: Path,
    ) -> None:
        """Keep a page that was written after :meth:`place` had none.

        Unless what went into it has changed meanwhile.
        """
        key = self.key(document, execution, options, to)
        if key == self._keys[document.path, to]:
            self._kept.write(key, page.read_bytes())

    def _resources(self, settings: Mapping[str, Any]) -> Iterator[str]:
        yield f"tree:{_TEMPLATES}"
        home = Path.home()
        data = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
        yield from (f"tree:{data}/pandoc", f"tree:{home}/.pandoc")
        for text in _texts(settings):
            # A file may read its neighbours.
            first = Path(text).parts[0] if text and len(text) < 256 else ""
            if first and first not in ("/", "..", ".") and "\0" not in text:
                path = self._project.root / text
                if path.exists():
                    kind = "tree" if (self._project.root / first).is_dir() else "file"
                    yield f"{kind}:{first}"
            elif first:
                yield f"file:{text}"


def shows_bitmaps(settings: Mapping[str, Any], to: str) -> bool:
    """Whether a format shows figures as bitmaps."""
    return to == "docx" or settings.get("fig-format") == "png"


def _content(document: Document) -> Iterator[Any]:
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            yield fragment.code, fragment.number, fragment.options.values
        else:
            yield fragment.text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
