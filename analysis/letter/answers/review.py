"""What the review found: trials, patients, cases by source, follow-up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis import meta
from analysis.letter import data
from analysis.letter.data import Trials
from analysis.letter.study import ALL, Study
from manuscript.values.value import Origin, Value

OPEN_LABEL = ("chemotherapy", "observation")
SOURCES = {
    "publication": "cases.from_publications",
    "registry": "cases.from_registries",
    "investigator": "cases.from_investigator",
}


def search(study: Study) -> Iterator[Value]:
    """Citations that the search identified, as published."""
    reported = data.reported_values()["search.citations"]
    origin = Origin.of(
        data.reported_values,
        "data/reported-values.csv",
        f"key = {reported.key}",
        "published",
    )
    yield origin.count(reported.key, reported.number)


def trials(study: Study) -> Iterator[Value]:
    """Count trials by control class and by whether they inform the odds ratio."""
    table = study.trials
    origin = Origin.of(Trials.of_class, table.file, "all rows", table.basis)
    yield origin.count("trials.all", len(table))
    for name in table.classes:
        by_class = Origin.of(
            Trials.of_class, table.file, f"control_class = {name}", table.basis
        )
        yield by_class.count(f"trials.{name}", len(table.of_class(name)))
    yield origin.count("trials.open_label", len(table.of_class(*OPEN_LABEL)))
    informative = int(study.risk[ALL].k)
    pooled = Origin.of(meta.peto, table.file, "all rows", table.basis)
    yield pooled.count("trials.informative", informative)
    yield pooled.count("trials.without_events", len(table) - informative)


def patients(study: Study) -> Iterator[Value]:
    """Count patients by arm and by control class."""
    table = study.trials
    origin = Origin.of(data.trials, table.file, "all rows", table.basis)
    lenalidomide, control = table.n_lenalidomide.sum(), table.n_control.sum()
    total = lenalidomide + control
    yield origin.count("patients.all", total)
    for arm, number in (("lenalidomide", lenalidomide), ("control", control)):
        yield origin.count(f"patients.{arm}", number)
        yield origin.percent(f"patients.{arm}.percent", number / total)
    for name in table.classes:
        some = table.of_class(name)
        by_class = Origin.of(
            data.trials, table.file, f"control_class = {name}", table.basis
        )
        number = some.n_lenalidomide.sum() + some.n_control.sum()
        yield by_class.count(f"patients.{name}_trials", number)


def followup(study: Study) -> Iterator[Value]:
    """Range of the median follow-up where it was reported."""
    table = study.trials
    months = table.median_followup_months[~np.isnan(table.median_followup_months)]
    origin = Origin.of(
        data.trials, table.file, "median_followup_months not empty", table.basis
    )
    yield origin.count("followup.trials_available", len(months))
    shortest, longest = (months.min(), months.max()) if len(months) else (np.nan,) * 2
    yield origin.value("followup.min_months", shortest, "months", 1)
    yield origin.value("followup.max_years", longest / 12, "years", 1)


def events(study: Study) -> Iterator[Value]:
    """Count events by arm, and trials by the source of their events."""
    table = study.trials
    origin = Origin.of(data.trials, table.file, "all rows", table.basis)
    lenalidomide, control = table.all_lenalidomide.sum(), table.all_control.sum()
    yield origin.count("cases.all", lenalidomide + control)
    yield origin.count("cases.lenalidomide", lenalidomide)
    yield origin.count("cases.control", control)
    for source, key in SOURCES.items():
        by_source = Origin.of(
            data.trials, table.file, f"source_type = {source}", table.basis
        )
        yield by_source.count(key, table.source_type.count(source))
