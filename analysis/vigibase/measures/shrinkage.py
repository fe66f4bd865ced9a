"""Empirical Bayes geometric mean: observed over expected, shrunk.

The multi-item gamma Poisson shrinker (DuMouchel, Am Stat 1999;53:177-90): the
counts of all pairs of a drug and a reaction tell how far ratios of observed to
expected scatter, a mixture of two gamma distributions; each ratio is drawn
towards it by as much as its own count is small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammainc, gammaln, logsumexp

from analysis.vigibase.cohort import COUNTED
from analysis.vigibase.extract import Extract

Floats = NDArray[np.float64]

# Expected counts are averaged within a twentieth of a unit of their logarithm,
# but not while the pairs are few.
_FINE = 20
_FEW_PAIRS = 5_000
_START = (0.2, 0.06, 1.4, 1.8, 0.1)


@dataclass(frozen=True)
class Prior:
    """How ratios of observed to expected scatter.

    Attributes
    ----------
    alpha1, beta1, alpha2, beta2 : float
        Shapes and rates of two gamma distributions.
    share : float
        Share of the first.
    log_likelihood : float
    gradient : float
        Largest slope of the log likelihood, in the logarithms of the shapes and
        rates and the logit of the share, per pair: near 0 at a maximum.
    pairs : int
        Pairs of a drug and a reaction that were reported.
    """

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    share: float
    log_likelihood: float = np.nan
    gradient: float = np.nan
    pairs: int = 0


@dataclass(frozen=True)
class Shrunk:
    """A ratio of observed to expected, shrunk.

    Attributes
    ----------
    ebgm : float
        Geometric mean of its posterior distribution.
    low, high : float
        Its 5% and 95% quantiles: EB05 and EB95.
    """

    ebgm: float
    low: float
    high: float


def shrunk(observed: float, expected: float, prior: Prior) -> Shrunk:
    """Shrink a ratio.

    Examples
    --------
    >>> prior = Prior(0.2, 0.1, 2.0, 4.0, 1 / 3)
    >>> round(shrunk(10, 2.0, prior).ebgm, 3)
    4.513
    """
    q = _weight(observed, expected, prior)
    shapes = prior.alpha1 + observed, prior.alpha2 + observed
    rates = prior.beta1 + expected, prior.beta2 + expected
    mean = q * (digamma(shapes[0]) - np.log(rates[0])) + (1 - q) * (
        digamma(shapes[1]) - np.log(rates[1])
    )
    low, high = (_quantile(level, q, shapes, rates) for level in (0.05, 0.95))
    return Shrunk(float(np.exp(mean)), low, high)


def fit(observed: ArrayLike, expected: ArrayLike, weights: ArrayLike = 1.0) -> Prior:
    """Fit the prior to pairs that were reported at least once.

    Parameters
    ----------
    observed, expected : (k,) array_like
        Counts, 1 or more, and what independence expects.
    weights : (k,) array_like, optional
        How many pairs have them.

    Returns
    -------
    Prior
        The maximum of the likelihood that is truncated at 1, the best of
        several starts.
    """
    from scipy.optimize import minimize  # slow to import, and few ask for a prior

    n, e = np.asarray(observed, float), np.asarray(expected, float)
    w = np.broadcast_to(np.asarray(weights, float), n.shape)
    total = float(w.sum())

    def loss(theta: Floats) -> float:
        value = -float((w * _log_likelihood(n, e, _natural(theta))).sum()) / total
        return value if np.isfinite(value) else 1e6

    starts = [_START, (2.0, 4.0, 0.2, 0.1, 1 / 3), (0.5, 0.5, 3.0, 2.0, 0.5)]
    found = []
    for start in starts:
        theta = np.array([*np.log(start[:4]), np.log(start[4] / (1 - start[4]))])
        bounds = [(-12.0, 12.0)] * 5
        step = minimize(loss, theta, method="Nelder-Mead", options={"maxiter": 250})
        step = minimize(
            loss,
            np.clip(step.x, -11.9, 11.9),
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-15, "gtol": 1e-9},
        )
        found.append(step)
    best = min(found, key=lambda step: float(step.fun))
    slope = _slope(loss, best.x)
    natural = _natural(best.x)
    if natural.alpha1 / natural.beta1 > natural.alpha2 / natural.beta2:
        natural = Prior(
            *(natural.alpha2, natural.beta2, natural.alpha1, natural.beta1),
            1 - natural.share,
        )
    return Prior(
        *(natural.alpha1, natural.beta1, natural.alpha2, natural.beta2, natural.share),
        log_likelihood=-float(best.fun) * total,
        gradient=slope,
        pairs=int(total),
    )


def prior_of(
    extract: Extract, counted: str = COUNTED, bases: str = "'1', '2', '3'"
) -> Prior:
    """Fit the prior to all drugs and reactions of an extract, by their codes.

    Parameters
    ----------
    extract : Extract
    counted : str, optional
        Condition on the reports that are looked at.
    bases : str, optional
        Roles in which drugs count, as codes for SQL.
    """
    name = extract.next_name()
    drugs = (
        "SELECT DISTINCT UMCReportId, DrecNo FROM drug "
        f"WHERE {counted} AND Basis IN ({bases}) AND DrecNo IS NOT NULL"
    )
    reactions = (
        "SELECT DISTINCT UMCReportId, MedDRA_Id FROM adr "
        f"WHERE {counted} AND MedDRA_Id IS NOT NULL"
    )
    extract.query(
        f"""
        CREATE OR REPLACE TEMP TABLE {name}_pairs AS
        WITH d AS ({drugs}), a AS ({reactions}),
        dn AS (SELECT DrecNo, count(*) AS n FROM d GROUP BY 1),
        an AS (SELECT MedDRA_Id, count(*) AS n FROM a GROUP BY 1),
        total AS (SELECT count(*) AS n FROM demo WHERE {counted}),
        pairs AS (SELECT DrecNo, MedDRA_Id, count(*) AS n
            FROM d JOIN a USING (UMCReportId) GROUP BY 1, 2)
        SELECT pairs.n AS n, dn.n::DOUBLE * an.n / total.n AS e
        FROM pairs JOIN dn USING (DrecNo) JOIN an USING (MedDRA_Id), total
        """
    )
    ((size,),) = extract.query(f"SELECT count(*) FROM {name}_pairs")
    bins = "e" if size <= _FEW_PAIRS else f"round(ln(e) * {_FINE})"
    rows = extract.query(
        f"SELECT n, avg(e), count(*) FROM {name}_pairs GROUP BY n, {bins} ORDER BY 1, 2"
    )
    extract.query(f"DROP TABLE {name}_pairs")
    n, e, w = np.array(rows, float).reshape(-1, 3).T
    return fit(n, e, w)


def _natural(theta: Floats) -> Prior:
    a1, b1, a2, b2 = np.exp(np.clip(theta[:4], -30, 30))
    share = 1 / (1 + np.exp(-np.clip(theta[4], -30, 30)))
    return Prior(float(a1), float(b1), float(a2), float(b2), float(share))


def _slope(loss: object, theta: Floats) -> float:
    step = 1e-5
    slopes = []
    for place in range(len(theta)):
        shift = np.zeros_like(theta)
        shift[place] = step
        slopes.append((loss(theta + shift) - loss(theta - shift)) / (2 * step))  # type: ignore[operator]
    return float(np.max(np.abs(slopes)))


def _log_likelihood(n: Floats, e: Floats, prior: Prior) -> Floats:
    """Log probability of a count, given that it is 1 or more."""
    parts = np.stack(
        [
            np.log(prior.share) + _log_binomial(n, e, prior.alpha1, prior.beta1),
            np.log1p(-prior.share) + _log_binomial(n, e, prior.alpha2, prior.beta2),
        ]
    )
    none = np.stack(
        [
            np.log(prior.share) + _log_none(e, prior.alpha1, prior.beta1),
            np.log1p(-prior.share) + _log_none(e, prior.alpha2, prior.beta2),
        ]
    )
    zero = np.minimum(logsumexp(none, axis=0), -1e-15)
    result: Floats = logsumexp(parts, axis=0) - np.log(-np.expm1(zero))
    return result


def _log_binomial(n: Floats, e: Floats, alpha: float, beta: float) -> Floats:
    result: Floats = (
        gammaln(alpha + n)
        - gammaln(alpha)
        - gammaln(n + 1)
        - alpha * np.log1p(e / beta)
        - n * np.log1p(beta / e)
    )
    return result


def _log_none(e: Floats, alpha: float, beta: float) -> Floats:
    result: Floats = -alpha * np.log1p(e / beta)
    return result


def _weight(n: float, e: float, prior: Prior) -> float:
    """Posterior share of the first distribution."""
    count, expected = np.array([float(n)]), np.array([float(e)])
    first, second = (
        np.log(part) + _log_binomial(count, expected, alpha, beta)[0]
        for part, alpha, beta in (
            (prior.share, prior.alpha1, prior.beta1),
            (1 - prior.share, prior.alpha2, prior.beta2),
        )
    )
    return float(1 / (1 + np.exp(np.clip(second - first, -700, 700))))


def _quantile(
    level: float,
    q: float,
    shapes: tuple[float, float],
    rates: tuple[float, float],
) -> float:
    from scipy.optimize import brentq

    def below(log_x: float) -> float:
        x = np.exp(log_x)
        return float(
            q * gammainc(shapes[0], rates[0] * x)
            + (1 - q) * gammainc(shapes[1], rates[1] * x)
            - level
        )

    return float(np.exp(brentq(below, -60.0, 40.0, xtol=1e-13, rtol=1e-14)))
