"""What a meta-analysis answers.

Every array may carry leading batch axes, written ``(...)`` below: one answer
for each of many data sets of ``k`` trials. Without batch axes the fields are
zero-dimensional arrays and read like floats.

A quantity that cannot be computed is NaN, and ``reason`` says why; one that is
infinite is infinite.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from analysis.meta.scales import NAMES, to_natural
from analysis.meta.scales import Array as Array

if TYPE_CHECKING:
    import pandas


class Result:
    """Results are equal when all fields are, NaN being equal to NaN."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(
            _same(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)  # type: ignore[arg-type]
        )

    __hash__ = None  # type: ignore[assignment]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other, equal_nan=True))
    return bool(one == other)


@dataclass(frozen=True, eq=False)
class Certificate(Result):
    """The proof that an iterative estimate is the highest maximum.

    Attributes
    ----------
    log_likelihood : (...) array
        At the answer, including the constants that hang on the counts alone
        where the method says so; restricted for REML, penalised for Firth.
    slope : (...) array
        Largest absolute derivative of the log-likelihood at the answer, in the
        parameters of the search, relative to the root of its curvature; 0 at a
        maximum inside, and left out for a variance of 0.
    curvature : (...) array
        Largest eigenvalue of the second derivatives; below 0 at a maximum.
    at_zero, at_most : (...) array
        Log-likelihoods at the two ends of the search over the variance: at 0,
        and at the largest one tried; -inf where the model has no such end.
    maxima : (...) array
        Local maxima that the search found, the end at 0 included.
    integration_error : (...) array
        How far the log-likelihood at the answer moves when it is integrated
        with many more nodes; 0 where nothing is integrated.
    """

    log_likelihood: Array
    slope: Array
    curvature: Array
    at_zero: Array
    at_most: Array
    maxima: Array
    integration_error: Array

    def holds(self, tolerance: float = 1e-6) -> bool:
        """Whether the answer is a maximum and no end lies higher.

        Parameters
        ----------
        tolerance : float
            Largest relative slope, and how much higher an end may lie.
        """
        known = np.isfinite(self.log_likelihood)
        best_end = np.fmax(self.at_zero, self.at_most)
        good = (
            (self.slope <= tolerance)
            & (self.curvature < 0)
            & (best_end <= self.log_likelihood + tolerance)
        )
        return bool(np.all(good | ~known))


@dataclass(frozen=True, eq=False)
class Heterogeneity(Result):
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
    tau2, tau2_low, tau2_high : (...) array
        Between-trial variance with the limits of its Q profile; NaN where the
        method estimates none.
    i2_tau2, i2_tau2_low, i2_tau2_high : (...) array
        I² as the share of ``tau2`` in ``tau2`` and a typical sampling variance,
        with the limits that follow from those of ``tau2``.
    estimator : str
        Of ``tau2``, such as ``"REML"``; empty where there is none.
    reason : str
        Why fields are NaN; empty if none is.

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
    tau2_low: Array
    tau2_high: Array
    i2_tau2: Array
    i2_tau2_low: Array
    i2_tau2_high: Array
    estimator: str = ""
    reason: str = ""


@dataclass(frozen=True, eq=False)
class TrialEffects(Result):
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
    """An estimate and its limits as ratio, proportion or difference."""

    estimate: Array
    ci_low: Array
    ci_high: Array


