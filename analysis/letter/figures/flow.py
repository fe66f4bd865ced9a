"""Figure S1: the selection of trials and of reports."""

from __future__ import annotations

from collections.abc import Callable

from analysis.letter.evidence.flow import flow
from analysis.letter.figures.page import page
from analysis.plots import Titled, side_by_side
from analysis.review import Flow
from manuscript.values import Picture, Value


def figure_s1(v: Callable[[str], Value]) -> Picture:
    """Draw the selection of trials and of VigiBase reports.

    Parameters
    ----------
    v : callable
        Gives the value of a key, such as ``analysis.letter.letter()``.

    Raises
    ------
    FlowError
        For a flow that does not add up.
    """
    review, reports = flow("review", v), flow("vigibase", v)
    synthetic = v("vigibase.reports.synthetic").number > 0
    title = "VigiBase reports (synthetic)" if synthetic else "VigiBase reports"
    drawn = side_by_side(Titled("Trials", review), Titled(title, reports), page())
    return Picture(drawn, flow_alt(review, reports))


def flow_alt(*flows: Flow) -> str:
    """Say in words what flow diagrams show."""
    return " ".join(
        f"Flow diagram {letter}: "
        + "; ".join(f"{box.label}: {box.text}" for box in diagram.boxes)
        + "."
        for letter, diagram in zip("ABCDEFGH", flows, strict=False)
    )
