"""Every way of pooling, by name.

``TWO_ARMS`` and ``ONE_ARM`` are the methods that a reviewer of rare events asks
for, and the sensitivity set; ``MORE_TWO_ARMS`` and ``MORE_ONE_ARM`` are the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from numpy.typing import ArrayLike

from analysis.meta.binary.bayes import bayes_odds_ratio
from analysis.meta.binary.beta_binomial import beta_binomial
from analysis.meta.binary.difference import (
    arcsine_difference,
    risk_difference,
    risk_difference_mh,
)
from analysis.meta.binary.exact import exact_conditional
from analysis.meta.binary.firth import firth
from analysis.meta.binary.logistic import glmm
from analysis.meta.binary.mixed import glmm_random
from analysis.meta.binary.odds_ratio import inverse_variance, mantel_haenszel, peto
from analysis.meta.binary.risk_ratio import risk_ratio, risk_ratio_mh
from analysis.meta.binary.score import score
from analysis.meta.proportion.inverse import (
    arcsine_proportion,
    crude,
    freeman_tukey,
    logit_inverse_variance,
    raw_proportion,
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


MORE_TWO_ARMS = (
    Method("mid-p", "Exact conditional, mid-P", partial(exact_conditional, mid_p=True)),
    Method("or-score", "Odds ratio, score limits", partial(score, measure="OR")),
    Method("firth", "Logistic, Firth's penalty", firth),
    Method(
        "beta-binomial-paired",
        "Beta-binomial given trials' events",
        partial(beta_binomial, paired=True),
    ),
    Method("glmm-random", "Logistic, random effects, fixed trial effects", glmm_random),
    Method(
        "cm-al",
        "Conditional, random effects, approximate",
        partial(glmm_random, likelihood="CM.AL"),
    ),
    Method(
        "cm-el",
        "Conditional, random effects, exact",
        partial(glmm_random, likelihood="CM.EL"),
    ),
    Method("ml", "Random, maximum likelihood", partial(inverse_variance, model="ML")),
    Method("eb", "Random, empirical Bayes", partial(inverse_variance, model="EB")),
    Method("sj", "Random, Sidik-Jonkman", partial(inverse_variance, model="SJ")),
    Method("hs", "Random, Hunter-Schmidt", partial(inverse_variance, model="HS")),
    Method("he", "Random, Hedges-Olkin", partial(inverse_variance, model="HE")),
    Method(
        "reml-kh",
        "Random, REML, Knapp-Hartung",
        partial(inverse_variance, model="REML", interval="knapp-hartung"),
    ),
    Method(
        "reml-kh-safe",
        "Random, REML, Knapp-Hartung not reduced",
        partial(inverse_variance, model="REML", interval="knapp-hartung-safe"),
    ),
    Method("ivhet", "IVhet", partial(inverse_variance, model="IVhet")),
    Method("bayes", "Bayesian, normal-normal", bayes_odds_ratio),
    Method("rr", "Risk ratio, Mantel-Haenszel", risk_ratio_mh),
    Method("rr-iv", "Risk ratio, inverse variance, 0.5", risk_ratio),
    Method("rr-reml", "Risk ratio, REML", partial(risk_ratio, model="REML")),
    Method("rr-score", "Risk ratio, score limits", partial(score, measure="RR")),
    Method("rd-score", "Risk difference, score limits", partial(score, measure="RD")),
    Method("rd-reml", "Risk difference, REML", partial(risk_difference, model="REML")),
)

MORE_ONE_ARM = (
    Method("crude-mid-p", "Crude, mid-P", partial(crude, limits="mid-p")),
    Method(
        "plogit-reml-kh",
        "Logit, REML, Knapp-Hartung",
        partial(logit_inverse_variance, model="REML", interval="knapp-hartung"),
    ),
    Method("arcsine", "Arcsine", arcsine_proportion),
    Method("arcsine-reml", "Arcsine, REML", partial(arcsine_proportion, model="REML")),
    Method("raw", "Untransformed, inverse variance", raw_proportion),
    Method("raw-reml", "Untransformed, REML", partial(raw_proportion, model="REML")),
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
