"""What the review found: trials, patients, cases by source, follow-up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis import meta
from analysis.letter import data
from analysis.letter.data import Trials
from analysis.letter.study import ALL, Study
from manuscript.values import Origin, Value

SOURCES = {
    "publication": "cases.from_publications",
    "registry": "cases.from_registries",
    "investigator": "cases.from_investigator",
}


def search(study: Study) -> Iterator[Value]:
    """Citations that the search identified, as published."""
    yield carried("search.citations")


def carried(key: str) -> Value:
    """Carry a published count over, which nothing in the data can give."""
    reported = data.reported_values()[key]
    origin = Origin.of(
        data.reported_values, "data/reported-values.csv", f"key = {key}", "published"
    )
    return origin.count(key, reported.number)


def trials(study: Study) -> Iterator[Value]:
    """Count trials by control class and by whether they inform the odds ratio."""
    table = study.trials
    origin = table.origin(Trials.of_class)
    yield origin.count("trials.all", len(table))
    for name in table.classes:
        by_class = table.origin(Trials.of_class, table.rows(name))
        yield by_class.count(f"trials.{name}", len(table.of_class(name)))
    primary = table.of_class(*table.described.keys[:1])
    yield origin.count("trials.open_label", len(table) - len(primary))
    informative = int(study.risk[ALL].k)
    pooled = table.origin(meta.peto)
    yield pooled.count("trials.informative", informative)
    yield pooled.count("trials.without_events", len(table) - informative)


def patients(study: Study) -> Iterator[Value]:
    """Count patients by arm and by control class."""
    table = study.trials
    origin = table.origin(data.trials)
    by_arm = table.n_treated.sum(), table.n_control.sum()
    total = sum(by_arm)
    yield origin.count("patients.all", total)
    for arm, number in zip(table.arms, by_arm, strict=True):
        yield origin.count(f"patients.{arm}", number)
        yield origin.percent(f"patients.{arm}.percent", number / total)
    for name in table.classes:
        some = table.of_class(name)
        by_class = table.origin(data.trials, table.rows(name))
        number = some.n_treated.sum() + some.n_control.sum()
        yield by_class.count(f"patients.{name}_trials", number)


def followup(study: Study) -> Iterator[Value]:
    """Range of the median follow-up where it was reported."""
    table = study.trials
    months = table.median_followup_months[~np.isnan(table.median_followup_months)]
    origin = table.origin(data.trials, "median_followup_months not empty")
    yield origin.count("followup.trials_available", len(months))
    shortest, longest = (months.min(), months.max()) if len(months) else (np.nan,) * 2
    yield origin.value("followup.min_months", shortest, "months", 1)
    yield origin.value("followup.max_years", longest / 12, "years", 1)


def events(study: Study) -> Iterator[Value]:
    """Count events by arm, and by the source of the counts of their trials.

    The sources are those that the letter prints unless every trial with an event
    has one: what the letter prints there sums to its trials and not to its cases,
    so that no reconstruction can meet it.
    """
    table = study.trials
    origin = table.origin(data.trials)
    by_trial = table.events_treated + table.events_control
    yield origin.count("cases.all", by_trial.sum())
    for arm, events_of in zip(
        table.arms, (table.events_treated, table.events_control), strict=True
    ):
        yield origin.count(f"cases.{arm}", events_of.sum())
    sources = np.array(table.source_type)
    known = (sources[by_trial > 0] != "").all()
    for source, key in SOURCES.items():
        if not known:
            yield carried(key)
            continue
        by_source = table.origin(data.trials, f"source_type = {source}")
        yield by_source.count(key, by_trial[sources == source].sum())
