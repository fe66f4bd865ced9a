"""Figure S3: odds ratios against their precision."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis import meta
from analysis.letter.figures import wording
from analysis.letter.study import ALL, Study
from analysis.meta import AsymmetryTest
from analysis.plots import FunnelPlot, funnel
from manuscript.values import text
from manuscript.values.picture import Picture


def figure_s3(study: Study) -> Picture:
    """Draw odds ratios against their standard errors over contours of P.

    The verdicts of the tests of asymmetry, or why they are refused, are printed
    beside the plot.

    Parameters
    ----------
    study : Study
    """
    pooled, trial = study.risk[ALL], study.trials.trial
    counts = study.trials.counts
    tests = (meta.harbord(*counts), meta.peters(*counts), meta.egger(*counts))
    data = meta.funnel(pooled)
    plot = FunnelPlot(
        data,
        trial,
        across="Odds ratio (log scale)",
        down="Standard error of log odds ratio",
        centre="Pooled odds ratio",
        region=f"Its {wording.level(pooled)} region",
        remarks=_remarks(len(trial) - len(data.trial), tests),
    )
    return Picture(funnel(plot), figure_s3_alt(study))


def figure_s3_alt(study: Study) -> str:
    """Say in words what the funnel plot shows."""
    data, trial = meta.funnel(study.risk[ALL]), study.trials.trial
    entries = "; ".join(
        f"{trial[int(i)]} {text.large(_ratio(x), 2)}, {text.decimal(se, 2)}"
        for i, x, se in zip(data.trial, data.estimate, data.se, strict=True)
    )
    return (
        f"Funnel plot of {text.in_words(len(data.trial))} trials with an odds ratio, "
        f"of {text.in_words(len(trial))}. Odds ratio and standard error: "
        f"{entries or 'none'}."
    )


def _ratio(log: float) -> float:
    """Return an odds ratio, short of overflow."""
    return math.exp(min(max(float(log), -700.0), 700.0))


def _remarks(silent: int, tests: Sequence[AsymmetryTest]) -> list[str]:
    remarks = []
    if silent:
        trials = "trial has" if silent == 1 else "trials have"
        remarks.append(
            f"{text.in_words(silent).capitalize()} {trials} no odds ratio "
            "and cannot be drawn."
        )
    refused = {test.reason for test in tests if test.reason}
    names = [test.method.capitalize() for test in tests if test.reason]
    remarks += [f"{', '.join(names)}: {reason}." for reason in refused]
    remarks += [
        f"{test.method.capitalize()}: t = {text.decimal(float(test.t), 2)}, "
        f"{wording.p_value(test.p)}."
        for test in tests
        if not test.reason
    ]
    return remarks
