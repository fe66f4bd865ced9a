import pytest

from manuscript.check.prose.claims import _numbers_to_try
from manuscript.values import Origin
from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import KnownLetter


def claim(words: str, condition: str) -> str:
    return f'Lenalidomide `{{python}} claim("{words}", {condition})` the risk.'


BORNE = [
    ("significantly increased", '(v("risk.all.p") < 0.05) & (v("risk.all.or") > 1)'),
    ("increased", 'v("risk.all.ci_low") > 1'),
    ("did not significantly change", 'v("risk.placebo.q_p") >= 0.05'),
    ("without heterogeneity", 'v("risk.placebo.q_p") > 0.1'),
    ("was higher", 'v("risk.all.or") > v("risk.placebo.or")'),
    ("was lower", 'v("risk.placebo.or") < v("risk.all.or")'),
    (
        "about twice",
        '(v("incidence.all") > 1.7 * v("incidence.crude"))'
        ' & (v("incidence.all") < 2.3 * v("incidence.crude"))',
    ),
    ("stayed", '~(v("risk.all.or") < v("risk.placebo.or"))'),
]


@pytest.mark.parametrize(("words", "condition"), BORNE)
def test_a_borne_claim_passes(found: Found, words: str, condition: str) -> None:
    assert found("claims", claim(words, condition)) == []


@pytest.mark.parametrize(
    ("words", "condition", "what"),
    [
        ("increased", 'v("risk.all.or") > 9', "do not bear"),
        ("increased", 'v("risk.all.or") > 0', "cannot fail"),
        ("stayed", 'v("risk.all.p") <= 1', "cannot fail"),
        ("stayed", 'v("risk.all.p") < 0.05', ""),
        (
            "stayed",
            '(v("risk.all.p") < 0.05) | (v("risk.all.p") >= 0.05)',
            "cannot fail",
        ),
        ("significantly increased", 'v("risk.all.p") < 0.05', "no estimate"),
        ("significantly increased", 'v("risk.all.or") > 1', "needs P"),
        (
            "significantly increased",
            '(v("risk.all.p") < 0.05) | (v("risk.all.or") > 1)',
            "needs P",
        ),
        (
            "significantly increased",
            '(v("risk.all.p") < 0.5) & (v("risk.all.or") > 1)',
            "needs P",
        ),
        (
            "significantly decreased",
            '(v("risk.all.p") < 0.05) & (v("risk.all.or") > 1)',
            "the opposite",
        ),
        ("increased", 'v("risk.all.or") > 0.5', "a limit that means"),
        ("not significantly different", 'v("risk.all.p") < 0.05', "needs P"),
        ("without heterogeneity", 'v("risk.placebo.or") > 1', "needs a test"),
        ("about twice", 'v("risk.all.or") > 2', "either side"),
        (
            "about three times",
            '(v("incidence.all") > 1.7 * v("incidence.crude"))'
            ' & (v("incidence.all") < 2.3 * v("incidence.crude"))',
            "do not enclose 3",
        ),
    ],
)
def test_a_claim_that_says_more_than_it_tests_is_found(
    found: Found, words: str, condition: str, what: str
) -> None:
    findings = found("claims", claim(words, condition))
    assert bool(findings) == bool(what)
    assert not what or any(what in finding.what for finding in findings)


def test_a_claim_falls_with_its_data(found: Found) -> None:
    words, condition = BORNE[0]
    (finding,) = found("claims", claim(words, condition), KnownLetter(risk__all__p=0.2))
    assert "risk.all.p = 0.2 < 0.05" in finding.what
    assert "Lenalidomide significantly increased the risk." in finding.what


def test_a_negation_before_a_claim_is_found(found: Found) -> None:
    text = claim("increased", 'v("risk.all.or") > 1').replace("ide `", "ide never `")
    (finding,) = found("claims", text)
    assert "negation" in finding.what


def test_an_equality_is_tried_at_its_limit() -> None:
    origin = Origin.of(_numbers_to_try, "data.csv", "all", "collected")
    value = origin.count("one.count", 2)
    assert 1.0 in _numbers_to_try(value, [1.0])


def test_what_is_not_estimable_is_not_held_impossible(found: Found) -> None:
    keys = ("risk.placebo.or", "incidence.all", "incidence.crude", "risk.all.ci_low")
    condition = " & ".join(f'(v("risk.all.or") < v("{key}"))' for key in keys)
    unknown = KnownLetter(risk__all__or=float("nan"))
    said = [each.what for each in found("claims", claim("less", condition), unknown)]
    assert any("risk.all.or = not estimable <" in what for what in said)
    assert not any("never" in what for what in said)


def test_a_claim_on_many_values_is_judged_one_comparison_at_a_time(
    found: Found,
) -> None:
    keys = ("incidence.all", "incidence.crude", "risk.all.ci_low", "risk.placebo.or")
    parts = [f'(v("{key}") > 0.5)' for key in keys] + ['(v("risk.all.p") < 2)']
    findings = found("claims", claim("larger", " & ".join(parts)))
    assert any("risk.all.p < 2 always holds" in each.what for each in findings)
