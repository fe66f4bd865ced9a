import math
from pathlib import Path

import pytest

from manuscript.values.value import Origin, Span, Value

ROOT = Path(__file__).parents[3]


def source(share: float) -> float:
    return share


ORIGIN = Origin.of(math.exp, "data/trials.csv", "trial = P1", "reconstruction")
HERE = Origin(
    "manuscript.values.text.decimal", "data/trials.csv", "all rows", "reconstruction"
)


def test_markdown_is_a_span_that_carries_the_origin() -> None:
    markdown = HERE.ratio("risk.placebo.or", 3.8194)._repr_markdown_()
    assert markdown.startswith('[3.82]{.value key="risk.placebo.or"')
    for part in (
        'data-number="3.8194"',
        'data-unit="ratio"',
        'data-function="manuscript.values.text.decimal"',
        'data-file="data/trials.csv"',
        'data-rows="all rows"',
        'data-basis="reconstruction"',
    ):
        assert part in markdown


def test_the_source_link_leads_to_the_definition() -> None:
    markdown = HERE.count("n", 1)._repr_markdown_()
    link = markdown.partition('data-source="../')[2].partition('"')[0]
    path, _, line = link.partition("#L")
    defined = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert defined.startswith("def decimal(")


def test_quotes_in_rows_cannot_end_the_attribute() -> None:
    origin = Origin(
        "manuscript.values.text.decimal", "f", 'trial = a"} <b>\\', "published"
    )
    markdown = origin.count("n", 1)._repr_markdown_()
    assert r'data-rows="trial = a\"} <b>\\"' in markdown


def test_units_set_the_printed_text() -> None:
    assert ORIGIN.percent("share", 0.0141184, 2).text == "1.41"
    assert ORIGIN.p("p", 0.0009).text == "< 0.01"
    assert ORIGIN.count("n", 8).in_words().text == "eight"
    assert ORIGIN.count("n", 5).in_words(capital=True).text == "Five"


def test_a_comparison_remembers_what_it_read() -> None:
    p, odds_ratio = ORIGIN.p("risk.p", 0.0209824), ORIGIN.ratio("risk.or", 3.8194)
    condition = (p < 0.05) & (odds_ratio > 1)
    assert condition
    assert condition.reading == "risk.p = 0.0209824 < 0.05 and risk.or = 3.8194 > 1"
    assert not ~condition
    assert (p > 0.05) | (odds_ratio >= 1)


def test_sums_are_named_by_their_terms() -> None:
    total = ORIGIN.count("a", 9) + ORIGIN.count("b", 8) + 1
    assert total.number == 18
    condition = total.equals(ORIGIN.count("trials.all", 18))
    assert condition.reading == "a + b + 1 = 18 equals trials.all = 18"
    assert (2 * ORIGIN.count("a", 9) - 3).number == 15


@pytest.mark.parametrize("relation", ["__lt__", "__le__", "__gt__", "__ge__", "equals"])
def test_no_comparison_with_a_missing_number_holds(relation: str) -> None:
    missing = Value("x", math.nan, "ratio", 2, ORIGIN)
    assert not getattr(missing, relation)(1.0)
    assert not getattr(ORIGIN.ratio("y", 1.0), relation)(missing)


def test_a_value_can_be_plotted_as_a_number() -> None:
    value = Origin("f", "d.csv", "all rows", "published").ratio("risk.or", 3.8194)
    assert float(value) == 3.8194


def test_a_large_ratio_prints_three_significant_digits() -> None:
    origin = Origin("f", "d.csv", "all rows", "published")
    assert origin.ratio("a.or", 38073.59).text == "38\N{NARROW NO-BREAK SPACE}100"
    assert origin.ratio("a.or", 999.99).text == "1000"
    assert origin.ratio("a.or", 12327133.39).text == "1.23 × 10⁷"


def test_an_interval_without_limits_is_not_estimable_once() -> None:
    origin = Origin("f", "d.csv", "all rows", "published")
    low, high = (origin.ratio(f"a.{end}", float("nan")) for end in ("low", "high"))
    assert Span(low, high).text == "not estimable"
