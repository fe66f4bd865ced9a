"""What a statistical reviewer would say of a pool of rare events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.meta.binary.odds_ratio import mantel_haenszel
from analysis.meta.counts import TwoArms, two_arms
from analysis.meta.results import Array, Pooled
from analysis.meta.scales import to_natural

UNEQUAL = 2.0  # patients of one arm over those of the other
LARGE = np.log(5.0)  # a log odds ratio that one step does not reach
SHIFT = 0.1  # share by which a correction may move an odds ratio
FEW_TRIALS = 5
FEW_EVENTS = 20

_BRADBURN = "Bradburn MJ et al. Stat Med 2007;26:53-77"
_SWEETING = "Sweeting MJ et al. Stat Med 2004;23:1351-75"
_GREENLAND = "Greenland S, Salvan A. Stat Med 1990;9:247-52"
_HANDBOOK = "Cochrane Handbook for Systematic Reviews of Interventions, 10.4.4"
_INTHOUT = "IntHout J et al. BMC Med Res Methodol 2014;14:25"
_SCHWARZER = "Schwarzer G et al. Res Synth Methods 2019;10:476-83"
_STIJNEN = "Stijnen T et al. Stat Med 2010;29:3046-67"
_BRESLOW = "Breslow NE. Biometrika 1981;68:73-84"


@dataclass(frozen=True)
class Advice:
    """A remark on a pool, with where it is argued.

    Attributes
    ----------
    code : str
        Short name of the remark, for programs.
    text : str
        One sentence without its full stop.
    source : str
    """

    code: str
    text: str
    source: str


def advise(pooled: Pooled, *counts: Array) -> tuple[Advice, ...]:
    """Return what a reviewer would remark on a pool.

    Parameters
    ----------
    pooled : Pooled
        Of one data set.
    *counts : (k,) array
        The counts that it pools: of two arms, or of one.

    Returns
    -------
    tuple of Advice

    Examples
    --------
    >>> from analysis import meta
    >>> table = [9, 0], [100, 50], [1, 0], [700, 50]
    >>> [one.code for one in advise(meta.peto(*table), *table)]
    ['unequal-arms', 'large-effect', 'no-event', 'few-events']
    """
    if len(counts) == 4:
        return tuple(_of_two_arms(pooled, two_arms(*counts)))
    return tuple(_of_one_arm(pooled, *(np.asarray(x, dtype=float) for x in counts)))


def disagreement(pools: tuple[tuple[str, Pooled], ...]) -> tuple[Advice, ...]:
    """Say where methods disagree about one measure.

    Parameters
    ----------
    pools : tuple of (str, Pooled)
        Names and results, as of :func:`analysis.meta.sensitivity_set`.

    Returns
    -------
    tuple of Advice
        Of odds ratios whose tests disagree at the pools' level, and of ratios
        that differ by half and more.
    """
    ratios = [
        (name, pooled)
        for name, pooled in pools
        if pooled.measure == "OR" and np.isfinite(pooled.estimate)
    ]
    found = []
    tested = [(name, one) for name, one in ratios if np.isfinite(one.p)]
    if tested:
        alpha = 1 - tested[0][1].level
        yes = [name for name, one in tested if one.p < alpha]
        if 0 < len(yes) < len(tested):
            found.append(
                Advice(
                    "tests-disagree",
                    f"{len(yes)} of {len(tested)} methods find an effect at the level "
                    f"of {alpha:g}: the conclusion hangs on the method",
                    _BRADBURN,
                )
            )
        estimates = np.exp([one.estimate for _, one in tested])
        if estimates.max() > 1.5 * estimates.min():
            found.append(
                Advice(
                    "estimates-disagree",
                    f"odds ratios run from {estimates.min():.3g} to "
                    f"{estimates.max():.3g} with the method",
                    _BRADBURN,
                )
            )
    return tuple(found)


def _of_two_arms(pooled: Pooled, counts: TwoArms) -> Iterator[Advice]:
    events, informative = float(counts.events.sum()), counts.informative
    balance = np.maximum(counts.n1 / counts.n2, counts.n2 / counts.n1)
    if pooled.method == "peto":
        unequal = int((informative & (balance > UNEQUAL)).sum())
        if unequal:
            yield Advice(
                "unequal-arms",
                f"{_trials(unequal)} one arm more than {UNEQUAL:g} times as large as "
                "the other, where Peto's method is biased",
                _BRADBURN,
            )
        if np.isfinite(pooled.estimate) and abs(pooled.estimate) > LARGE:
            yield Advice(
                "large-effect",
                "the effect is too large for Peto's one step, which understates it",
                _GREENLAND,
            )
    nothing = int((~informative).sum())
    if nothing and pooled.measure == "OR" and float(pooled.k) < float(pooled.k_all):
        yield Advice(
            "no-event",
            f"{_trials(nothing)} no event, or only events: no information on an odds "
            "ratio; their patients count in the totals only",
            _HANDBOOK,
        )
    if pooled.measure == "OR" and "half" in pooled.method:
        yield from _of_correction(pooled, counts)
    if pooled.method.startswith("glmm") and "random" not in pooled.method:
        small = float(np.median(counts.events[informative])) if informative.any() else 0
        if small <= 2 and informative.sum() >= 5:
            yield Advice(
                "many-intercepts",
                "an intercept for each of many trials of few events draws the odds "
                "ratio away from 1; the exact conditional method does not",
                _BRESLOW,
            )
    if 0 < events < FEW_EVENTS:
        yield Advice(
            "few-events",
            f"{events:.0f} events in all: normal intervals are rough; compare the "
            "exact one",
            _BRADBURN,
        )
    yield from _of_few_trials(pooled)


def _of_correction(pooled: Pooled, counts: TwoArms) -> Iterator[Advice]:
    empty = counts.informative & counts.has_empty_cell
    if not empty.any():
        return
    table = (counts.a, counts.n1, counts.c, counts.n2)
    plain = mantel_haenszel(*table)
    shift = abs(float(pooled.estimate) - float(plain.estimate))
    if empty.sum() * 2 > counts.informative.sum() or shift > np.log1p(SHIFT):
        yield Advice(
            "correction",
            f"{_trials(int(empty.sum()))} an empty cell to which 0.5 is added, which "
            "drives the answer; methods without a correction exist",
            _SWEETING,
        )


def _of_few_trials(pooled: Pooled) -> Iterator[Advice]:
    spread = pooled.heterogeneity
    if spread is None or not spread.estimator or pooled.df is not None:
        return
    if spread.estimator != "posterior median" and 1 < float(pooled.k) < FEW_TRIALS:
        yield Advice(
            "few-trials",
            f"tau² from {pooled.k:.0f} trials is hardly known, and a normal interval "
            "ignores that; compare Knapp and Hartung's",
            _INTHOUT,
        )


def _of_one_arm(pooled: Pooled, x: Array, n: Array) -> Iterator[Advice]:
    extreme = (x == 0) | (x == n)
    if pooled.method.startswith("logit") and 2 * extreme.sum() > x.size:
        yield Advice(
            "correction",
            f"{_trials(int(extreme.sum()))} no event, or only events, and takes 0.5: "
            "the pool is drawn towards one half; the logistic model needs none",
            _STIJNEN,
        )
    if pooled.measure == "PFT":
        natural = to_natural(pooled.estimate, "PFT", pooled.sample_size)
        share = x / n
        outside = bool(natural < share.min() or natural > share.max())
        lost = bool(natural in (0, 1) and 0 < x.sum() < n.sum())
        if outside or lost:
            yield Advice(
                "outside",
                f"the way back from the scale of Freeman and Tukey gives "
                f"{float(natural):.3g}, where {x.sum():.0f} of {n.sum():.0f} have the "
                "event, because the trials' sizes differ so much: do not use it",
                _SCHWARZER,
            )
        elif n.max() > 10 * n.min():
            yield Advice(
                "sizes-differ",
                "sizes of trials differ more than tenfold, where the way back from "
                "the scale of Freeman and Tukey can mislead",
                _SCHWARZER,
            )
    yield from _of_few_trials(pooled)


def _trials(number: int) -> str:
    return "1 trial has" if number == 1 else f"{number} trials have"
