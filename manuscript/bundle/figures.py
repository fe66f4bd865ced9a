"""The figures of a document, drawn anew and saved as a journal takes them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

from manuscript.compose import NBSP, Article, Node, pandoc
from manuscript.execute import Options
from manuscript.record import ledger
from manuscript.source import LETTER, Cell, Journal
from manuscript.values import Picture, picture_of

# Kinds of float that every document numbers for itself.
_NUMBERED_FROM_ONE = frozenset({"fig", "tbl"})
_MM_PER_INCH = 25.4


def floats(article: Article) -> Iterator[tuple[str, str, Node]]:
    """Yield label, name as in a file name, and node of each figure and table.

    Documents that number theirs alike, as the letter and a report do, are told
    apart by the name of the document that is not the letter.
    """
    document = article.document
    other = document.path != LETTER
    for element in pandoc.elements(article.blocks, "Float"):
        content = element["c"]
        name = article.kinds[content["kind"]].name(content["number"])
        if other and content["kind"] in _NUMBERED_FROM_ONE:
            name = f"{document.stem.capitalize()} {name}"
        yield content["id"], re.sub(rf"[ {NBSP}]+", "-", name), content


def save(
    article: Article, options: Options, folder: Path, profile: Journal
) -> Iterator[tuple[str, str]]:
    """Save the figures of a document; yield label and file of each.

    Those that cells draw are drawn anew, and the file is the vectors'; a picture from
    a file is saved as it is.

    Parameters
    ----------
    article : Article
    options : Options
        By which its cells were run.
    folder : Path
    profile : Journal
        Whose room the figures must fit.

    Raises
    ------
    ManuscriptError
        A cell that ends with no figure; a figure too large for the journal.
    """
    shown = {}
    for label, name, content in floats(article):
        images = [*pandoc.elements(content["content"], "Image")]
        for number, image in enumerate(images, start=1):
            picture = article.picture(image)
            if picture is None:
                shown[label] = name, article.figure(image)[1]
                continue
            panel = f"-{number}" if len(images) > 1 else ""
            file = f"{name}{panel}{picture.suffix.lower()}"
            (folder / file).write_bytes(picture.data)
            # Panels are files of their own, and none of them is the figure.
            yield f"{label}{panel}", file
    alternatives = {figure.cell.number: figure.alt for _, figure in shown.values()}
    pictures = _drawn(article, options, alternatives)
    for label, (name, figure) in shown.items():
        cell = figure.cell
        drawn = pictures[cell.number]
        if not isinstance(drawn, Picture):
            raise cell.fault(
                f"{cell.name} ends with a {type(drawn).__name__}",
                "end it with a figure",
            )
        for page in drawn.pages:
            _check_size(page.figure, cell, profile)
        for kind in ("pdf", "svg", "tif"):
            drawn.save(folder / f"{name}.{kind}")
        yield label, f"{name}.svg"


def _drawn(
    article: Article, options: Options, wanted: dict[int, str]
) -> dict[int, object]:
    """Run the cells up to the last that is wanted, and return what those drew.

    A figure may rest on any cell above it. Each cell begins without open figures and
    with the size that it asks for, as in a notebook.
    """
    cells = article.document.cells
    last = max(wanted, default=0)
    namespace: dict[str, Any] = {}
    results: dict[int, object] = {}
    if not wanted:
        return results
    from matplotlib import pyplot, rc_context

    with chdir(article.project.root), warnings.catch_warnings(), rc_context():
        warnings.filterwarnings("ignore", message=".*is non-interactive")
        pyplot.switch_backend("agg")
        for cell in cells:
            if cell.number > last or not options.of(cell, "eval"):
                continue
            size = (
                cell.options.values.get("fig-width", options.size[0]),
                cell.options.values.get("fig-height", options.size[1]),
            )
            pyplot.close("all")
            pyplot.rcParams["figure.figsize"] = size
            result = ledger.run_cell(cell, namespace)
            if cell.number in wanted:
                drawn = picture_of(result, wanted[cell.number])
                results[cell.number] = result if drawn is None else drawn
        pyplot.close("all")
    return results


def _check_size(figure: Any, cell: Cell, profile: Journal) -> None:
    width, height = (
        float(inches) * _MM_PER_INCH for inches in figure.get_size_inches()
    )
    if what := profile.crowded(width, height):
        raise cell.fault(f"{cell.name} draws {what}", "draw it smaller")
