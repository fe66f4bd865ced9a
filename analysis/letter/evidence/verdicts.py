"""Values of the reproduction report."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import data
from analysis.letter.evidence import printed
from analysis.letter.evidence.identities import SUBGROUPS
from analysis.letter.evidence.printed import Implied
from analysis.letter.evidence.reproduction import VERDICTS, comparisons
from manuscript.values import Lookup, Origin, Unit, Value

_FILE = "data/reported-values.csv"
_BASES = ("published", "reconstruction", "synthetic")


def reproduction(v: Lookup) -> Iterator[Value]:
    """Count verdicts on the published numbers, and give what these imply."""
    compared = comparisons(v)
    verdict = Origin.of(comparisons, _FILE, "all rows", basis="published")
    yield verdict.count("reproduction.values", len(compared))
    for word in VERDICTS:
        some = sum(one.verdict == word for one in compared)
        yield verdict.count(f"reproduction.{word.replace(' ', '_')}", some)
    for basis in _BASES:
        some = sum(one.value.origin.basis == basis for one in compared)
        yield verdict.count(f"reproduction.from_{basis}", some)
    yield from _implied()
    yield from _subgroups()
    for name, key in (
        ("cases", "cases.all"),
        ("trials", "trials.all"),
        ("incidence", "incidence.all"),
    ):
        yield _carried(f"reproduction.{name}", key)
    yield _crude_at_most()


def _implied() -> Iterator[Value]:
    reported = data.reported_values()
    implied = printed.implied(reported)
    origin = Origin.of(printed.implied, _FILE, "all rows", basis="published")
    agree = sum(one.agrees for one in implied.values())
    yield origin.count("reproduction.implied", len(implied))
    yield origin.count("reproduction.implied.agree", agree)
    yield origin.count("reproduction.implied.differ", len(implied) - agree)
    yield origin.count("reproduction.sources", implied["cases.all"].central)
    for key, one in implied.items():
        yield from _ends(reported[key], one)


def _ends(published: data.ReportedValue, implied: Implied) -> Iterator[Value]:
    """Yield the interval that other printed numbers imply, more finely."""
    exact = implied.low == implied.high == round(implied.central)
    decimals = 0 if exact else max(published.decimals + 1, 2)
    rows = f"identity of {published.key}: {implied.says}"
    origin = Origin.of(printed.implied, _FILE, rows, "published")
    prefix = f"reproduction.implied.{published.key}"
    yield origin.value(f"{prefix}.low", implied.low, "number", decimals)
    yield origin.value(f"{prefix}.high", implied.high, "number", decimals)


def _subgroups() -> Iterator[Value]:
    q, p, p_max = printed.incidence_subgroups(data.reported_values())
    rows = "incidence of the control classes"
    origin = Origin.of(printed.incidence_subgroups, _FILE, rows, "published")
    yield origin.value("reproduction.subgroups.q", q, "number", 1)
    yield origin.count("reproduction.subgroups.df", len(SUBGROUPS) - 1)
    yield origin.p("reproduction.subgroups.p", p)
    yield origin.p("reproduction.subgroups.p_max", p_max)


def _crude_at_most() -> Value:
    """Give the largest crude incidence that the printed counts allow."""
    reported = data.reported_values()
    share = reported["cases.all"].number / reported["patients.lenalidomide"].number
    rows = "cases.all over patients.lenalidomide"
    origin = Origin.of(data.reported_values, _FILE, rows, "published")
    return origin.percent("reproduction.crude_at_most", share, 2)


def _carried(key: str, reported: str) -> Value:
    published = data.reported_values()[reported]
    origin = Origin.of(data.reported_values, _FILE, f"key = {reported}", "published")
    unit: Unit = "percent" if published.unit == "percent" else "count"
    return origin.value(key, published.number, unit, published.decimals)
