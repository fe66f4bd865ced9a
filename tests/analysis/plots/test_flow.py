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
        (123456.0, None, 100.0, 40.0, None, 30.0, 30.0),
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
    joined = " ".join(texts).lower()
    for box in flow.boxes:
        if box.number is not None:
            assert f"n = {box.text}" in texts
    # A group and the last stage keep their places; others are named on a line.
    unknown = [b for b in flow.boxes if b.number is None]
    kept = [b for b in unknown if b.place == "group" or b.name == "second"]
    assert texts.count("(not public)") == 2 * len(kept)
    assert ("Number not public" in texts) == bool(kept)
    stages = [b for b in unknown if b not in kept]
    assert joined.count("not public: ") == 2 * bool(stages)
    for box in stages:
        assert box.name in joined


def test_phases_are_named_once_and_stages_between_share_a_line() -> None:
    boxes = [
        Box("a", "Found", 10.0, "10", "", "main", "Identification"),
        Box("b", "Seen", None, "", "a", "main", "Screening"),
        Box("c", "Left out", None, "", "b", "side", "Screening"),
        Box("d", "Judged", None, "", "b", "main", "Screening"),
        Box("e", "Kept", 4.0, "4", "d", "main", "Included"),
    ]
    flow = Flow("review", tuple(boxes))
    plain = Flow("other", (boxes[0],))
    drawn = side_by_side(Titled("One", flow), Titled("Other", plain), PAGE)
    texts = printed(Picture(drawn, ""))
    for phase in ("Identification", "Screening", "Included"):
        assert texts.count(phase) == 1 + (phase == "Identification")
    assert "Not public: seen; left out; judged" in " ".join(texts)
    assert "(not public)" not in texts


def test_a_stage_with_a_number_beside_it_keeps_its_box() -> None:
    boxes = (
        Box("a", "Found", 10.0, "10", "", "main"),
        Box("b", "Seen", None, "", "a", "main"),
        Box("c", "Left out", 3.0, "3", "b", "side"),
        Box("e", "Kept", 4.0, "4", "b", "main"),
    )
    flow = Flow("review", boxes)
    picture = Picture(side_by_side(Titled("1", flow), Titled("2", flow), PAGE), "")
    texts = printed(picture)
    assert texts.count("Seen") == texts.count("(not public)") == 2
    assert "n = 3" in texts


def test_nothing_left_out_of_the_last_stage_is_lost() -> None:
    boxes = (
        Box("a", "Found", 10.0, "10", "", "main"),
        Box("b", "Dropped", None, "", "a", "side"),
    )
    flow = Flow("review", boxes)
    picture = Picture(side_by_side(Titled("1", flow), Titled("2", flow), PAGE), "")
    assert printed(picture).count("Not public: dropped") == 2
    assert outside(picture) == []