@dataclass(frozen=True, eq=False)
class Pooled(Result):
    """A pooled effect with its interval.

    Attributes
    ----------
    method : str
        For example ``"peto"`` or ``"mantel-haenszel"``.
    measure : str
        Scale of ``estimate``, one of :data:`analysis.meta.scales.MEASURES`: log
        odds ratio (OR), log risk ratio (RR), logit proportion (PLOGIT),
        Freeman-Tukey (PFT) or arcsine (PAS) proportion, proportion (PRAW), risk
        difference (RD), arcsine difference (ASD).
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
        Why fields are NaN or infinite; empty when all could be computed.
    prediction_low, prediction_high : (...) array or None
        Prediction interval of a random-effects pool.
    prediction_reason : str
        Why it is NaN; empty if it is not.
    sample_size : (...) array or None
        Patients of a typical trial, with which a Freeman-Tukey estimate goes
        back to a proportion.
    df : (...) array or None
        Degrees of freedom of the t test and interval; None for a normal one.
    details : tuple of str
        How the pool was made, a phrase each: correction, interval, likelihood.
    certificate : Certificate or None
        Of an iterative method.
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
    prediction_reason: str = ""
    sample_size: Array | None = None
    df: Array | None = None
    details: tuple[str, ...] = ()
    certificate: Certificate | None = None

    def natural(self) -> Natural:
        """Return estimate and limits as ratio, proportion or difference."""
        return Natural(
            *(
                to_natural(x, self.measure, self.sample_size)
                for x in (self.estimate, self.ci_low, self.ci_high)
            )
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return the trials and the pool as one mapping a row.

        Returns
        -------
        list of dict
            ``trial`` (from 1, ``"pooled"`` last), ``estimate``, ``se``,
            ``ci_low`` and ``ci_high`` on the scale of the analysis, ``natural``,
            ``natural_low``, ``natural_high``, and ``weight`` as a share of 1.

        Raises
        ------
        ValueError
            For a pool with batch axes.
        """
        if np.ndim(self.estimate):
            raise ValueError(
                f"{self.method}: got {np.shape(self.estimate)} data sets, expected one"
            )
        found = []
        own = self.trials
        if own is not None:
            total = np.sum(own.weight)
            for i in range(np.shape(own.estimate)[-1]):
                numbers = [x[i] for x in (own.estimate, own.se)]
                limits = [x[i] for x in (own.ci_low, own.ci_high)]
                share = own.weight[i] / total if total > 0 else np.nan
                found.append(self._row(i + 1, *numbers, *limits, share))
        ends = (self.estimate, self.se, self.ci_low, self.ci_high)
        found.append(self._row("pooled", *ends, np.nan if own is None else 1.0))
        return found

    def _row(self, trial: int | str, *numbers: Any) -> dict[str, Any]:
        estimate, se, low, high, weight = (float(x) for x in numbers)
        size = self.sample_size
        natural = [
            float(to_natural(x, self.measure, size)) for x in (estimate, low, high)
        ]
        return {
            "trial": trial,
            "estimate": estimate,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "natural": natural[0],
            "natural_low": natural[1],
            "natural_high": natural[2],
            "weight": weight,
        }

    def to_frame(self) -> pandas.DataFrame:
        """Return :meth:`rows` as a pandas DataFrame.

        Raises
        ------
        ImportError
            Without pandas, which this package does not need otherwise.
        ValueError
            For a pool with batch axes.
        """
        import pandas

        return pandas.DataFrame(self.rows()).set_index("trial")

    def summary(self) -> str:
        """Return the pool in a few lines.

        Examples
        --------
        >>> from analysis import meta
        >>> print(meta.peto([6, 3], [231, 306], [2, 0], [229, 302]).summary())
        peto, odds ratio: 3.59 [1.09, 11.8] (95% interval)
        k = 2 of 2 trials, z = 2.11, P = 0.0351
        Q = 0.528, df = 1, P = 0.468; I2 = 0%
        """
        if np.ndim(self.estimate):
            return f"{self.method}: {np.shape(self.estimate)} data sets"
        one, low, high = (_shown(x) for x in self.natural())
        lines = [
            f"{self.method}, {NAMES[self.measure]}: {one} [{low}, {high}] "
            f"({100 * self.level:g}% interval)",
            f"k = {self.k:g} of {self.k_all:g} trials",
        ]
        if np.isfinite(self.p):
            test = "z" if self.df is None else "t"
            lines[-1] += f", {test} = {_shown(self.z)}, P = {_shown(self.p)}"
        spread = self.heterogeneity
        if spread is not None and np.isfinite(spread.p):
            lines.append(
                f"Q = {_shown(spread.q)}, df = {spread.df:g}, P = {_shown(spread.p)}; "
                f"I2 = {100 * float(spread.i2):.0f}%"
            )
        if spread is not None and np.isfinite(spread.tau2):
            lines.append(f"tau2 = {_shown(spread.tau2)} ({spread.estimator})")
        if self.prediction_low is not None and np.isfinite(self.prediction_low):
            ends = (self.prediction_low, self.prediction_high)
            low, high = (
                _shown(to_natural(x, self.measure, self.sample_size))
                for x in ends
                if x is not None
            )
            lines.append(f"prediction [{low}, {high}]")
        if self.reason:
            lines.append(self.reason)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Pooled {self.summary()}>"


def _shown(number: Any) -> str:
    return f"{float(number):.3g}"
