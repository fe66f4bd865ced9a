"""Words in place of a figure that has nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.plots.paper.sheet import Sheet
from analysis.plots.paper.style import Page

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def notice(words: str, page: Page) -> list[Figure]:
    """Write one line on a page of its own height.

    Parameters
    ----------
    words : str
    page : Page

    Returns
    -------
    list of Figure
        One, as of any other plot.
    """
    sheet = Sheet(page.width, 24)
    sheet.text(0, 12, words)
    return [sheet.figure]
