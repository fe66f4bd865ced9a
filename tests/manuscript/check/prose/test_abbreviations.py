import pytest

from manuscript.check.prose.abbreviations import spells
from tests.manuscript.check.conftest import Found


@pytest.mark.parametrize(
    "text",
    [
        "Acute lymphoblastic leukemia (ALL) is rare. ALL it is.",
        "The interquartile range [IQR] and odds ratios (ORs); one OR.",
        "MEDLINE and *TP53* are names, CC-5013 and L04AX042 too.",
        '[XYZ]{.typed reason="name of a thing"} is known.',
    ],
)
def test_what_is_spelled_out_passes(found: Found, text: str) -> None:
    assert found("abbreviations", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "ALL is rare.",
        "ALL is rare; acute lymphoblastic leukemia (ALL) is known.",
        "Multiple myeloma (ALL) is another.",
        "It is rare (ALL).",
    ],
)
def test_what_is_not_is_found_once(found: Found, text: str) -> None:
    (finding,) = found("abbreviations", text)
    assert finding.what.startswith("ALL is used before")


def test_a_caption_stands_alone(found: Found) -> None:
    body = (
        "Acute lymphoblastic leukemia (ALL).\n\n::: {{#tbl-a}}\n\n"
        "```{{python}}\nf()\n```\n\nCases of ALL{}\n:::\n"
    )
    assert (
        found("abbreviations", body.format(". ALL, acute lymphoblastic leukemia."))
        == []
    )
    (finding,) = found("abbreviations", body.format("."))
    assert "in a caption that does not spell it out" in finding.what


def test_each_document_spells_out_anew(found: Found) -> None:
    letter = "Acute lymphoblastic leukemia (ALL)."
    (finding,) = found("abbreviations", letter, supplement="ALL is rare.")
    assert finding.file == "supplement.qmd"


def test_letters_are_found_in_order() -> None:
    assert spells(
        "GRADE",
        ["Grading", "of", "Recommendations", "Assessment", "Development", "Evaluation"],
    )
    assert spells("IQR", ["interquartile", "range"])
    assert not spells("RCT", ["randomized", "trial"])
