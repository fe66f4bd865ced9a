from pathlib import Path

import pytest

from analysis.letter.evidence.checklist import items
from manuscript.source.documents import Project
from manuscript.source.places import Places

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.of(Project.load(ROOT))


@pytest.mark.parametrize("item", items(), ids=lambda i: f"{i.instrument}-{i.item}")
def test_every_checklist_item_is_answered_somewhere(item, places: Places) -> None:
    assert item.places
    for place in item.places:
        assert places.markdown(place)


def test_floats_are_referred_to_and_sections_linked(places: Places) -> None:
    assert places.markdown("#supptbl-search") == "@supptbl-search"
    assert places.markdown("#eligibility") == "[Eligibility](#eligibility)"
    assert places.markdown("letter#limitations") == "Letter, Limitations"


@pytest.mark.parametrize(
    ("place", "near"),
    [
        ("#eligibilty", "did you mean eligibility"),
        ("letter#discusion", "did you mean discussion"),
        ("#limitations-of-the-moon", "there is no place"),
        ("", "there is no place"),
    ],
)
def test_an_unknown_place_is_refused_with_the_nearest(
    place: str, near: str, places: Places
) -> None:
    with pytest.raises(LookupError, match=near):
        places.markdown(place)
