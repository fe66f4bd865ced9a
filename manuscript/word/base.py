"""The Word file that the sources make, to compare an edited copy with."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from manuscript.compose import compose, docx, render
from manuscript.execute import (
    Execution,
    Incremental,
    Kept,
    Options,
    State,
    answers,
    execute,
)
from manuscript.record import resolve, unpack
from manuscript.source import (
    Cell,
    Document,
    Passage,
    Project,
    Reading,
    Works,
    as_list,
    read,
    read_works,
)
from manuscript.values import temporary_folder
from manuscript.word.compare import read_texts
from manuscript.word.package import EditedDocument, read_document

SECONDS_PER_CELL = 600.0


@dataclass(frozen=True)
class Base:
    """A document as its sources print it, and all that it takes to print it again.

    Attributes
    ----------
    root : Path
    reading : Reading
    printed : EditedDocument
    texts : dict of str to str
        Texts of its files and of the bibliography, by name.
    works : tuple of Works
        Bibliographies that are named.
    bibliography : str
        Name of the file that takes new works; empty without one.
    execution : Execution
    options : Options
    """

    root: Path
    reading: Reading
    printed: EditedDocument
    texts: dict[str, str]
    works: tuple[Works, ...]
    bibliography: str
    execution: Execution
    options: Options

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What its sources give to read."""
        return self.reading.passages


def readings(root: Path) -> tuple[Reading, ...]:
    """Read the documents of a project."""
    return read(Project.load(root), answers(root))


def prepare(root: Path, reading: Reading) -> Base:
    """Run a document's code, and print it.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps it from being printed.
    """
    path = reading.document.path
    project, document, options = _loaded(root, path)
    run = Incremental(State.of(root), Kept(root)).execute
    execution = run(document, project.root, options, threading.Event())
    with temporary_folder() as scratch:
        made = _written(project, document, execution, options, scratch)
        printed = read_document(made)
    names = as_list(project.metadata(document, "docx").get("bibliography"))
    bibliography = str(names[0]) if names else ""
    files = [*document.files, *([bibliography] if bibliography else [])]
    texts = read_texts(root, files)
    works = tuple(read_works(root, str(name)) for name in names)
    return Base(root, reading, printed, texts, works, bibliography, execution, options)


def reprint(base: Base, texts: Mapping[str, str]) -> EditedDocument:
    """Print a document from other texts, none of its code run again.

    Parameters
    ----------
    base : Base
    texts : mapping of str to str
        Of the files that are different, by name.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps them from being printed.
    """
    now = {**base.texts, **texts}
    # The project stays where it is, with all that lies beside its sources.
    project, document, _ = _loaded(base.root, base.reading.document.path, now)
    with temporary_folder() as scratch:
        if base.bibliography in texts:
            # pandoc reads it by itself; the end of its name tells the format.
            moved = scratch / Path(base.bibliography).name
            moved.write_text(texts[base.bibliography], "utf-8", newline="")
            project = replace(project, elsewhere={base.bibliography: str(moved)})
        execution = _moved(base.execution, document)
        made = _written(project, document, execution, base.options, scratch)
        return read_document(made)


def write(base: Base, directory: Path) -> Path:
    """Write the Word file of a document into a directory."""
    path = base.reading.document.path
    project, document, options = _loaded(base.root, path, base.texts)
    return _written(project, document, base.execution, options, directory)


def _moved(execution: Execution, document: Document) -> Execution:
    """Give expressions the answers that they had, wherever they stand now."""
    answers = {expression: text for (_, expression), text in execution.inlines.items()}
    inlines: dict[tuple[int, str], str] = {}
    cells = 0
    for fragment in document.fragments:
        if isinstance(fragment, Cell):
            cells += 1
            continue
        for inline in fragment.inlines:
            asked = (cells, inline.expression)
            known = execution.inlines.get(asked, answers.get(inline.expression))
            if known is None:
                raise inline.fault(
                    f"`{inline.expression}` was not asked before",
                    "run the merge again",
                )
            inlines[asked] = known
    return replace(execution, inlines=inlines)


def _loaded(
    root: Path, path: str, texts: Mapping[str, str] = MappingProxyType({})
) -> tuple[Project, Document, Options]:
    project = Project.load(root, [path], texts=texts)
    [document] = project.documents
    options = render.cell_options(
        project, document, SECONDS_PER_CELL, render.source_date(root)
    )
    return project, document, options


def _written(
    project: Project,
    document: Document,
    execution: Execution,
    options: Options,
    directory: Path,
) -> Path:
    article = compose(project, document, execution, options)
    with temporary_folder() as scratch:
        return docx.build(article, directory, scratch)


def build(root: Path, path: str, directory: Path) -> Path:
    """Write a document of a project as a Word file, with the built-in engine.

    Checks are left out: a manuscript that is being edited may fail them.

    Parameters
    ----------
    root : Path
        Its cells and expressions run here, with the code and data of this folder.
    path : str
        Such as ``index.qmd``.
    directory : Path

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps it from being printed.
    """
    project, document, options = _loaded(root, path)
    execution = execute(document, project.root, options, threading.Event())
    return _written(project, document, execution, options, directory)


@contextmanager
def unpacked(root: Path, revision: str) -> Iterator[Path]:
    """Unpack a revision of the project into a folder that lasts for the block.

    Raises
    ------
    ManuscriptError
        For what is no revision.
    """
    commit = resolve(root, revision)
    with temporary_folder() as scratch:
        tree = scratch / "tree"
        unpack(root, commit, tree)
        yield tree
