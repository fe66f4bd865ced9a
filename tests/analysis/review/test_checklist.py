import pytest

from analysis.review.checklist import Item, UnansweredItemError, answered


def test_an_item_that_points_nowhere_fails_with_its_number() -> None:
    def name_of(place: str) -> str:
        if place == "#gone":
            raise LookupError("there is no place '#gone'")
        return place

    checklist = (
        Item("prisma-2020", "5", "Topic", "Asks", "#here", ""),
        Item("prisma-2020", "6", "Topic", "Asks", "#here #gone", ""),
        Item("prisma-2020", "7", "Topic", "Asks", "", ""),
    )
    with pytest.raises(UnansweredItemError) as error:
        answered(checklist, name_of)
    assert str(error.value) == (
        "prisma-2020 item 6: there is no place '#gone'; "
        "prisma-2020 item 7: no place is given"
    )
    assert answered(checklist[:1], name_of) == [(checklist[0], ("#here",))]
