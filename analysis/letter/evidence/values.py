"""Values of the supplement's tables: published evidence, pools and cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from analysis.letter import data
from analysis.letter.data import Cases, Trials
from analysis.letter.evidence import (
    bias,
    checklist,
    eligible,
    literature,
    searching,
)
from analysis.meta.results import Pooled
from manuscript.values import Origin, Value

ALL = "all"


class StudyLike(Protocol):
    """What these values are computed from; ``analysis.letter.study.Study`` is one."""

    @property
    def trials(self) -> Trials:
        """Randomized trials."""

    @property
    def cases(self) -> Cases:
        """Cases with individual details."""

    @property
    def risk(self) -> Mapping[str, Pooled]:
        """Peto odds ratios by control class and overall."""


def evidence(study: StudyLike) -> Iterator[Value]:
    """Count published trials and reports, and give their facts."""
    trials = eligible.eligible_trials()
    table = _published(eligible.eligible_trials, "eligible-trials.csv")
    yield table().count("evidence.eligible", len(trials))
    for name in eligible.CONTROL_CLASSES:
        some = sum(trial.control_class == name for trial in trials)
        rows = f"control_class = {name}"
        yield table(rows).count(f"evidence.eligible.{name}", some)
    unsure = sum(bool(trial.unverified) for trial in trials)
    yield table().count("evidence.eligible.unsure", unsure)
    for trial in trials:
        yield from _facts(trial, table(f"id = {trial.id}"))

    reports = literature.reports()
    table = _published(literature.reports, "literature-cases.csv")
    for kind in literature.KINDS:
        some = sum(report.kind == kind for report in reports)
        yield table(f"kind = {kind}").count(f"evidence.literature.{kind}", some)
    for report in reports:
        if report.patients >= 0:
            key = f"evidence.literature.{report.id}.patients"
            yield table(f"id = {report.id}").count(key, report.patients)

    table = _published(searching.search_strategy, "search-strategy.csv")
    for kind in searching.KINDS:
        some = sum(source.kind == kind for source in searching.search_strategy())
        yield table(f"kind = {kind}").count(f"evidence.search.{kind}", some)
    table = _published(bias.domains, "bias-domains.csv")
    yield table().count("evidence.bias.domains", len(bias.domains()))

    table = _published(checklist.items, "checklists.csv")
    for instrument in checklist.INSTRUMENTS:
        some = sum(item.instrument == instrument for item in checklist.items())
        key = f"evidence.checklist.{instrument.replace('-', '_')}"
        yield table(f"instrument = {instrument}").count(key, some)


def pools(study: StudyLike) -> Iterator[Value]:
    """Count trials, events and patients of each control class, and of all."""
    for name in (*study.trials.classes, ALL):
        trials = trials_of(study, name)
        origin = study.trials.origin(Trials.of_class, study.trials.rows(name))
        yield origin.count(f"pool.{name}.trials", len(trials))
        for arm, events, n in zip(
            trials.arms, trials.counts[::2], trials.counts[1::2], strict=True
        ):
            yield origin.count(f"pool.{name}.events_{arm}", events.sum())
            yield origin.count(f"pool.{name}.n_{arm}", n.sum())
        patients = int(trials.n_treated.sum() + trials.n_control.sum())
        yield origin.count(f"pool.{name}.patients", patients)


def case(study: StudyLike) -> Iterator[Value]:
    """Give age, exposure, latency and time to death of each detailed case.

    Nothing while the cases are invented: their quantiles are published, and what
    goes with what in a patient is a matter of chance.
    """
    table = study.cases
    if table.is_invented:
        return
    for i, name in enumerate(table.case):
        origin = table.origin(data.cases, f"case = {name}")
        prefix = f"case.{name}"
        yield origin.value(f"{prefix}.age", table.age_years[i], "years", 1)
        yield origin.value(f"{prefix}.exposure", table.exposure_years[i], "years", 1)
        yield origin.value(f"{prefix}.latency", table.latency_years[i], "years", 1)
        months = table.time_to_death_months[i]
        yield origin.value(f"{prefix}.death", months, "months", 1)


def _published(function: Callable[..., object], file: str) -> Callable[..., Origin]:
    def origin(rows: str = "all rows") -> Origin:
        return Origin.of(function, f"data/evidence/{file}", rows, "published")

    return origin


def _facts(trial: eligible.EligibleTrial, origin: Origin) -> Iterator[Value]:
    prefix = f"evidence.eligible.{trial.id}"
    if eligible.is_sure(trial.sizes_basis):
        yield origin.count(f"{prefix}.n_lenalidomide", trial.n_lenalidomide)
        yield origin.count(f"{prefix}.n_control", trial.n_control)
    if eligible.is_sure(trial.randomized_basis):
        yield origin.count(f"{prefix}.randomized", trial.randomized)
    if eligible.is_sure(trial.followup_basis):
        months = trial.followup_months
        decimals = 0 if months == int(months) else 1
        yield origin.value(f"{prefix}.followup", months, "months", decimals)


def trials_of(study: StudyLike, name: str) -> Trials:
    """Return the trials of a control class, or of all."""
    return study.trials if name == ALL else study.trials.of_class(name)
