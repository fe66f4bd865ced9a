import pytest

from tests.manuscript.check.conftest import Found


@pytest.mark.parametrize(
    "text",
    [
        "Lenalidomide significantly increased the risk.",
        "The risk was higher with lenalidomide.",
        "There was no heterogeneity.",
        "The results were robust.",
        "Most patients were alive.",
        "The groups did not differ.",
        "Lenalidomide caused these leukemias.",
        "No work-up is known, and lenalidomide causes leukemia.",
        'It raised the risk (OR `{python} v("risk.all.or")`) as shown before [@a].',
        "The certainty is low.",
    ],
)
def test_a_typed_finding_is_found(found: Found, text: str) -> None:
    assert found("wording", text)


@pytest.mark.parametrize(
    "text",
    [
        "Long use increased the risk in a cohort [@jones2023].",
        "We ask whether lenalidomide increases the risk.",
        "P values below the level were called significant.",
        "The lower limit of the interval, the upper quartile, adults or older.",
        "It may have caused the disease; no cause is proved.",
        "The likelihood that the drug caused the event differs.",
        '`{python} claim("higher", v("risk.all.or") > 1)` than before.',
        'The letter says [it is robust]{.typed reason="words of the letter"}.',
    ],
)
def test_other_words_are_left(found: Found, text: str) -> None:
    assert found("wording", text) == []


def test_significance_is_not_excused_by_a_hedge(found: Found) -> None:
    assert found("wording", "It may have significantly changed.")
