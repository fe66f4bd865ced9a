"""What a meta-analysis answers.

Every array may carry leading batch axes, written ``(...)`` below: one answer
for each of many data sets of ``k`` trials. Without batch axes the fields are
zero-dimensional arrays and read like floats.

A quantity that cannot be computed is NaN, and ``reason`` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analysis.meta.scales import Array as Array
from analysis.meta.scales import to_natural


@dataclass(frozen=True)
class Heterogeneity:
    """Cochran's Q and what is derived from it.

    Attributes
    ----------
    q, df, p : (...) array
        Cochran's Q, its degrees of freedom (informative trials less one) and
        its chi-squared P value in [0, 1]; P is NaN when ``df`` is 0.
    i2, i2_low, i2_high : (...) array
        Share of variation beyond chance, in [0, 1], with its interval.
    h, h_low, h_high : (...) array
        sqrt(Q / df), truncated at 1, with its interval.
    tau2 : (...) array
        Between-trial variance; 0 under the common-effect model.

    References
    ----------
    Higgins JPT, Thompson SG. Quantifying heterogeneity in a meta-analysis.
    Stat Med 2002;21:1539-58.
    """

    q: Array
    df: Array
    p: Array
    i2: Array
    i2_low: Array
    i2_high: Array
    h: Array
    h_low: Array
    h_high: Array
    tau2: Array


@dataclass(frozen=True)
class TrialEffects:
    """Each trial's own answer, on the scale of the analysis.

    Attributes
    ----------
    estimate, se, ci_low, ci_high : (..., k) array
        Effect, standard error and confidence limits; NaN for a trial that
        bears no information on the effect.
    weight : (..., k) array
        Weight in the pool, not normalised; 0 for an uninformative trial.
    """

    estimate: Array
    se: Array
    ci_low: Array
    ci_high: Array
    weight: Array


class Natural(NamedTuple):
    """An estimate and its limits as odds ratio, proportion or difference."""

    estimate: Array
    ci_low: Array
    ci_high: Array


@dataclass(frozen=True)
class Pooled:
    """A pooled effect with its interval.

    Attributes
    ----------
    method : str
        For example ``"peto"`` or ``"mantel-haenszel"``.
    measure : {"OR", "PLOGIT", "PFT", "PRAW", "RD", "ASD"}
        Scale of ``estimate``: log odds ratio, logit proportion,
        Freeman-Tukey proportion, proportion, risk difference, arcsine
        difference.
    level : float
        Confidence level in (0, 1).
    k, k_all : (...) array
        Trials that bear information, and all trials.
    estimate, se, ci_low, ci_high : (...) array
        Pooled effect, standard error and limits on the scale of ``measure``.
    z, p : (...) array
        Test of no effect; NaN for proportions.
    heterogeneity : Heterogeneity or None
        None where the method defines none.
    trials : TrialEffects or None
        None where the method pools without trial effects.
    reason : str
        Why fields are NaN; empty when all could be computed.
    prediction_low, prediction_high : (...) array or None
        Prediction interval of a random-effects pool.
    sample_size : (...) array or None
        Patients of a typical trial, with which a Freeman-Tukey estimate goes
        back to a proportion.
    """

    method: str
    measure: str
    level: float
    k: Array
    k_all: Array
    estimate: Array
    se: Array
    ci_low: Array
    ci_high: Array
    z: Array
    p: Array
    heterogeneity: Heterogeneity | None
    trials: TrialEffects | None
    reason: str = ""
    prediction_low: Array | None = None
    prediction_high: Array | None = None
    sample_size: Array | None = None

    def natural(self) -> Natural:
        """Return estimate and limits as odds ratio, proportion or difference."""
        return Natural(
            *(
                to_natural(x, self.measure, self.sample_size)
                for x in (self.estimate, self.ci_low, self.ci_high)
            )
        )
