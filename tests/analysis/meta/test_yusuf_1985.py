"""Yusuf, Peto, Lewis, Collins & Sleight 1985, Prog Cardiovasc Dis 27:335-71.

Table 6: short-term mortality in trials of long-term beta blockade; counts from
R package metadat, ``dat.yusuf1985``. The odds ratio and limits are those that
metafor's documentation (analyses:yusuf1985) compares with the paper.
"""

import numpy as np

from analysis import meta

# Deaths and patients, beta blocker and control; the trial Snow 1 has no counts.
COUNTS = np.array(
    [
        (14, 56, 15, 58),
        (18, 66, 19, 64),
        (15, 100, 12, 95),
        (10, 52, 12, 47),
        (21, 226, 24, 228),
        (3, 38, 6, 31),
        (2, 20, 3, 20),
        (19, 76, 15, 67),
        (15, 106, 9, 114),
        (5, 62, 4, 57),
        (0, 9, 0, 8),
        (8, 133, 11, 127),
        (3, 48, 3, 49),
        (0, 16, 0, 13),
        (1, 42, 1, 46),
        (0, 25, 3, 25),
        (14, 221, 15, 228),
        (0, 11, 0, 11),
        (8, 259, 7, 129),
        (6, 157, 4, 158),
        (3, 177, 2, 136),
    ]
).T


def test_table_6():
    pooled = meta.peto(*COUNTS)
    np.testing.assert_allclose(pooled.natural(), (0.9332, 0.7385, 1.1792), atol=5e-5)


def test_three_trials_without_deaths_do_not_count():
    pooled = meta.peto(*COUNTS)
    assert (pooled.k, pooled.k_all, pooled.heterogeneity.df) == (18, 21, 17)
    assert list(np.flatnonzero(np.isnan(pooled.trials.estimate))) == [10, 13, 17]
