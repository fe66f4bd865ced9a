"""The Bayesian normal-normal model, integrated by quadrature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from analysis.meta.counts import check_choice, check_level
from analysis.meta.pooling.heterogeneity import cochran_q, heterogeneity
from analysis.meta.pooling.inference import ratio, trial_effects
from analysis.meta.results import Array, Pooled
from analysis.meta.search.optimum import scalar_root

PriorTau = Literal["half-normal", "half-cauchy"]
_NODES = 12
_PANEL = 0.5  # of log tau
_FROM, _TO = -30.0, 16.0  # log of tau in units of its prior's scale


@dataclass(frozen=True)
class Posterior:
    """What is believed of effect and tau after the trials.

    The effect is a mixture of normal laws, one a node of tau.

    Attributes
    ----------
    tau, weight : (nodes,) array
        Nodes and their posterior probabilities, which add up to 1.
    mean, sd : (nodes,) array
        Of the effect given tau.
    log_evidence : float
        Logarithm of the marginal density of the effects.
    """

    tau: Array
    weight: Array
    mean: Array
    sd: Array
    log_evidence: float

    def probability_below(self, effect: float, *, predictive: bool = False) -> float:
        """Return the probability that the effect, or a new trial's, is below."""
        spread = np.sqrt(self.sd**2 + (self.tau**2 if predictive else 0.0))
        return float(self.weight @ ndtr((effect - self.mean) / spread))

    def quantile(self, share: float, *, predictive: bool = False) -> float:
        """Return a quantile of the effect, or of a new trial's."""
        spread = np.sqrt(self.sd**2 + (self.tau**2 if predictive else 0.0))

        def excess(effect: float) -> tuple[float, float]:
            z = (effect - self.mean) / spread
            density = self.weight @ (np.exp(-(z**2) / 2) / spread)
            below = float(self.weight @ ndtr(z))
            return below - share, float(density) / np.sqrt(2 * np.pi)

        return scalar_root(excess, float(self.weight @ self.mean))

    def quantile_tau(self, share: float) -> float:
        """Return a quantile of tau."""
        panels = self.weight.reshape(-1, _NODES)
        below = np.cumsum(panels.sum(axis=1))
        at = min(int(np.searchsorted(below, share)), len(below) - 1)
        nodes = np.polynomial.legendre.leggauss(_NODES)[0]
        # The density within the panel as a series, integrated from its start.
        orders = np.arange(_NODES)
        basis = np.polynomial.legendre.legvander(nodes, _NODES - 1)
        series = (panels[at] @ basis) * (2 * orders + 1) / 2
        whole = np.polynomial.legendre.legint(series, lbnd=-1)
        wanted = share - (below[at] - panels[at].sum())

        def excess(x: float) -> tuple[float, float]:
            part = float(np.polynomial.legendre.legval(x, whole))
            slope = float(np.polynomial.legendre.legval(x, series))
            return part - wanted, slope

        middle = np.log(self.tau.reshape(-1, _NODES)[at]).mean()
        return float(np.exp(middle + scalar_root(excess, 0.0) * _PANEL / 2))


