"""Values of the GRADE profile: absolute effects, information size, certainty."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis.letter.evidence import grade
from analysis.letter.evidence.values import StudyLike, trials_of
from analysis.review import certainty as rating
from manuscript.values import NO_ROW, Origin, Value

PER_THOUSAND = 1000


def certainty(study: StudyLike) -> Iterator[Value]:
    """Absolute effects, information size and certainty of each outcome."""
    for outcome in grade.OUTCOMES:
        yield from _graded(study, outcome)


def _graded(study: StudyLike, outcome: str) -> Iterator[Value]:
    trials = trials_of(study, outcome)
    estimate, low, high = (
        (float(limit) for limit in study.risk[outcome].natural())
        if len(trials)
        else (math.nan,) * 3
    )
    rows, prefix = study.trials.rows(outcome), f"grade.{outcome}"
    if not len(trials):
        rows = f"{NO_ROW} with {rows}"
    control = int(trials.n_control.sum())
    events = int(trials.events_control.sum())
    patients = control + int(trials.n_treated.sum())

    effect = rating.absolute_effect(
        events / control if control else math.nan, (estimate, low, high)
    )
    absolute = study.trials.origin(rating.absolute_effect, rows)
    yield _per_thousand(absolute, f"{prefix}.baseline", effect.baseline)
    yield _per_thousand(absolute, f"{prefix}.risk", effect.risk)
    yield _per_thousand(absolute, f"{prefix}.risk.ci_low", effect.risk_low)
    yield _per_thousand(absolute, f"{prefix}.risk.ci_high", effect.risk_high)
    more, fewest, most = effect.difference
    yield _per_thousand(absolute, f"{prefix}.more", more)
    yield _per_thousand(absolute, f"{prefix}.more.ci_low", fewest)
    yield _per_thousand(absolute, f"{prefix}.more.ci_high", most)

    size = study.trials.origin(rating.optimal_information_size, rows)
    raised = effect.baseline * (1 + rating.RELATIVE_INCREASE)
    wanted = rating.optimal_information_size(effect.baseline, raised)
    seen = rating.optimal_information_size(effect.baseline, effect.risk)
    yield size.count(f"{prefix}.information_size", wanted)
    yield size.count(f"{prefix}.information_size.as_seen", seen)
    yield size.percent(f"{prefix}.information", patients / wanted, 1)

    levels = rating.imprecision(patients, wanted, (low, high))
    graded = study.trials.origin(rating.imprecision, rows)
    yield graded.count(f"{prefix}.imprecision", levels)
    judged = sum(grade.judged()[outcome, domain].levels for domain in rating.JUDGED)
    total = Origin.of(
        rating.certainty, "data/evidence/grade-judgements.csv", rows, "reconstruction"
    )
    yield total.count(f"{prefix}.levels_down", levels + judged)


def _per_thousand(origin: Origin, key: str, risk: float) -> Value:
    return origin.value(key, PER_THOUSAND * risk, "number", 1)
