"""What becomes of the results when the method or the set of trials changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from analysis import meta
from analysis.letter.answers.digits import LEVEL, p_decimals
from analysis.letter.data import Trials
from analysis.letter.study import ALL, Study
from analysis.meta.results import Array, Pooled
from analysis.reconstruction.consequences import CHANGES
from manuscript.values import Origin, Value, text

SIGNIFICANT = LEVEL
# Trials with fewer patients than this are left out as small.
SMALL = 100
PER_THOUSAND = 1000


def sensitivity(study: Study) -> Iterator[Value]:
    """Odds ratios by every method and without some trials."""
    # The first class holds the primary comparison; all trials need no prefix.
    for name in (ALL, *study.trials.described.keys[:1]):
        prefix = "sensitivity" if name == ALL else f"sensitivity.{name}"
        trials = study.trials if name == ALL else study.trials.of_class(name)
        if not len(trials):
            continue
        rows = study.trials.rows(name)
        found = study.risk_by_method if name == ALL else {}
        yield from _methods(trials, prefix, rows, found)
        yield from _fragility(trials, prefix, rows)
        yield from _any_left_out(study, name, prefix, rows)
    yield from _left_out(study)
    yield from _without_small(study)


def incidence(study: Study) -> Iterator[Value]:
    """Incidence under lenalidomide by every method, and without small trials."""
    counts = study.trials.events_treated, study.trials.n_treated
    for method in meta.ONE_ARM:
        if method.pool is not meta.logit_inverse_variance:
            origin = study.trials.origin(_function(method.pool))
            prefix = f"incidence.{_key(method)}"
            pooled = study.incidence_by_method[method.name]
            yield from _incidence(origin, prefix, pooled)
    common = meta.glmm_proportion(*counts, model="common")
    origin = study.trials.origin(meta.glmm_proportion)
    yield from _incidence(origin, "incidence.glmm_common", common)
    large = study.trials.where(_is_large(study.trials))
    rows = f"at least {SMALL} patients"
    origin = study.trials.origin(meta.logit_inverse_variance, rows)
    without = (
        meta.logit_inverse_variance(large.events_treated, large.n_treated)
        if len(large)
        else None
    )
    yield from _incidence(origin, "incidence.large", without)


def _methods(
    trials: Trials, prefix: str, rows: str, known: Mapping[str, Pooled]
) -> Iterator[Value]:
    found: dict[str, Pooled] = {}
    for method in meta.TWO_ARMS:
        pooled = known.get(method.name) or method.pool(*trials.counts)
        origin = trials.origin(_function(method.pool), rows)
        found[_key(method)] = pooled
        if pooled.measure == "OR":
            yield from _odds_ratio(origin, f"{prefix}.{_key(method)}", pooled)
        elif pooled.measure == "RD":
            yield from _difference(origin, f"{prefix}.{_key(method)}", pooled)
    ratios = [pooled for pooled in found.values() if pooled.measure == "OR"]
    summary = trials.origin(meta.sensitivity_set, rows)
    estimates = np.array([float(pooled.natural()[0]) for pooled in ratios])
    yield summary.ratio(f"{prefix}.or.min", _extreme(np.min, estimates))
    yield summary.ratio(f"{prefix}.or.max", _extreme(np.max, estimates))
    yield summary.count(f"{prefix}.methods", len(ratios))
    significant = sum(bool(pooled.p < SIGNIFICANT) for pooled in ratios)
    yield summary.count(f"{prefix}.significant", significant)


def _fragility(trials: Trials, prefix: str, rows: str) -> Iterator[Value]:
    origin = trials.origin(meta.fragility, rows)
    found = meta.fragility(
        meta.peto, *trials.counts, alpha=SIGNIFICANT, at_most=CHANGES
    )
    yield _changes(origin, f"{prefix}.fragility", found, trials)
    yield origin.count(f"{prefix}.fragility.searched", found.searched)


def _changes(origin: Origin, key: str, found: meta.Fragility, trials: Trials) -> Value:
    """Make the count of changes; where the search ended, what it says is a bound."""
    if found.changes is not None:
        return origin.count(key, found.changes)
    unknown = origin.count(key, np.nan)
    if not np.isfinite(meta.peto(*trials.counts).p):
        return unknown
    return replace(unknown, printed=f"more than {text.in_words(found.searched)}")


def _left_out(study: Study) -> Iterator[Value]:
    left = len(study.trials) > 1  # of one trial left out, nothing would be
    pooled = study.leave_one_out if left else study.risk[ALL]
    nothing = np.full(1, np.nan)
    odds_ratio, low, high = pooled.natural() if left else (nothing,) * 3
    p, k = (pooled.p, pooled.k) if left else (nothing, np.zeros(1))
    for i, name in enumerate(study.trials.trial):
        origin = study.trials.origin(meta.leave_one_out, f"trial ≠ {name}")
        prefix = f"sensitivity.without.{name}"
        yield origin.ratio(f"{prefix}.or", odds_ratio[i])
        yield origin.ratio(f"{prefix}.ci_low", low[i])
        yield origin.ratio(f"{prefix}.ci_high", high[i])
        yield origin.p(f"{prefix}.p", p[i], p_decimals(float(p[i])))
        yield origin.count(f"{prefix}.k", k[i])


def _any_left_out(study: Study, name: str, prefix: str, rows: str) -> Iterator[Value]:
    trials = study.trials if name == ALL else study.trials.of_class(name)
    origin = trials.origin(meta.leave_one_out, f"{rows}, each left out")
    odds_ratio, p = np.array([]), np.array([])
    if len(trials) > 1:
        answered = name == ALL
        pooled = (
            study.leave_one_out
            if answered
            else meta.leave_one_out(meta.peto, *trials.counts)
        )
        odds_ratio, p = pooled.natural()[0], pooled.p
    yield origin.ratio(f"{prefix}.without.or.min", _extreme(np.min, odds_ratio))
    yield origin.ratio(f"{prefix}.without.or.max", _extreme(np.max, odds_ratio))
    greatest = _extreme(np.max, p)
    yield origin.p(f"{prefix}.without.p.max", greatest, p_decimals(greatest))


def _extreme(of: Callable[[Array], float], numbers: Array) -> float:
    known = numbers[np.isfinite(numbers)]
    return float(of(known)) if known.size else np.nan


def _without_small(study: Study) -> Iterator[Value]:
    large = _is_large(study.trials)
    rows = f"at least {SMALL} patients"
    origin = study.trials.origin(meta.peto, rows)
    pooled = meta.peto(*study.trials.where(large).counts) if large.any() else None
    yield from _odds_ratio(origin, "sensitivity.large", pooled)
    yield origin.count("sensitivity.large.trials", large.sum())
    yield origin.count("sensitivity.large.threshold", SMALL)


def _odds_ratio(origin: Origin, prefix: str, pooled: Pooled | None) -> Iterator[Value]:
    """Yield a pool, or that there is none to estimate where no trial is left."""
    for end, number in zip(("or", "ci_low", "ci_high"), _limits(pooled), strict=True):
        yield origin.ratio(f"{prefix}.{end}", number)
    p = np.nan if pooled is None else float(pooled.p)
    yield origin.p(f"{prefix}.p", p, p_decimals(p))
    yield origin.count(f"{prefix}.k", 0 if pooled is None else pooled.k)


def _limits(pooled: Pooled | None) -> tuple[float, float, float]:
    if pooled is None:
        return (np.nan,) * 3
    estimate, low, high = (float(number) for number in pooled.natural())
    return estimate, low, high


def _difference(origin: Origin, prefix: str, pooled: Pooled) -> Iterator[Value]:
    ends = ("more", "more.ci_low", "more.ci_high")
    for end, number in zip(ends, pooled.natural(), strict=True):
        more = PER_THOUSAND * float(number)
        yield origin.value(f"{prefix}.{end}", more, "number", 1)
    yield origin.p(f"{prefix}.p", pooled.p, p_decimals(float(pooled.p)))
    yield origin.count(f"{prefix}.k", pooled.k)


def _incidence(origin: Origin, prefix: str, pooled: Pooled | None) -> Iterator[Value]:
    ends = (prefix, f"{prefix}.ci_low", f"{prefix}.ci_high")
    for key, number in zip(ends, _limits(pooled), strict=True):
        yield origin.percent(key, number, 2)
    yield origin.count(f"{prefix}.k_all", 0 if pooled is None else pooled.k_all)


def _is_large(trials: Trials) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    patients: np.ndarray[tuple[int], np.dtype[np.int64]] = (
        trials.n_treated + trials.n_control
    )
    return patients >= SMALL


def _key(method: meta.Method) -> str:
    return method.name.replace("-", "_")


def _function(pool: Callable[..., Pooled]) -> Callable[..., Pooled]:
    return pool.func if isinstance(pool, partial) else pool
