"""The numbers of the description, each under a key with its origin."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from analysis.letter.answers.reports import SECTION, available_key
from analysis.vigibase.cohort import flow
from analysis.vigibase.description import describe
from analysis.vigibase.disproportionality import disproportionality, stratified
from analysis.vigibase.pairs import outcome, time_to_onset
from analysis.vigibase.results import (
    DAYS_PER_YEAR,
    Breakdown,
    Count,
    Description,
    Disproportionality,
    FlowStep,
    Hidden,
    Quantiles,
    shown,
)
from manuscript.values import Origin, Value

# Table in which each characteristic is recorded.
_TABLES = {
    "term": "ADR",
    "sex": "DEMO",
    "age": "DEMO",
    "indication": "IND",
    "role": "DRUG",
    "co_reported": "DRUG",
    "action": "LINK",
    "dechallenge": "LINK",
    "rechallenge": "LINK",
    "outcome": "ADR",
    "seriousness": "OUT",
    "region": "DEMO",
    "report_type": "DEMO",
    "reporter": "SRCE",
}
# The published letter's digits, where they are not the rule.
_DECIMALS = {"latency.min": 1}


def values(description: Description, data: str = "data/vigibase") -> Iterator[Value]:
    """Yield every number of a description.

    Parameters
    ----------
    description : Description
    data : str, optional
        The extract, relative to the project: a folder or a converted file.

    Yields
    ------
    Value
        Under ``vigibase.<key>``: counts; ``<key>.percent``, of the reports with
        data; ``<characteristic>.available``, these reports; ``duration`` and
        ``latency`` in years; ``ror`` and ``ic``, also ``adjusted``. A number
        that is too small to be shown is NaN.
    """
    source = _Source(data, description)
    yield source.count(
        source.of(flow, "DEMO", "rows marked synthetic"),
        f"{SECTION}.reports.synthetic",
        *(
            (description.flow.steps[0].n, description.flow.steps[0].hidden)
            if description.synthetic
            else (0,)
        ),
    )
    yield from _flow(description, source)
    cases = f"reports of {description.flow.steps[-1].label}"
    for breakdown in description.breakdowns:
        yield from _breakdown(breakdown, cases, source)
    yield from _other_indications(description.breakdown("indication"), source)
    for time in description.times:
        yield from _time(time, cases, source)
    overall, *_, adjusted = description.disproportionality
    yield from _disproportionality(
        SECTION, overall, source.of(disproportionality, "DEMO", "all reports analyzed")
    )
    yield from _disproportionality(
        f"{SECTION}.adjusted",
        adjusted,
        source.of(stratified, "DEMO", "all reports analyzed, by age and sex"),
    )


class _Source:
    """Makes origins, and counts that may be too small to be shown."""

    def __init__(self, data: str, description: Description) -> None:
        self.data = data
        self.synthetic = description.synthetic
        self.smallest = description.smallest_cell

    def of(self, function: object, table: str, rows: str) -> Origin:
        """Name the file of a table, or the converted file with the table."""
        converted = self.data.endswith(".duckdb")
        return Origin.of(
            function,  # type: ignore[arg-type]
            self.data if converted else f"{self.data}/{table}.txt",
            f"{table}: {rows}" if converted else rows,
            "synthetic" if self.synthetic else "collected",
        )

    def count(
        self, origin: Origin, key: str, n: int | None, hidden: Hidden = ""
    ) -> Value:
        """Make a count; one that is not shown prints why."""
        if n is None:
            printed = shown(n, hidden, self.smallest)
            return replace(origin.count(key, math.nan), printed=printed)
        return origin.count(key, n)


def _flow(description: Description, source: _Source) -> Iterator[Value]:
    steps = description.flow.steps
    for step in steps:
        boxes: tuple[FlowStep | Count, ...] = (step, *step.excluded)
        for box in boxes:
            origin = source.of(flow, "DEMO", box.label)
            yield source.count(origin, f"{SECTION}.{box.key}", box.n, box.hidden)
    reaction, cases = steps[-2:]
    origin = source.of(flow, "DEMO", f"{cases.label}, among {reaction.label}")
    yield origin.percent(f"{SECTION}.{cases.key}.percent", _share(cases.n, reaction.n))


def _breakdown(breakdown: Breakdown, cases: str, source: _Source) -> Iterator[Value]:
    function = outcome if breakdown.key == "outcome" else describe
    table, title = _TABLES[breakdown.key], breakdown.title
    origin = source.of(function, table, f"{title} known, {cases}")
    key = available_key(breakdown)
    yield source.count(origin, key, breakdown.available, breakdown.hidden)
    for count in breakdown.counts:
        key = f"{SECTION}.{count.key}"
        origin = source.of(function, table, f"{title} = {count.label}, {cases}")
        yield source.count(origin, key, count.n, count.hidden)
        yield _percent(origin, key, _share(count.n, breakdown.available))


def _percent(origin: Origin, key: str, share: float) -> Value:
    """Make a share in percent; one that rounds to nothing prints as below one."""
    percent = origin.percent(f"{key}.percent", share)
    return replace(percent, printed="< 1") if 0 < percent.number < 0.5 else percent


def _other_indications(indication: Breakdown, source: _Source) -> Iterator[Value]:
    """Share of reports with a known indication other than the first."""
    if indication.available is None or len(indication.counts) < 2:
        return
    main = indication.counts[0]
    share = _share(main.n, indication.available)
    origin = source.of(describe, "IND", f"{indication.title} other than {main.label}")
    yield origin.percent(f"{SECTION}.non_{main.key}.percent", 1 - share)


def _time(time: Quantiles, cases: str, source: _Source) -> Iterator[Value]:
    origin = source.of(time_to_onset, "LINK", f"{time.title} known, {cases}")
    yield source.count(origin, f"{SECTION}.{time.key}.n", time.n, time.hidden)
    for name in ("median", "q1", "q3", "min", "max"):
        years = getattr(time, name) / DAYS_PER_YEAR
        key = f"{time.key}.{name}"
        yield origin.value(f"{SECTION}.{key}", years, "years", _DECIMALS.get(key, 2))


def _disproportionality(
    prefix: str, found: Disproportionality, origin: Origin
) -> Iterator[Value]:
    yield origin.value(f"{prefix}.expected", found.expected, "number", 1)
    for key in ("ror", "ic"):
        for suffix, limit in (("", ""), (".ci_low", "_low"), (".ci_high", "_high")):
            number = getattr(found, key + limit)
            yield origin.ratio(f"{prefix}.{key}{suffix}", number)


def _share(n: int | None, of: int | None) -> float:
    return n / of if n is not None and of else math.nan
