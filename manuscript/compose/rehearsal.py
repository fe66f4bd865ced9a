"""What a render would refuse, found without running any code.

Each document is put together with stand-ins for what its cells and expressions
yield, so that ``check`` knows every construct that no format takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from manuscript.compose import features
from manuscript.compose.draft import Note, Read, named, same, tolerant
from manuscript.compose.formats.article import Article, compose
from manuscript.compose.render import cell_options
from manuscript.errors import ManuscriptError, faults_of
from manuscript.execute import Execution, Options, Output
from manuscript.source import Cell, Document, Project

if TYPE_CHECKING:
    from manuscript.check import Finding

_DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>"
_LIMIT = 600.0


def refusals(read: Read, known: Iterable[Finding] = ()) -> Iterator[ManuscriptError]:
    """Yield what keeps the documents of a project from being rendered.

    Parameters
    ----------
    read : Read
        The project, as far as it can be read.
    known : iterable of Finding, optional
        What the checks have found, which is not yielded again.

    Yields
    ------
    ManuscriptError
        With the place of the construct. What only the outputs of code would show is
        not among them.
    """
    project = read.project
    found: list[ManuscriptError] = []
    try:
        features.check(project)
    except (ManuscriptError, ExceptionGroup) as error:
        found += faults_of(error)
    for document in project.documents:
        found += _rehearsed(project, document)
    told = [Note(str(each), "", each.file, each.line) for each in known]
    found = [*read.faults, *(each for each in found if not read.follows(str(each)))]
    for fault in {str(each): each for each in found}.values():
        note = Note(str(fault), "", fault.file, fault.line)
        if not any(same(note, other) for other in told):
            yield fault


def _rehearsed(project: Project, document: Document) -> list[ManuscriptError]:
    """Put a document together, without one after the other of what is refused."""
    # A document that runs no cell and has to is told once.
    options = replace(cell_options(project, document, _LIMIT, 0), eval=True)
    faults: list[ManuscriptError] = []

    def attempt(document: Document, execution: Execution) -> Article:
        try:
            return compose(project, document, execution, options)
        except (ManuscriptError, ExceptionGroup) as error:
            faults.extend(faults_of(error))
            raise

    try:
        article, left_out = tolerant(document, _stand_in(document, options), attempt)
    except (ManuscriptError, ExceptionGroup):
        return faults
    # What refers to a thing that has been left out follows from that.
    gone = "\n".join(note.words for note in left_out).replace("\\", "")
    return faults + [
        remark
        for remark in article.remarks
        if not any(f"#{name}" in gone for name in named(remark.what))
    ]


def _stand_in(document: Document, options: Options) -> Execution:
    outputs = tuple(tuple(_output(cell, options)) for cell in document.cells)
    return Execution(outputs, defaultdict(lambda: "0"))


def _output(cell: Cell, options: Options) -> Iterator[Output]:
    if not options.of(cell, "include") or not options.of(cell, "eval"):
        return
    if "fig-alt" in cell.options.values:
        for _ in cell.options.values.get("fig-subcap") or [""]:
            yield Output("figure", svg=_DRAWING)
    elif options.of(cell, "output"):
        yield Output("markdown", "0")
