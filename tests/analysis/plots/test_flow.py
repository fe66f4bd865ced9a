"""Flow diagrams print every number, or that it is not public."""

from __future__ import annotations

import pytest

from analysis.plots import Page, Titled, side_by_side
from analysis.review.flow import Box, Flow
from manuscript.values.picture import Picture
from tests.manuscript.values.pictures import collisions, outside, printed

PAGE = Page.of_mm(183, 170)


def flow_of(*numbers: float | None) -> Flow:
    names = ["first", "left-out", "second", "group-1", "group-2", "half-1", "half-2"]
    parents = ["", "first", "first", "second", "second", "group-2", "group-2"]
    places = ["main", "side", "main", "group", "group", "group", "group"]
    return Flow(
        "review",
        tuple(
            Box(
                name,
                f"A rather long description of the box named {name}",
                number,
                f"{number or 0:g}",
                parent,
                place,  # type: ignore[arg-type]
            )
            for name, number, parent, place in zip(
                names, numbers, parents, places, strict=True
            )
        ),
    )


@pytest.mark.parametrize(
    "numbers",
    [
        (1000.0, 900.0, 100.0, 40.0, 60.0, 30.0, 30.0),
        (123456.0, None, None, 40.0, 60.0, None, None),
    ],
)
def test_flow_prints_numbers_or_says_they_are_not_public(
    numbers: tuple[float | None, ...],
) -> None:
    flow = flow_of(*numbers)
    picture = Picture(
        side_by_side(Titled("One", flow), Titled("Another", flow), PAGE), ""
    )
    assert collisions(picture) == []
    assert outside(picture) == []
    texts = printed(picture)
    assert texts.count("(not public)") == 2 * numbers.count(None)
    assert ("Number not public" in texts) == (None in numbers)
    for box in flow.boxes:
        if box.number is not None:
            assert f"n = {box.text}" in texts
