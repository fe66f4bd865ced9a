"""Meta-analysis of rare events, at parity with R ``meta``."""

from analysis.meta.heterogeneity import heterogeneity
from analysis.meta.influence import leave_one_out
from analysis.meta.odds_ratio import peto
from analysis.meta.proportion import clopper_pearson, crude, logit_inverse_variance
from analysis.meta.results import Heterogeneity, Pooled, TrialEffects
from analysis.meta.subgroups import SubgroupTest, subgroup_test

__all__ = [
    "Heterogeneity",
    "Pooled",
    "SubgroupTest",
    "TrialEffects",
    "clopper_pearson",
    "crude",
    "heterogeneity",
    "leave_one_out",
    "logit_inverse_variance",
    "peto",
    "subgroup_test",
]
