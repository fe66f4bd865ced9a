import pytest

from analysis.letter.evidence.checklist import (
    Item,
    UnansweredItemError,
    answered,
    items,
)


def test_the_four_items_of_prisma_harms_and_all_of_prisma_2020() -> None:
    by_instrument: dict[str, list[str]] = {}
    for item in items():
        by_instrument.setdefault(item.instrument, []).append(item.item)
    # Zorzela 2016, abstract; Page 2021, Table 1
    assert by_instrument["prisma-harms"] == ["1", "14", "18", "21"]
    lettered = {"10": 2, "13": 6, "16": 2, "20": 4, "23": 4, "24": 3}
    assert by_instrument["prisma-2020"] == [
        f"{number}{letter}"
        for number in range(1, 28)
        for letter in "abcdef"[: lettered.get(str(number), 0)] or [""]
    ]


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
