"""Differences between subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from analysis.meta.pooling.heterogeneity import cochran_q
from analysis.meta.pooling.inference import ratio
from analysis.meta.results import Array, Pooled


@dataclass(frozen=True)
class SubgroupTest:
    """Test for differences between subgroups.

    Attributes
    ----------
    q, df, p : (...) array
        Cochran's Q between the subgroups, its degrees of freedom (subgroups
        with an estimate less one) and its chi-squared P value, NaN if ``df``
        is 0.
    """

    q: Array
    df: Array
    p: Array


def subgroup_test(pooled_by_group: Sequence[Pooled]) -> SubgroupTest:
    """Compare the pooled estimates of subgroups that share no trial.

    Parameters
    ----------
    pooled_by_group : sequence of Pooled
        One measure throughout; a group without finite estimate and standard
        error is left out.

    Returns
    -------
    SubgroupTest

    Raises
    ------
    ValueError
        For no group or groups on different scales.

    References
    ----------
    Borenstein M, Higgins JPT. Meta-analysis and subgroups. Prev Sci
    2013;14:134-43.
    """
    measures = sorted({pooled.measure for pooled in pooled_by_group})
    if len(measures) != 1:
        found = ", ".join(measures) or "no group"
        raise ValueError(f"subgroups: expected one measure, got {found}")
    estimate = np.stack([pooled.estimate for pooled in pooled_by_group], axis=-1)
    se = np.stack([pooled.se for pooled in pooled_by_group], axis=-1)
    known = np.isfinite(estimate) & np.isfinite(se)
    weight = np.where(known, 1 / np.where(known, se, 1.0) ** 2, 0.0)
    mean = ratio(
        np.sum(weight * np.where(known, estimate, 0.0), axis=-1),
        np.sum(weight, axis=-1),
    )
    q = cochran_q(np.where(known, estimate, 0.0), weight, mean)
    df = np.maximum(np.sum(known, axis=-1) - 1.0, 0.0)
    p = np.where(df > 0, chdtrc(np.maximum(df, 1), q), np.nan)
    return SubgroupTest(np.asarray(q), np.asarray(df), p)
