import pytest

from analysis.review.flow import Box, Flow, FlowError


def box(name: str, number: int | None, part_of: str = "") -> Box:
    return Box(name, name.capitalize(), number, str(number), part_of, "main")


def test_more_may_not_come_out_than_went_in_past_unknown_stages() -> None:
    boxes = (box("found", 10), box("read", None, "found"), box("kept", 11, "read"))
    with pytest.raises(FlowError, match=r"Kept \(11\) = 11 should be at most Found"):
        Flow("test", boxes).check()
    Flow("test", (*boxes[:2], box("kept", 9, "read"))).check()


def test_a_box_without_parts_needs_no_sum() -> None:
    Flow("test", (box("all", 3), box("some", 3, "all"))).check()
    Flow("test", (box("all", 3),)).check()
