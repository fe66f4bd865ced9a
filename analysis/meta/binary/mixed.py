"""Odds ratios that vary between trials, by logistic regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from analysis.meta.binary.logistic import deviance, glmm
from analysis.meta.binary.odds_ratio import ONE_SIDED, UNINFORMATIVE
from analysis.meta.counts import TwoArms, check_choice, of_two_arms
from analysis.meta.pooling.heterogeneity import heterogeneity
from analysis.meta.pooling.inference import wald, why
from analysis.meta.results import Array, Certificate, Pooled
from analysis.meta.search.random_effect import (
    NODES,
    Binomial,
    Cumulants,
    Found,
    Trials,
    highest,
)

Likelihood = Literal["UM.FS", "CM.EL", "CM.AL"]
LIKELIHOODS = ("UM.FS", "CM.EL", "CM.AL")
LARGEST = 20_000

_HOW = {
    "UM.FS": "unconditional likelihood, fixed trial effects",
    "CM.EL": "exact likelihood given the events of each trial",
    "CM.AL": "approximate likelihood given the events of each trial",
}
_UNBOUNDED = (
    "no finite estimate: the likelihood rises for ever, as where each trial has "
    "the fewest or the most possible events in one arm"
)

Complex = NDArray[Any]


@of_two_arms
def glmm_random(
    counts: TwoArms,
    *,
    likelihood: Likelihood = "UM.FS",
    nodes: int | None = NODES,
    level: float = 0.95,
) -> Pooled:
    """Estimate a mean odds ratio by maximum likelihood with random effects.

    Parameters
    ----------
    likelihood : {"UM.FS", "CM.EL", "CM.AL"}
        Unconditional, with a fixed intercept for each trial; conditional on the
        events of each trial, by Fisher's non-central hypergeometric law; or its
        binomial approximation for rare events.
    nodes : int or None
        Of the quadrature over the random effect: 7 as in R ``metafor`` through
        ``lme4``; None integrates to rounding, as ``CM.EL`` always does.

    Returns
    -------
    Pooled
        Mean log odds ratio with its Wald interval; tau² is the variance of the
        trials' log odds ratios. Q is the likelihood-ratio statistic against an
        odds ratio for each trial. Trials without event, or without non-event,
        bear no information. NaN where the likelihood has no maximum.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial; an unknown likelihood; or, for
        ``CM.EL``, a trial with more than 20,000 possible numbers of events.

    Notes
    -----
    In ``UM.FS`` half of the random effect is added to the logit of the treated
    arm and half taken from that of the control arm (Turner et al. 2000, Stat Med
    19:3417-32; Jackson et al. 2018, Stat Med 37:1059-85, model 4), as
    ``rma.glmm(model = "UM.FS")`` does. The log-likelihood of the certificate
    leaves out what hangs on the counts alone.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P. Random effects meta-analysis of event outcome
    in the framework of the generalized linear mixed model with applications in
    sparse data. Stat Med 2010;29:3046-67.

    Examples
    --------
    >>> table = [3, 7, 1, 4], [40, 50, 60, 30], [9, 2, 6, 5], [42, 50, 61, 33]
    >>> pooled = glmm_random(*table)
    >>> print(f"{pooled.estimate:.4f} {pooled.heterogeneity.tau2:.4f}")
    -0.4056 0.6661
    """
    check_choice("likelihood", likelihood, LIKELIHOODS)
    k = np.asarray(counts.informative.sum(axis=-1), dtype=float)
    answers = np.full((*counts.shape[:-1], 11), np.nan)
    for place, a, n1, c, n2 in counts.each():
        some = (a + c > 0) & (a + c < n1 + n2)
        table = TwoArms(a[some], n1[some], c[some], n2[some])
        lowest = np.maximum(0.0, table.events - table.n2).sum()
        most = np.minimum(table.n1, table.events).sum()
        if not lowest < table.a.sum() < most:
            continue
        found, q = _found(table, likelihood, nodes)
        answers[place] = [
            *(float(x[0]) for x in (found.shared, found.se, found.tau2)),
            *(float(getattr(found.certificate, name)[0]) for name in _PROOF),
            q,
        ]
    estimate, se, tau2, *proof, lost = (
        np.asarray(x) for x in np.moveaxis(answers, -1, 0)
    )
    missing = np.isnan(estimate)
    one_sided = missing & np.isnan(lost)
    return wald(
        f"glmm-random-{likelihood.lower()}",
        "OR",
        level,
        k=k,
        k_all=counts.shape[-1],
        estimate=estimate,
        se=se,
        heterogeneity=heterogeneity(
            np.where(missing, np.nan, lost), k, level, tau2, estimator="ML"
        ),
        trials=None,
        reason=why(one_sided & (k > 0), ONE_SIDED)
        or why(missing & (k > 0), _UNBOUNDED)
        or why(k == 0, UNINFORMATIVE),
        details=("maximum likelihood, random effects", _HOW[likelihood]),
        certificate=Certificate(*proof),
    )


_PROOF = tuple(Certificate.__dataclass_fields__)


def _found(
    table: TwoArms, likelihood: Likelihood, nodes: int | None
) -> tuple[Found, float]:
    """Return the maximum and the likelihood-ratio statistic of heterogeneity."""
    a, n1, c, n2 = (x[np.newaxis] for x in (table.a, table.n1, table.c, table.n2))
    events, own = a + c, likelihood == "UM.FS"
    start = np.zeros(1)
    offset = np.zeros((*a.shape, 1))
    if own:
        x, n = np.stack([a, c], axis=-1), np.stack([n1, n2], axis=-1)
        cumulants: Cumulants = Binomial(n)
        coefficient = load = np.array([0.5, -0.5])
        offset = np.zeros(x.shape)
        common = glmm(table.a, table.n1, table.c, table.n2)
        start = np.atleast_1d(common.estimate)
        q = float(deviance(table, common.estimate))
    else:
        x, coefficient, load = a[..., np.newaxis], np.ones(1), np.ones(1)
        if likelihood == "CM.AL":
            cumulants, offset = (
                Binomial(events[..., np.newaxis]),
                np.log(n1 / n2)[..., np.newaxis],
            )
        else:
            cumulants = _Hypergeometric.of(table)
    if likelihood == "CM.EL":
        nodes = None
    trials = Trials(x, offset, cumulants, coefficient, load, own, nodes)
    share = (events + 0.5) / (n1 + n2 + 1)
    found = highest(trials, start, np.log(share / (1 - share)) if own else None)
    if not own:
        q = 2 * (_saturated(table, likelihood) - float(found.certificate.at_zero[0]))
    return found, q


def _saturated(table: TwoArms, likelihood: Likelihood) -> float:
    """Log-likelihood with an effect for each trial."""
    if likelihood == "CM.AL":
        share = table.a / table.events
        return float(np.sum(xlogy(table.a, share) + xlogy(table.c, 1 - share)))
    law = _Hypergeometric.of(table)
    x, support = table.a, law.support
    low, high = support.min(axis=-1), np.nanmax(law.highest, axis=-1)
    eta = np.zeros(x.shape)
    inside = (x > low) & (x < high)
    bottom, top = np.full(x.shape, -60.0), np.full(x.shape, 60.0)
    for _ in range(200):
        mean, variance = law.derivatives(eta[np.newaxis, :, np.newaxis])
        value = np.where(inside, mean[0, :, 0] - x, 0.0)
        bottom = np.where(value < 0, eta, bottom)
        top = np.where(value > 0, eta, top)
        step = -value / np.maximum(variance[0, :, 0], 1e-300)
        kept = (eta + step > bottom) & (eta + step < top)
        move = np.where(kept | (value == 0), step, (bottom + top) / 2 - eta)
        eta = eta + move
        if np.all(np.abs(move) < 1e-12):
            break
    whole = x * eta - law.at(eta[np.newaxis, :, np.newaxis])[0, :, 0]
    ends = np.where(x == low, law.log_weight[:, 0], law.last)
    return float(np.sum(np.where(inside, whole, ends)))


@dataclass(frozen=True)
class _Hypergeometric:
    """Events of the treated arm given those of both.

    Attributes
    ----------
    support : (k, width) array
        Possible numbers, the last one repeated.
    log_weight : (k, width) array
        Of each at an odds ratio of 1, normalised; -inf for the repetitions.
    highest, last : (k,) array
        Largest possible number and its log weight.
    """

    support: Array
    log_weight: Array
    highest: Array
    last: Array

    @classmethod
    def of(cls, table: TwoArms) -> _Hypergeometric:
        n1, n2, m = table.n1, table.n2, table.events
        low, high = np.maximum(0.0, m - n2), np.minimum(n1, m)
        width = int((high - low).max()) + 1
        if width > LARGEST:
            raise ValueError(
                f"CM.EL: a trial has {width} possible numbers of events, expected at "
                f"most {LARGEST}; CM.AL and UM.FS have no such limit"
            )
        x: Array = low[:, np.newaxis] + np.arange(width, dtype=float)
        inside = x <= high[:, np.newaxis]
        x = np.asarray(np.minimum(x, high[:, np.newaxis]))
        before = x[:, :-1]
        rise = (n1[:, np.newaxis] - before) * (m[:, np.newaxis] - before)
        fall = (before + 1) * (n2[:, np.newaxis] - m[:, np.newaxis] + before + 1)
        steps = np.where(inside[:, 1:], rise, 1.0) / np.where(inside[:, 1:], fall, 1.0)
        log_weight = np.pad(np.cumsum(np.log(steps), axis=1), ((0, 0), (1, 0)))
        log_weight = np.where(inside, log_weight, -np.inf)
        top = log_weight.max(axis=1, keepdims=True)
        total = top + np.log(np.exp(log_weight - top).sum(axis=1, keepdims=True))
        log_weight = log_weight - total
        last = log_weight[np.arange(x.shape[0]), (high - low).astype(int)]
        return cls(x, log_weight, high, last)

    def rows(self, row: NDArray[np.intp]) -> _Hypergeometric:
        """Serve any rows: the margins are those of the one data set."""
        return self

    def at(self, eta: Complex) -> Complex:
        """Log of the sum of weights."""
        return self._sums(eta, 0)[0]

    def derivatives(self, eta: Complex) -> tuple[Complex, Complex]:
        """Mean and variance of the events."""
        _, mean, variance = self._sums(eta, 2)
        return mean, variance

    def _sums(self, eta: Complex, orders: int) -> tuple[Complex, Complex, Complex]:
        """Sum over the supports, trial by trial, to hold little at once."""
        total, mean, variance = (np.empty(eta.shape, dtype=eta.dtype) for _ in range(3))
        for i in range(self.support.shape[0]):
            size = int(np.isfinite(self.log_weight[i]).sum())
            x, log_weight = self.support[i, :size], self.log_weight[i, :size]
            terms = log_weight + eta[:, i, ..., np.newaxis] * x
            top = terms.real.max(axis=-1, keepdims=True)
            weight = np.exp(terms - top)
            whole = weight.sum(axis=-1)
            total[:, i] = np.log(whole) + top[..., 0]
            if orders:
                first = (weight @ x) / whole
                mean[:, i] = first
                deviation = x - first[..., np.newaxis]
                variance[:, i] = np.sum(weight * deviation**2, axis=-1) / whole
        return total, mean, variance
