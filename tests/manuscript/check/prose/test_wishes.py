"""Wishes, methods and limitations are no findings; findings beside them are."""

import pytest

from tests.manuscript.check.conftest import Found


@pytest.mark.parametrize(
    "text",
    [
        "Larger trials and longer registries are needed.",
        "Larger and longer trials are urgently needed.",
        "A causal link cannot be inferred.",
        "A causal effect could not be established.",
        "Higher doses were not studied.",
        "Older patients were excluded, and younger ones were not assessed.",
        "Longer follow-up is warranted.",
        "Increased surveillance is required.",
        "Whether higher doses matter remains unknown.",
        "We call for larger registries.",
        "Future studies should include older patients.",
        "Patients aged 65 years or older were eligible.",
        "The trial was designed to detect a higher risk.",
        "Lower limits were set by the protocol.",
        "More common causes were not considered.",
        "Robust standard errors were used.",
        "There is a need for longer follow-up.",
        "No lower dose was available.",
    ],
)
def test_what_is_wished_or_was_not_done_is_no_finding(found: Found, text: str) -> None:
    assert found("wording", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The risk was higher and larger trials are needed.",
        "The risk was higher, and larger trials are needed.",
        "The drug increased mortality and longer trials are needed.",
        "Mortality increased.",
        "The risk remained higher.",
        "Lower doses were safer and more common.",
        "Lenalidomide caused these leukemias, which should be studied.",
        "Older patients died more often.",
        "Larger trials showed smaller effects.",
        "We found a higher risk.",
        "The risk fell in patients who were not studied before.",
    ],
)
def test_a_finding_beside_a_wish_is_found(found: Found, text: str) -> None:
    assert found("wording", text)


@pytest.mark.parametrize(
    "text",
    [
        "One limitation is the design, and one explanation chance.",
        "These three points matter, and two reviewers read the records.",
        "Two independent authors judged the risk of bias.",
        "Grade 3–4 events, grades 3 or 4, grade 3 or higher, and stage III.",
        "Carriers of del(5q), del(17p), t(9;22), t(4;14)(p16;q32) or 1q gain.",
        "In a phase 3 trial, a phase I/II trial and a phase 2 trial.",
        "It was given in 21-day cycles.",
        "H2O and CO2, CD20 and IL-6, vitamin D3 and type 2 diabetes.",
        "COVID-19 and SARS-CoV-2, SF-36 and EQ-5D-5L.",
    ],
)
def test_names_of_the_field_and_idioms_are_lawful(found: Found, text: str) -> None:
    assert found("numbers", text) == []
    assert found("abbreviations", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The test gave *P* = .001.",
        "A level of .05 was used.",
        "The kappa was ·71.",
        "Three patients died.",
        "One patient died, and two patients relapsed.",
        "We saw grade 3 events in 12 patients.",
        "These 3 trials differed.",
        "There were two deaths.",
    ],
)
def test_typed_numbers_beside_them_are_found(found: Found, text: str) -> None:
    assert found("numbers", text)
