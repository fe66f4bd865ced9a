from analysis.letter.evidence.checklist import items


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
