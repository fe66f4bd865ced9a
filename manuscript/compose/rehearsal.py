"""What a render would refuse, found without running any code.

Each document is put together with stand-ins for what its cells and expressions
yield, so that ``check`` knows every construct that no format takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from manuscript.compose import features
from manuscript.compose.formats.article import compose
from manuscript.compose.render import cell_options
from manuscript.errors import ManuscriptError, faults_of, refuse
from manuscript.execute import Execution, Options, Output
from manuscript.source import Cell, Document, Project

_DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>"
_LIMIT = 600.0


def refusals(project: Project) -> Iterator[ManuscriptError]:
    """Yield what keeps the documents of a project from being rendered.

    Parameters
    ----------
    project : Project

    Yields
    ------
    ManuscriptError
        With the place of the construct. What only the outputs of code would show is
        not among them.
    """
    if faults := _faults(lambda: features.check(project)):
        yield from faults
        return
    for document in project.documents:
        yield from _faults(partial(_rehearse, project, document))


def _rehearse(project: Project, document: Document) -> None:
    options = cell_options(project, document, _LIMIT, 0)
    article = compose(project, document, _stand_in(document, options), options)
    refuse([*article.remarks])


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


def _faults(run: Callable[[], None]) -> list[ManuscriptError]:
    try:
        run()
    except (ManuscriptError, ExceptionGroup) as error:
        return faults_of(error)
    return []
