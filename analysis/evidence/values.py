"""Values of the supplement: published evidence, certainty, reproduction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from analysis import data
from analysis.data import Cases, Trials
from analysis.evidence import (
    bias,
    checklist,
    eligible,
    grade,
    literature,
    printed,
    searching,
)
from analysis.evidence.printed import Implied
from analysis.evidence.records import Lookup
from analysis.evidence.reproduction import VERDICTS, comparisons
from analysis.meta.results import Pooled
from analysis.value import Origin, Unit, Value

ALL = "all"
PER_THOUSAND = 1000


class StudyLike(Protocol):
    """What certainty is computed from; ``analysis.study.Study`` is one."""

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
        trials = _of_pool(study, name)
        origin = Origin.of(Trials.of_class, study.trials.file, _rows(name))
        yield origin.count(f"pool.{name}.trials", len(trials))
        for column in ("lenalidomide", "control"):
            events, patients = (
                int(getattr(trials, f"{kind}_{column}").sum()) for kind in ("all", "n")
            )
            yield origin.count(f"pool.{name}.events_{column}", events)
            yield origin.count(f"pool.{name}.n_{column}", patients)
        patients = int(trials.n_lenalidomide.sum() + trials.n_control.sum())
        yield origin.count(f"pool.{name}.patients", patients)


def case(study: StudyLike) -> Iterator[Value]:
    """Give age, exposure, latency and time to death of each detailed case."""
    table = study.cases
    for i, name in enumerate(table.case):
        origin = Origin.of(data.cases, table.file, f"case = {name}")
        prefix = f"case.{name}"
        yield origin.value(f"{prefix}.age", table.age_years[i], "years", 1)
        yield origin.value(f"{prefix}.exposure", table.exposure_years[i], "years", 1)
        yield origin.value(f"{prefix}.latency", table.latency_years[i], "years", 1)
        months = table.time_to_death_months[i]
        yield origin.value(f"{prefix}.death", months, "months", 1)


def certainty(study: StudyLike) -> Iterator[Value]:
    """Absolute effects, information size and certainty of each outcome."""
    for outcome in grade.OUTCOMES:
        yield from _graded(study, outcome)


def reproduction(v: Lookup) -> Iterator[Value]:
    """Count verdicts on the published numbers, and what these imply."""
    compared = comparisons(v)
    table = Origin.of(comparisons, "data/reported-values.csv", basis="published")
    yield table.count("reproduction.values", len(compared))
    for verdict in VERDICTS:
        key = f"reproduction.{verdict.replace(' ', '_')}"
        some = sum(one.verdict == verdict for one in compared)
        yield table.count(key, some)
    for basis in ("published", "reconstruction", "synthetic"):
        some = sum(one.value.origin.basis == basis for one in compared)
        yield table.count(f"reproduction.from_{basis}", some)

    checked = [one.implied for one in compared if one.implied is not None]
    identity = Origin.of(printed.implied, "data/reported-values.csv", basis="published")
    yield identity.count("reproduction.implied", len(checked))
    agree = sum(one.agrees for one in checked)
    yield identity.count("reproduction.implied.agree", agree)
    yield identity.count("reproduction.implied.differ", len(checked) - agree)

    for one in compared:
        if one.implied is not None:
            yield from _ends(one.reported, one.implied)

    reported = data.reported_values()
    sources = printed.implied(reported)["cases.all"].central
    yield identity.count("reproduction.sources", sources)
    yield _carried("reproduction.cases", "cases.all")
    q, p, p_max = printed.incidence_subgroups(reported)
    test = Origin.of(
        printed.incidence_subgroups,
        "data/reported-values.csv",
        "incidence of the three control classes",
        "published",
    )
    yield test.value("reproduction.subgroups.q", q, "number", 1)
    yield test.count("reproduction.subgroups.df", len(printed.SUBGROUPS) - 1)
    yield test.p("reproduction.subgroups.p", p, 3)
    yield test.p("reproduction.subgroups.p_max", p_max, 3)
    yield from _crude_at_most(reported)


def _ends(published: data.ReportedValue, implied: Implied) -> Iterator[Value]:
    """Yield the interval that other printed numbers imply, more finely."""
    exact = implied.low == implied.high == round(implied.central)
    rows = f"identity of {published.key}: {implied.says}"
    file = "data/reported-values.csv"
    origin = Origin.of(printed.implied, file, rows, "published")
    for end, number in (("low", implied.low), ("high", implied.high)):
        key = f"reproduction.implied.{published.key}.{end}"
        decimals = 0 if exact else max(published.decimals + 1, 2)
        yield origin.value(key, number, "number", decimals)


def _crude_at_most(reported: Mapping[str, data.ReportedValue]) -> Iterator[Value]:
    """Yield the largest crude incidence that the printed counts allow."""
    share = reported["cases.all"].number / reported["patients.lenalidomide"].number
    origin = Origin.of(
        data.reported_values,
        "data/reported-values.csv",
        "cases.all over patients.lenalidomide",
        "published",
    )
    yield origin.percent("reproduction.crude_at_most", share, 2)
    yield _carried("reproduction.incidence", "incidence.all")


def _carried(key: str, reported: str) -> Value:
    published = data.reported_values()[reported]
    origin = Origin.of(
        data.reported_values,
        "data/reported-values.csv",
        f"key = {reported}",
        "published",
    )
    unit: Unit = "percent" if published.unit == "percent" else "count"
    return origin.value(key, published.number, unit, published.decimals)


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


def _graded(study: StudyLike, outcome: str) -> Iterator[Value]:
    trials = _of_pool(study, outcome)
    estimate, low, high = (float(limit) for limit in study.risk[outcome].natural())
    file, rows, prefix = study.trials.file, _rows(outcome), f"grade.{outcome}"
    control = int(trials.n_control.sum())
    events = int(trials.all_control.sum())
    patients = control + int(trials.n_lenalidomide.sum())

    effect = grade.absolute_effect(
        events / control if control else math.nan, (estimate, low, high)
    )
    absolute = Origin.of(grade.absolute_effect, file, rows)
    yield _per_thousand(absolute, f"{prefix}.baseline", effect.baseline)
    yield _per_thousand(absolute, f"{prefix}.risk", effect.risk)
    yield _per_thousand(absolute, f"{prefix}.risk.ci_low", effect.risk_low)
    yield _per_thousand(absolute, f"{prefix}.risk.ci_high", effect.risk_high)
    more, fewest, most = effect.difference
    yield _per_thousand(absolute, f"{prefix}.more", more)
    yield _per_thousand(absolute, f"{prefix}.more.ci_low", fewest)
    yield _per_thousand(absolute, f"{prefix}.more.ci_high", most)

    size = Origin.of(grade.optimal_information_size, file, rows)
    raised = effect.baseline * (1 + grade.RELATIVE_INCREASE)
    wanted = grade.optimal_information_size(effect.baseline, raised)
    seen = grade.optimal_information_size(effect.baseline, effect.risk)
    yield size.count(f"{prefix}.information_size", wanted)
    yield size.count(f"{prefix}.information_size.as_seen", seen)
    yield size.percent(f"{prefix}.information", patients / wanted, 1)

    levels = grade.imprecision(patients, wanted, (low, high))
    graded = Origin.of(grade.imprecision, file, rows)
    yield graded.count(f"{prefix}.imprecision", levels)
    judged = sum(grade.judged()[outcome, domain].levels for domain in grade.JUDGED)
    total = Origin.of(grade.certainty, "data/evidence/grade-judgements.csv", rows)
    yield total.count(f"{prefix}.levels_down", levels + judged)


def _of_pool(study: StudyLike, name: str) -> Trials:
    return study.trials if name == ALL else study.trials.of_class(name)


def _rows(name: str) -> str:
    return "all rows" if name == ALL else f"control_class = {name}"


def _per_thousand(origin: Origin, key: str, risk: float) -> Value:
    return origin.value(key, PER_THOUSAND * risk, "number", 1)
