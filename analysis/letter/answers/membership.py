"""Whether the trials as analyzed say what was published of them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import meta
from analysis.letter.answers.ensemble import letter_problem
from analysis.letter.data import Trials
from analysis.letter.evidence.representative import candidates
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from analysis.reconstruction.constraints import ARMS, Statement
from analysis.reconstruction.reading import read_problem
from manuscript.values import Origin, Value

_FILE = "data/reconstruction/letter.yml"
_TABLES = "data/reconstruction/letter.npz"


def membership(study: Study) -> Iterator[Value]:
    """Count the published aggregates, and those with which the trials agree.

    The ensemble rests on what was published, so that trials of one's own leave
    it as it is; whether they belong to it is a number here and no claim, for an
    added or deleted trial is no error.

    Parameters
    ----------
    study : Study
    """
    problem = letter_problem()
    published = Origin.of(read_problem, _FILE, "classes and statements", "published")
    stated = len(problem.statements) + len(problem.classes)
    yield published.count("ensemble.aggregates", stated)
    origin = study.trials.origin(membership)
    agreeing = sum(agrees(study, one) for one in problem.statements)
    agreeing += sum(
        len(study.trials.of_class(name)) == problem.mask(name).sum()
        for name in problem.classes
    )
    yield origin.count("ensemble.aggregates.met", agreeing)
    resembling = Origin.of(candidates, _TABLES, "all tables", "reconstruction")
    yield resembling.count("ensemble.candidates", candidates())
    assumed = Origin.of(read_problem, _FILE, "limits", "reconstruction")
    limits = problem.limits
    yield assumed.count("ensemble.limits.smallest_arm", limits.smallest_arm)
    yield assumed.count("ensemble.limits.largest_arm", limits.largest_arm)
    yield assumed.value("ensemble.limits.allocation", limits.allocation, "number", 0)
    yield assumed.percent("ensemble.limits.largest_risk", limits.largest_risk)


def agrees(study: Study, statement: Statement) -> bool:
    """Tell whether the trials yield a published aggregate to the printed digit."""
    if statement.scope not in (ALL, *study.trials.classes):
        return False
    return _computed(study, statement) in statement.interval


def _computed(study: Study, statement: Statement) -> float:
    trials = _trials(study, statement)
    arms = ARMS[statement.arm]
    match statement.quantity:
        case "patients":
            sizes = (trials.n_treated, trials.n_control)
            return float(sum(sizes[arm].sum() for arm in arms))
        case "events":
            events = (trials.events_treated, trials.events_control)
            return float(sum(events[arm].sum() for arm in arms))
    pooled = _pooled(study, statement)
    spread = pooled.heterogeneity
    assert spread is not None
    estimate, low, high = pooled.natural()
    return float(
        {
            "estimate": estimate,
            "ci_low": low,
            "ci_high": high,
            "p": pooled.p,
            "i2": spread.i2,
            "q_p": spread.p,
        }[statement.statistic]
    )


def _pooled(study: Study, statement: Statement) -> Pooled:
    match statement.pool:
        case "peto":
            return study.risk[statement.scope]
        case "incidence":
            return study.incidence[statement.scope]
    return meta.inverse_variance(*_trials(study, statement).counts)


def _trials(study: Study, statement: Statement) -> Trials:
    everywhere = statement.scope == ALL
    return study.trials if everywhere else study.trials.of_class(statement.scope)
