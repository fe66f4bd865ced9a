"""Odds ratios from beta-binomial models of risks that vary between trials."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analysis.meta.counts import TwoArms, of_two_arms
from analysis.meta.pooling.inference import wald, why
from analysis.meta.results import Array, Certificate, Pooled
from analysis.meta.search.optimum import increasing_root, maximum
from analysis.meta.search.rising import log_rising

_MOST = 12.0  # log dispersion
_STEP = 0.4
_LOGIT = 45.0

Complex = NDArray[Any]


@of_two_arms
def beta_binomial(
    counts: TwoArms, *, paired: bool = False, level: float = 0.95
) -> Pooled:
    """Estimate an odds ratio of mean risks that vary between trials.

    Each arm's events are beta-binomial; the mean depends on the arm, and the
    dispersion is common. Trials without event contribute, and the two arms of a
    trial count as independent.

    Parameters
    ----------
    paired : bool
        Whether to keep the arms of a trial together: given the events of both,
        those of the treated arm are beta-binomial, their mean share being the
        effect times n1 / n2 in odds. Trials without event then bear no
        information, and the effect is the ratio of rates, which is the odds
        ratio when events are rare.

    Returns
    -------
    Pooled
        Log odds ratio by maximum likelihood, with its Wald interval. Where the
        counts vary no more than binomial ones, the dispersion is 0 and the
        estimate is that of the trials' totals. NaN where the likelihood has no
        maximum.

    Notes
    -----
    Given the dispersion, the log-likelihood is concave in the mean of each arm,
    and so has one maximum in them; the profile over the dispersion can have
    several, and is scanned from 0 up. The certificate's ends are those of the
    dispersion. The log-likelihood leaves out the binomial coefficients.

    References
    ----------
    Kuss O. Statistical methods for meta-analyses including information from
    studies without any events. Stat Med 2015;34:1097-116.

    Cai T, Parast L, Ryan L. Meta-analysis for rare events. Stat Med
    2010;29:2078-89 (section 2: events of the treated arm given those of both).

    Examples
    --------
    >>> patients = [2536, 15, 105]
    >>> pooled = beta_binomial([87, 2, 9], patients, [83, 2, 10], patients)
    >>> print(f"{pooled.estimate:.3f} {pooled.se:.3f}", pooled.certificate.holds())
    -0.015 0.452 True
    """
    *batch, _ = counts.shape
    answers = np.full((*batch, 9), np.nan)
    for place, a, n1, c, n2 in counts.each():
        if paired:
            some = (a + c > 0) & (a + c < n1 + n2)
            offset = np.log(n1 / n2)[some]
            groups: tuple[_Group, ...] = (_Group(a[some], (a + c)[some], offset),)
        else:
            none = np.zeros(a.shape)
            groups = (_Group(a, n1, none), _Group(c, n2, none))
        answers[place] = _answer(groups)
    estimate, se, *proof = (np.asarray(x) for x in np.moveaxis(answers, -1, 0))
    k = counts.informative.sum(axis=-1) if paired else counts.shape[-1]
    return wald(
        "beta-binomial-paired" if paired else "beta-binomial",
        "OR",
        level,
        k=np.broadcast_to(np.asarray(k, dtype=float), estimate.shape),
        k_all=counts.shape[-1],
        estimate=estimate,
        se=se,
        heterogeneity=None,
        trials=None,
        reason=why(
            np.isnan(estimate),
            "no finite estimate: the treated arms have all events or none"
            if paired
            else "no finite estimate: an arm has no event, or only events, "
            "or every trial has one or the other",
        ),
        details=(
            "maximum likelihood",
            "given the events of each trial" if paired else "arms independent",
        ),
        certificate=Certificate(*proof),
    )


@dataclass(frozen=True)
class _Group:
    """Counts with a common mean logit, but for known offsets."""

    x: Array
    n: Array
    offset: Array

    @property
    def mixed(self) -> bool:
        return bool(0 < self.x.sum() < self.n.sum())

    @cached_property
    def _products(self) -> tuple[tuple[Array, Array], ...]:
        """Lengths of the three products, and how many trials have each."""
        lengths = (self.x, self.n - self.x, self.n)
        if self.offset.any():
            return tuple((length, np.ones(length.shape)) for length in lengths)
        counted = [np.unique(length, return_counts=True) for length in lengths]
        return tuple((length, number.astype(float)) for length, number in counted)

    def log_likelihood(self, logit: Complex, dispersion: Complex) -> Complex:
        """At ``(points,)`` logits and dispersions."""
        offset = self.offset if self.offset.any() else np.zeros(1)
        eta = logit[..., np.newaxis] + offset
        up = eta.real > 0
        small = np.exp(np.where(up, -eta, eta))
        mean = np.where(up, 1.0, small) / (1 + small)
        rest = np.where(up, small, 1.0) / (1 + small)
        step = dispersion[..., np.newaxis]
        total: Complex = np.zeros(logit.shape)
        starts = ((mean, 1.0), (rest, 1.0), (np.ones(()), -1.0))
        for (start, sign), (length, number) in zip(starts, self._products, strict=True):
            total = total + sign * (log_rising(start, step, length) @ number)
        return np.asarray(total)

    def best(self, dispersion: Array) -> Array:
        """Logits near the highest likelihood at each dispersion."""

        def descent(logit: Array) -> tuple[Array, Array]:
            by = 1e-3
            up, here, down = (
                self.log_likelihood(logit + s, dispersion) for s in (by, 0.0, -by)
            )
            return (down - up) / (2 * by), (2 * here - up - down) / by**2

        share = self.x.sum() / self.n.sum()
        start = np.full(dispersion.shape, np.log(share / (1 - share)))
        if self.offset.any():
            start -= np.average(self.offset, weights=self.n)
        ends = np.full(start.shape, _LOGIT)
        return increasing_root(descent, start, -ends, ends, tolerance=1e-4)


def _answer(groups: tuple[_Group, ...]) -> list[float]:
    """Return estimate and error of the (first) logit, and the certificate."""
    if not all(group.x.size and group.mixed for group in groups):
        return [np.nan] * 9
    largest = max(float(group.n.max()) for group in groups)
    least = float(np.log(0.003 / largest))
    points = int(np.ceil((_MOST - least) / _STEP)) + 1
    dispersion = np.append(0.0, np.exp(np.linspace(least, _MOST, points)))
    logits = [group.best(dispersion) for group in groups]
    profile = np.sum(
        [
            group.log_likelihood(logit, dispersion)
            for group, logit in zip(groups, logits, strict=True)
        ],
        axis=0,
    )
    before = np.append(-np.inf, profile[:-1])
    after = np.append(profile[1:], -np.inf)
    peaks = (profile >= before) & (profile >= after)
    peaks[1] |= abs(profile[0] - profile[1]) < 1e-7 and profile[1] >= profile[2]
    peaks[0] = peaks[-1] = False
    at_most = float(profile[-1])
    zero, zero_covariance = _at_zero(groups, [float(logit[0]) for logit in logits])
    at_zero = 0.0
    for i, group in enumerate(groups):
        at_zero += float(group.log_likelihood(zero[[i]], np.zeros(1))[0])
    found, covariance = zero, zero_covariance
    height, slope = at_zero, 0.0
    curvature = -1 / float(np.linalg.eigvalsh(zero_covariance).max())
    number = float(profile[0] > profile[1])
    for place in np.flatnonzero(peaks):
        start = np.array(
            [*(logit[place] for logit in logits), np.log(dispersion[place])]
        )
        at, own = _climb(groups, start)
        if np.isnan(at).any() or at[-1] < least - 12:
            continue
        number += 1
        value = float(_value(groups, at[np.newaxis])[0])
        if value > height:
            found, covariance, height = at, own, value
            gradient, hessian = _derivatives(groups, at)
            slope = math.sqrt(max(float(gradient @ own @ gradient), 0.0))
            curvature = float(np.linalg.eigvalsh(hessian).max())
    if at_most > height:
        return [np.nan] * 9
    contrast = np.zeros(len(found))
    contrast[: len(groups)] = (1.0, -1.0)[: len(groups)]
    error = float(np.sqrt(contrast @ covariance @ contrast))
    proof = [height, slope, curvature, at_zero, at_most, number, 0.0]
    return [float(contrast @ found), error, *proof]


def _at_zero(groups: tuple[_Group, ...], start: list[float]) -> tuple[Array, Array]:
    """Return the binomial logits with their covariance: Newton steps, concave."""
    logits, variances = [], []
    for group, logit in zip(groups, start, strict=True):
        for _ in range(50):
            mean = expit(logit + group.offset)
            information = float(np.sum(group.n * mean * (1 - mean)))
            step = float(np.sum(group.x - group.n * mean)) / information
            logit += min(max(step, -1.0), 1.0)
            if abs(step) < 1e-14 * max(abs(logit), 1.0):
                break
        logits.append(logit)
        variances.append(1 / information)
    return np.array(logits), np.diag(variances)


def _value(groups: tuple[_Group, ...], at: Complex) -> Complex:
    """Log-likelihood at ``(points, p)`` logits and log dispersions."""
    dispersion = np.exp(at[:, -1])
    return np.asarray(
        sum(
            group.log_likelihood(at[:, i], dispersion) for i, group in enumerate(groups)
        )
    )


def _derivatives(groups: tuple[_Group, ...], at: Array) -> tuple[Array, Array]:
    """Gradient by complex steps, and its fourth-order differences."""
    size = at.size
    unit = np.eye(size)
    near = np.array([-2.0, -1.0, 1.0, 2.0]) * 1e-3
    shifts = np.concatenate(
        [np.zeros((1, size)), *(near[:, np.newaxis] * unit[j] for j in range(size))]
    )
    points = (at + shifts)[:, np.newaxis] + 1e-30j * unit
    values = _value(groups, points.reshape(-1, size))
    gradients = values.imag.reshape(-1, size) / 1e-30
    stencil = np.array([1.0, -8.0, 8.0, -1.0]) / 12e-3
    hessian = np.einsum("d,jdi->ij", stencil, gradients[1:].reshape(size, 4, size))
    return gradients[0], (hessian + hessian.T) / 2


def _climb(groups: tuple[_Group, ...], start: Array) -> tuple[Array, Array]:
    highest = np.append(np.full(len(groups), _LOGIT), _MOST)

    def derivatives(at: Array) -> tuple[Array, Array]:
        gradient, hessian = _derivatives(groups, at[0])
        return gradient[np.newaxis], hessian[np.newaxis]

    at, covariance = maximum(
        lambda at: np.asarray(_value(groups, at)),
        derivatives,
        start[np.newaxis],
        highest,
    )
    return at[0], covariance[0]
