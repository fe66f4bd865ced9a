"""Every way of pooling, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from numpy.typing import ArrayLike

from analysis.meta.binary.beta_binomial import beta_binomial
from analysis.meta.binary.difference import (
    arcsine_difference,
    risk_difference,
    risk_difference_mh,
)
from analysis.meta.binary.exact import exact_conditional
from analysis.meta.binary.logistic import glmm
from analysis.meta.binary.odds_ratio import inverse_variance, mantel_haenszel, peto
from analysis.meta.proportion.inverse import (
    crude,
    freeman_tukey,
    logit_inverse_variance,
)
from analysis.meta.proportion.mixed import glmm_proportion
from analysis.meta.results import Pooled


@dataclass(frozen=True)
class Method:
    """A way of pooling.

    Attributes
    ----------
    name : str
        Short name, as on the command line.
    label : str
        Usual name, as in a table.
    pool : callable
        Takes the counts, in the order of its kind, and ``level``.
    """

    name: str
    label: str
    pool: Callable[..., Pooled]


TWO_ARMS = (
    Method("peto", "Peto", peto),
    Method("mh", "Mantel-Haenszel, no correction", mantel_haenszel),
    Method(
        "mh-half", "Mantel-Haenszel, 0.5", partial(mantel_haenszel, correction="half")
    ),
    Method(
        "mh-tacc",
        "Mantel-Haenszel, treatment-arm",
        partial(mantel_haenszel, correction="treatment-arm"),
    ),
    Method("iv", "Inverse variance, 0.5", inverse_variance),
    Method(
        "iv-tacc",
        "Inverse variance, treatment-arm",
        partial(inverse_variance, correction="treatment-arm"),
    ),
    Method(
        "iv-all",
        "Inverse variance, 0.5, all trials",
        partial(inverse_variance, all_trials=True),
    ),
    Method("exact", "Exact conditional", exact_conditional),
    Method("glmm", "Logistic, fixed trial effects", glmm),
    Method("beta-binomial", "Beta-binomial", beta_binomial),
    Method("dl", "Random, DerSimonian-Laird", partial(inverse_variance, model="DL")),
    Method("pm", "Random, Paule-Mandel", partial(inverse_variance, model="PM")),
    Method("reml", "Random, REML", partial(inverse_variance, model="REML")),
    Method("rd", "Risk difference, Mantel-Haenszel", risk_difference_mh),
    Method("rd-iv", "Risk difference, inverse variance", risk_difference),
    Method("asd", "Arcsine difference", arcsine_difference),
)

ONE_ARM = (
    Method("plogit", "Logit, inverse variance", logit_inverse_variance),
    Method("crude", "Crude, Clopper-Pearson", crude),
    Method("glmm", "Logistic, random trial effects", glmm_proportion),
    Method(
        "plogit-reml",
        "Logit, random effects, REML",
        partial(logit_inverse_variance, model="REML"),
    ),
    Method("freeman-tukey", "Freeman-Tukey", freeman_tukey),
)


def sensitivity_set(
    *counts: ArrayLike, level: float = 0.95
) -> tuple[tuple[str, Pooled], ...]:
    """Pool one data set by every method.

    Parameters
    ----------
    *counts : (..., k) array_like
        Events and patients of the treated arm, then of the control arm; or
        events and patients of single arms.
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    tuple of (str, Pooled)
        Usual name and result; where a method cannot answer, the result's
        ``reason`` says why.

    Raises
    ------
    ValueError
        For impossible counts, naming the trial.
    """
    if len(counts) not in (2, 4):
        raise ValueError(
            f"got {len(counts)} arrays of counts, expected events_treated, n_treated, "
            "events_control and n_control, or events and n"
        )
    methods = TWO_ARMS if len(counts) == 4 else ONE_ARM
    return tuple((m.label, m.pool(*counts, level=level)) for m in methods)