def posterior(
    effect: ArrayLike,
    variance: ArrayLike,
    *,
    prior_tau: PriorTau = "half-normal",
    scale_tau: float = 0.5,
    sd_effect: float = 2.82,
) -> Posterior:
    """Update a weakly informative prior by trials with known variances.

    Parameters
    ----------
    effect, variance : (k,) array_like
        NaN for a trial that bears no information.
    prior_tau : {"half-normal", "half-cauchy"}
    scale_tau : float
        Scale of that prior, above 0; 0.5 for log ratios (Röver et al. 2021, Res
        Synth Methods 12:448-74, section 3.4).
    sd_effect : float
        Standard deviation of the effect's normal prior about 0; 2.82 holds odds
        ratios between 1/250 and 250 in 95% (Günhan, Röver & Friede 2020, Res
        Synth Methods 11:74-90, section 2.3).

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        For no trial, more than one data set, or a scale that is not above 0.

    Notes
    -----
    Given tau the effect is normal, and what is left is one integral over tau,
    by Gauss-Legendre rules of 12 nodes on panels of log tau.

    References
    ----------
    Röver C. Bayesian random-effects meta-analysis using the bayesmeta R package.
    J Stat Softw 2020;93(6), equations 7 to 11.

    Examples
    --------
    >>> found = posterior([0.3, 0.8], [0.1, 0.2])
    >>> f"{found.quantile(0.5):.3f} {found.probability_below(0):.4f}"
    '0.483 0.0906'
    """
    check_choice("prior_tau", prior_tau, ("half-normal", "half-cauchy"))
    for name, number in (("scale_tau", scale_tau), ("sd_effect", sd_effect)):
        if not 0 < number < np.inf:
            raise ValueError(f"{name}: got {number!r}, expected a number above 0")
    y, v = (np.asarray(x, dtype=float) for x in (effect, variance))
    if y.ndim != 1:
        raise ValueError(f"posterior: expected one data set, got shape {y.shape}")
    used = np.isfinite(y) & np.isfinite(v)
    if not used.any():
        raise ValueError("posterior: no trial bears information")
    y, v = y[used], v[used]
    panels = int((_TO - _FROM) / _PANEL)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    starts = _FROM + _PANEL * np.arange(panels)
    log_unit = (starts[:, np.newaxis] + (nodes + 1) * _PANEL / 2).ravel()
    tau = scale_tau * np.exp(log_unit)
    unit = tau / scale_tau
    if prior_tau == "half-normal":
        log_prior = np.log(2 / np.pi) / 2 - unit**2 / 2
    else:
        log_prior = np.log(2 / np.pi) - np.log1p(unit**2)
    w = 1 / (v + tau[:, np.newaxis] ** 2)
    precision = w.sum(axis=-1) + 1 / sd_effect**2
    mean = w @ y / precision
    scatter = w @ y**2 - precision * mean**2
    log_density = (
        np.log(w).sum(axis=-1)
        - y.size * np.log(2 * np.pi)
        - np.log(precision)
        - 2 * np.log(sd_effect)
        - scatter
    ) / 2
    terms = log_density + log_prior + log_unit + np.log(np.tile(weights, panels))
    terms += np.log(_PANEL / 2)
    highest = terms.max()
    total = float(np.exp(terms - highest).sum())
    return Posterior(
        tau,
        np.exp(terms - highest) / total,
        mean,
        1 / np.sqrt(precision),
        float(highest + np.log(total)),
    )


def bayes_effects(
    method: str,
    measure: str,
    effect: Array,
    variance: Array,
    *,
    prior_tau: PriorTau = "half-normal",
    scale_tau: float = 0.5,
    sd_effect: float = 2.82,
    level: float = 0.95,
    reason: str = "",
) -> Pooled:
    """Pool trial effects by :func:`posterior`, which has the parameters.

    Returns
    -------
    Pooled
        Posterior median with its standard deviation and the equal-tailed
        credible interval; tau² is the square of the posterior median of tau, with
        the squares of its limits; the prediction interval is that of a new
        trial's effect. No P value.
    """
    check_level(level)
    shape = effect.shape[:-1]
    answers = np.full((*shape, 9), np.nan)
    for place in np.ndindex(shape):
        used = np.isfinite(effect[place]) & np.isfinite(variance[place])
        if not used.any():
            continue
        found = posterior(
            effect[place],
            variance[place],
            prior_tau=prior_tau,
            scale_tau=scale_tau,
            sd_effect=sd_effect,
        )
        tails = ((1 - level) / 2, (1 + level) / 2)
        mean = found.weight @ found.mean
        spread = found.weight @ (found.sd**2 + (found.mean - mean) ** 2)
        answers[place] = [
            found.quantile(0.5),
            np.sqrt(spread),
            *(found.quantile(tail) for tail in tails),
            *(found.quantile_tau(share) ** 2 for share in (0.5, *tails)),
            *(found.quantile(tail, predictive=True) for tail in tails),
        ]
    estimate, se, low, high, tau2, tau2_low, tau2_high, new_low, new_high = (
        np.asarray(x) for x in np.moveaxis(answers, -1, 0)
    )
    used = np.isfinite(effect)
    k = np.asarray(used.sum(axis=-1), dtype=float)
    weight = used / np.where(used, variance, 1.0)
    filled = np.where(used, effect, 0.0)
    centre = ratio(np.sum(weight * filled, axis=-1), np.sum(weight, axis=-1))
    nothing = np.full(shape, np.nan)
    return Pooled(
        method=method,
        measure=measure,
        level=level,
        k=k,
        k_all=np.full(shape, float(effect.shape[-1])),
        estimate=estimate,
        se=se,
        ci_low=low,
        ci_high=high,
        z=nothing,
        p=nothing,
        heterogeneity=heterogeneity(
            cochran_q(filled, weight, centre),
            k,
            level,
            tau2,
            estimator="posterior median",
            tau2_limits=(tau2_low, tau2_high),
        ),
        trials=trial_effects(
            effect,
            np.sqrt(variance),
            used / (np.where(used, variance, 1.0) + np.nan_to_num(tau2)[..., None]),
            level,
        ),
        reason=reason,
        prediction_low=new_low,
        prediction_high=new_high,
        details=(
            f"effect normal about 0 with SD {sd_effect:g}, "
            f"tau {prior_tau} with scale {scale_tau:g}",
            "posterior median and credible interval",
        ),
    )
