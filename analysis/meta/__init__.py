"""Meta-analysis of rare events, at parity with R ``meta``.

Counts go in as arrays with one entry a trial on the last axis; leading axes hold
many data sets at once. Frozen results come out: see :class:`Pooled`.
"""

from analysis.meta.advice import Advice, advise, disagreement
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
from analysis.meta.counts import check_level
from analysis.meta.methods import (
    MORE_ONE_ARM,
    MORE_TWO_ARMS,
    ONE_ARM,
    TWO_ARMS,
    Method,
    sensitivity_set,
)
from analysis.meta.pooling.bayes import Posterior, posterior
from analysis.meta.pooling.effects import INTERVALS, PREDICTIONS, pool_effects
from analysis.meta.pooling.heterogeneity import cochran_q, heterogeneity
from analysis.meta.pooling.tau2 import between_trial_variance, q_profile
from analysis.meta.proportion.inverse import (
    arcsine_proportion,
    clopper_pearson,
    crude,
    freeman_tukey,
    logit_inverse_variance,
    mid_p,
    raw_proportion,
)
from analysis.meta.proportion.mixed import glmm_proportion
from analysis.meta.quantiles import Summary, summary
from analysis.meta.results import (
    Certificate,
    Heterogeneity,
    Natural,
    Pooled,
    TrialEffects,
)
from analysis.meta.robustness.fragility import Fragility, OutcomeChange, fragility
from analysis.meta.robustness.influence import cumulative, leave_one_out
from analysis.meta.robustness.regression import Regression, meta_regression
from analysis.meta.robustness.small_study import (
    AsymmetryTest,
    Funnel,
    egger,
    funnel,
    harbord,
    peters,
)
from analysis.meta.scales import from_natural, to_natural
from analysis.meta.subgroups import SubgroupTest, subgroup_test

__all__ = [
    "INTERVALS",
    "MORE_ONE_ARM",
    "MORE_TWO_ARMS",
    "ONE_ARM",
    "PREDICTIONS",
    "TWO_ARMS",
    "Advice",
    "AsymmetryTest",
    "Certificate",
    "Fragility",
    "Funnel",
    "Heterogeneity",
    "Method",
    "Natural",
    "OutcomeChange",
    "Pooled",
    "Posterior",
    "Regression",
    "SubgroupTest",
    "Summary",
    "TrialEffects",
    "advise",
    "arcsine_difference",
    "arcsine_proportion",
    "bayes_odds_ratio",
    "beta_binomial",
    "between_trial_variance",
    "check_level",
    "clopper_pearson",
    "cochran_q",
    "crude",
    "cumulative",
    "disagreement",
    "egger",
    "exact_conditional",
    "firth",
    "fragility",
    "freeman_tukey",
    "from_natural",
    "funnel",
    "glmm",
    "glmm_proportion",
    "glmm_random",
    "harbord",
    "heterogeneity",
    "inverse_variance",
    "leave_one_out",
    "logit_inverse_variance",
    "mantel_haenszel",
    "meta_regression",
    "mid_p",
    "peters",
    "peto",
    "pool_effects",
    "posterior",
    "q_profile",
    "raw_proportion",
    "risk_difference",
    "risk_difference_mh",
    "risk_ratio",
    "risk_ratio_mh",
    "score",
    "sensitivity_set",
    "subgroup_test",
    "summary",
    "to_natural",
]
