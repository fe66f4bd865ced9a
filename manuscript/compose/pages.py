"""Finished pages that are placed again when all that went into them is as it was."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from manuscript.compose.constructs.compose import VARIABLES
from manuscript.execute import (
    Execution,
    Kept,
    Options,
    Output,
    State,
    digest,
    file_digest,
    tree_digest,
)
from manuscript.record import NAME
from manuscript.source import Cell, Document, Project

_PICTURE = re.compile(r"!\[[^\n]*?\]\(([^)\s]+)")
SUFFIXES = {"html": ".html", "typst": ".pdf", "docx": ".docx"}


class Pages:
    """Pages of a project, by a digest of all that went into each.

    That is the text with its code's results, the settings with the files that they
    name, the looks of the project (:mod:`manuscript.execute.state`), what pandoc finds
    in the user's folders and, where the format shows them, the date and the commit.

    Parameters
    ----------
    project : Project
    state : State
    kept : Kept
    """

    def __init__(self, project: Project, state: State, kept: Kept) -> None:
        self._project = project
        self._state = state
        self._kept = kept

    def _key(
        self, document: Document, execution: Execution, options: Options, to: str
    ) -> str:
        """Digest all that goes into a page."""
        settings = self._project.metadata(document, to)
        shown = (options.echo, options.include, options.warning, options.output)
        key = digest(
            *(self._state.looks, to, document.path, repr(shown)),
            "" if to == "html" else str(options.epoch),
            self._state.revision if to == "docx" else "",
            json.dumps(settings, sort_keys=True, default=str),
            *self._resources(settings),
            *map(file_digest, _named(self._project.root, document)),
            json.dumps([*_content(document)], default=str),
            json.dumps(sorted((str(k), t) for k, t in execution.inlines.items())),
            *(
                digest(*(part for o in outputs for part in _shown(o)))
                for outputs in execution.outputs
            ),
        )
        return f"page-{key}"

    def place(
        self,
        document: Document,
        execution: Execution,
        options: Options,
        to: str,
        directory: Path,
    ) -> bool:
        """Write a page that is kept; tell whether there is one."""
        page = self._kept.read(self._key(document, execution, options, to))
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
        """Keep a page that was written after :meth:`place` had none."""
        key = self._key(document, execution, options, to)
        self._kept.write(key, page.read_bytes())

    def _resources(self, settings: Mapping[str, Any]) -> Iterator[str]:
        home = Path.home()
        data = os.environ.get("XDG_DATA_HOME") or home / ".local/share"
        yield from map(tree_digest, (Path(data, "pandoc"), home / ".pandoc"))
        yield from of_files(self._project.root, settings)


def output_names(
    project: Project, formats: Sequence[str], unread: Iterable[str] = ()
) -> tuple[str, ...]:
    """Name what a render writes: a file a document and format, and the ledger.

    Parameters
    ----------
    project : Project
    formats : sequence of str
    unread : iterable of str, optional
        Documents that cannot be read, of which a draft removes older outputs.
    """
    made = [
        f"{document.stem}{SUFFIXES[to]}"
        for document in project.documents
        for to in formats
        if to in SUFFIXES and to in project.formats_of(document)
    ]
    made += [f"{Path(path).stem}{SUFFIXES[to]}" for path in unread for to in formats]
    kept = project.settings.mapping("project").get("post-render")
    return (*made, *([NAME] if kept else []))


def of_files(root: Path, settings: Mapping[str, Any]) -> Iterator[str]:
    """Digest the files that settings name, which may lie anywhere."""
    for text in _texts(settings):
        if text and len(text) < 256 and "\0" not in text:
            yield file_digest(root / text)


def _shown(output: Output) -> tuple[str, ...]:
    return output.kind, output.text, output.svg, output.png.hex()


def _named(root: Path, document: Document) -> Iterator[Path]:
    """Yield the files that the text itself names: pictures and variables."""
    yield root / VARIABLES
    for prose in document.prose:
        for name in _PICTURE.findall(prose.text):
            if len(name) < 256 and "\0" not in name:
                yield root / name.lstrip("/")


def _content(document: Document) -> Iterator[Any]:
    for fragment in document.asking:
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
