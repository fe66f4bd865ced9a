"""Risk and incidence: every pool of the letter, and every trial in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from analysis import meta
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from analysis.meta.subgroups import SubgroupTest
from manuscript.values import Origin, Value


def risk(study: Study) -> Iterator[Value]:
    """Peto odds ratios by control class and overall, with their tests."""
    for name, pooled in study.risk.items():
        origin = _origin(meta.peto, study, name)
        estimate, low, high = pooled.natural()
        prefix = f"risk.{name}"
        yield origin.ratio(f"{prefix}.or", estimate)
        yield origin.ratio(f"{prefix}.ci_low", low)
        yield origin.ratio(f"{prefix}.ci_high", high)
        yield origin.p(f"{prefix}.p", pooled.p)
        yield from _heterogeneity(origin, prefix, pooled)
    yield from _subgroups(study, "risk.subgroups", study.risk_subgroups)


def incidence(study: Study) -> Iterator[Value]:
    """Incidence under lenalidomide, in percent, by control class and overall."""
    for name, pooled in study.incidence.items():
        origin = _origin(meta.logit_inverse_variance, study, name)
        estimate, low, high = pooled.natural()
        prefix = f"incidence.{name}"
        yield origin.percent(prefix, estimate, 2)
        yield origin.percent(f"{prefix}.ci_low", low, 2)
        yield origin.percent(f"{prefix}.ci_high", high, 2)
        yield from _heterogeneity(origin, prefix, pooled)
    yield from _subgroups(study, "incidence.subgroups", study.incidence_subgroups)


def trial(study: Study) -> Iterator[Value]:
    """Report counts and Peto odds ratio of each trial, as ``trial.<name>.or``."""
    table, pooled = study.trials, study.risk[ALL]
    effects = pooled.trials
    assert effects is not None
    total = np.sum(effects.weight)
    share = effects.weight / total if total > 0 else np.zeros(len(table))
    exact = meta.clopper_pearson(table.events_treated, table.n_treated)
    with np.errstate(over="ignore"):  # beyond every number, and printed so
        ratios = tuple(
            np.exp(part) for part in (effects.estimate, effects.ci_low, effects.ci_high)
        )
    for i, name in enumerate(table.trial):
        row = f"trial = {name}"
        counts = table.origin(type(table).where, row)
        for arm, events, n in zip(
            table.arms, table.counts[::2], table.counts[1::2], strict=True
        ):
            yield counts.count(f"trial.{name}.events_{arm}", events[i])
            yield counts.count(f"trial.{name}.n_{arm}", n[i])
        if not table.is_invented:  # which row has which time is then chance
            followup = table.median_followup_months[i]
            yield counts.value(f"trial.{name}.followup", followup, "months", 1)
        peto = table.origin(meta.peto, row)
        yield peto.ratio(f"trial.{name}.or", ratios[0][i])
        yield peto.ratio(f"trial.{name}.ci_low", ratios[1][i])
        yield peto.ratio(f"trial.{name}.ci_high", ratios[2][i])
        yield peto.percent(f"trial.{name}.weight", share[i], 1)
        own = table.origin(meta.clopper_pearson, row)
        crude = table.events_treated[i] / table.n_treated[i]
        yield own.percent(f"trial.{name}.incidence", crude, 2)
        yield own.percent(f"trial.{name}.incidence.ci_low", exact[0][i], 2)
        yield own.percent(f"trial.{name}.incidence.ci_high", exact[1][i], 2)


def _origin(function: Callable[..., object], study: Study, name: str) -> Origin:
    return study.trials.origin(function, study.trials.rows(name))


def _heterogeneity(origin: Origin, prefix: str, pooled: Pooled) -> Iterator[Value]:
    heterogeneity = pooled.heterogeneity
    assert heterogeneity is not None
    yield origin.percent(f"{prefix}.i2", heterogeneity.i2)
    yield origin.percent(f"{prefix}.i2_low", heterogeneity.i2_low)
    yield origin.percent(f"{prefix}.i2_high", heterogeneity.i2_high)
    yield origin.value(f"{prefix}.q", heterogeneity.q, "number", 2)
    yield origin.count(f"{prefix}.df", heterogeneity.df)
    yield origin.p(f"{prefix}.q_p", heterogeneity.p)
    yield origin.count(f"{prefix}.k", pooled.k)
    yield origin.count(f"{prefix}.k_all", pooled.k_all)


def _subgroups(study: Study, prefix: str, test: SubgroupTest) -> Iterator[Value]:
    origin = study.trials.origin(meta.subgroup_test)
    yield origin.value(f"{prefix}.q", test.q, "number", 2)
    yield origin.count(f"{prefix}.df", test.df)
    yield origin.p(f"{prefix}.p", test.p)
