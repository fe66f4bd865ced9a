"""What the prose asks for: the trials, their pools by key, tables and figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from scipy.stats import norm

from analysis import meta, plots
from analysis.basis import stated_basis
from analysis.meta import Pooled
from analysis.reading import read_table
from analysis.schema import Column, Schema, label, quantity
from analysis.trials import Counts, Trials, read_trials
from manuscript.values import markdown, text
from manuscript.values.answers import Answers
from manuscript.values.picture import Picture
from manuscript.values.value import Origin, Value

ROOT = Path(__file__).resolve().parent
# What columns, arms and outcomes are stands in data/trials.yml.
FILE, PUBLISHED = "data/trials.csv", "data/published.csv"
LARGE = 2000  # patients of trials that the funnel plot names
PRINTED = ("or", "ci_low", "ci_high", "p")
PUBLISHED_SCHEMA = Schema(
    (Column("outcome", label), *(Column(name, quantity()) for name in PRINTED)),
    unique=("outcome",),
)


@lru_cache(maxsize=1)
def trials() -> Trials:
    """Read the trials; every fault of the table is told with its place."""
    return read_trials(ROOT / FILE, FILE)


def mantel_haenszel_all(*counts: Counts) -> Pooled:
    """Pool by Mantel and Haenszel with 0.5 added to every cell of every trial.

    Counts are doubled to stay whole: the odds ratio is the same, and its variance
    (Robins, Breslow and Greenland, Biometrics 1986;42:311-23) half of what is wanted.
    """
    treated, n_treated, control, n_control = (2 * x for x in counts)
    doubled = meta.mantel_haenszel(
        treated + 1, n_treated + 2, control + 1, n_control + 2
    )
    se = doubled.se * math.sqrt(2)
    z = doubled.estimate / se
    reach = norm.ppf(0.5 + doubled.level / 2) * se
    low, high = doubled.estimate - reach, doubled.estimate + reach
    p = 2 * norm.sf(abs(z))
    return replace(doubled, se=se, ci_low=low, ci_high=high, z=z, p=p)


# Key -> name in the table, and what pools.
METHODS: dict[str, tuple[str, Callable[..., Pooled]]] = {
    "peto": ("Peto", meta.peto),
    "mh": ("Mantel-Haenszel", meta.mantel_haenszel),
    "mh_half": (
        "Mantel-Haenszel, 0.5 in trials with an empty cell",
        partial(meta.mantel_haenszel, correction="half"),
    ),
    "mh_all": ("Mantel-Haenszel, 0.5 in every trial", mantel_haenszel_all),
    "exact": ("Exact conditional", meta.exact_conditional),
    "glmm": ("Logistic, fixed trial effects", meta.glmm),
    "beta_binomial": ("Beta-binomial", meta.beta_binomial),
}


@lru_cache(maxsize=32)
def pool(method: str, outcome: str) -> Pooled:
    """Pool the trials."""
    return METHODS[method][1](*trials().counts(outcome))


def numbers(table: Trials) -> Iterator[Value]:
    """Trials, patients and events of each arm, and trials without an event."""
    origin = Origin.of(trials, FILE, "all rows", table.basis)
    yield origin.count("trials.all", len(table))
    for arm, patients in table.patients.items():
        yield origin.count(f"trials.{arm}", patients.sum())
    for (outcome, arm), events in table.events.items():
        yield origin.count(f"trials.{outcome}.{arm}", events.sum())
    for outcome in table.described.outcomes:
        treated, n_treated, control, n_control = table.counts(outcome.key)
        silent = (treated + control == 0).sum()
        yield origin.count(f"trials.{outcome.key}.silent", silent)
    yield origin.count("trials.unequal", (n_control < n_treated).sum())


def risk(table: Trials) -> Iterator[Value]:
    """Odds ratios of each outcome by every method, and small-study effects."""
    for outcome in (one.key for one in table.described.outcomes):
        for method, (_, function) in METHODS.items():
            pooled, prefix = pool(method, outcome), f"risk.{outcome}.{method}"
            whole = function.func if isinstance(function, partial) else function
            origin = Origin.of(whole, FILE, "all rows", table.basis)
            for name, ratio in zip(PRINTED[:3], pooled.natural(), strict=True):
                yield origin.ratio(f"{prefix}.{name}", ratio)
            yield origin.p(f"{prefix}.p", pooled.p)
            used = len(table) if method == "mh_all" else pooled.k
            yield origin.count(f"{prefix}.k", used)
        origin = Origin.of(meta.harbord, FILE, "trials with events", table.basis)
        yield origin.p(
            f"risk.{outcome}.harbord.p", meta.harbord(*table.counts(outcome)).p
        )
        spread = pool("peto", outcome).heterogeneity
        if spread is not None:
            origin = Origin.of(meta.heterogeneity, FILE, "all rows", table.basis)
            yield origin.percent(f"risk.{outcome}.i2", spread.i2)


def published(_: Trials) -> Iterator[Value]:
    """Give the numbers that the article prints."""
    basis = stated_basis(ROOT / PUBLISHED)
    for row in read_table(ROOT / PUBLISHED, PUBLISHED_SCHEMA, PUBLISHED):
        where = f"outcome = {row['outcome']}"
        origin = Origin.of(published, PUBLISHED, where, basis)
        for name in PRINTED:
            make = origin.p if name == "p" else origin.ratio
            yield make(f"published.{row['outcome']}.{name}", row[name])


@lru_cache(maxsize=1)
def letter() -> Answers:
    """Return the values by key; the first part of a key names its section."""
    names = {"trials": "numbers", "risk": "risk", "published": "published"}
    return Answers(trials(), {key: (f"study:{name}",) for key, name in names.items()})


def sensitivity(v: Answers) -> markdown.Table:
    """Set every method's answers side by side."""
    columns = [markdown.Column("Method", 3)]
    for outcome in trials().described.outcomes:
        columns += [
            markdown.Column(f"{outcome.label}: trials", 1.2, "right"),
            markdown.Column("Odds ratio (95% CI)", 2, "center"),
            markdown.Column("P", 0.9, "right"),
        ]
    rows: list[list[markdown.Cell]] = []
    for method, (name, _) in METHODS.items():
        rows.append([name])
        for outcome in trials().described.outcomes:
            key = f"risk.{outcome.key}.{method}"
            ratio = markdown.estimate(v(f"{key}.or"), v.ci(key))
            rows[-1] += [v(f"{key}.k"), ratio, markdown.bare(v(f"{key}.p"))]
    return markdown.table(columns, rows)


def forest(v: Answers) -> Picture:
    """Draw the trials with their Peto odds ratios, and the pools."""
    printed = plots.Printed(
        lambda one, *ends: (
            f"{text.decimal(one, 2)} "
            f"({text.interval(*(text.decimal(end, 2) for end in ends))})"
        ),
        lambda count: text.decimal(count, 0),
        "Peto (95% CI)",
    )
    drawn = plots.two_arms(trials(), meta.peto, printed)
    told = "; ".join(
        f"{one.label.lower()} {v(f'risk.{one.key}.peto.or').text} "
        f"({v.ci(f'risk.{one.key}.peto').text})"
        for one in trials().described.outcomes
    )
    alt = f"Forest plots of Peto odds ratios, pooled: {told}."
    return Picture.of(plots.forest(drawn, plots.Page.of_mm(183, 215)), alt)


def funnel(v: Answers) -> Picture:
    """Draw the odds ratios of infarction against their precision."""
    data = meta.funnel(pool("peto", "infarction"))
    size = sum(trials().patients.values())
    names = [
        name if n > LARGE else "" for name, n in zip(trials().names, size, strict=True)
    ]
    plot = plots.FunnelPlot(
        data,
        names,
        across="Odds ratio (log scale)",
        down="Standard error of log odds ratio",
        centre="Pooled odds ratio",
        region="Its 95% region",
        remarks=[f"Harbord's test: P {v('risk.infarction.harbord.p').text}."],
    )
    alt = f"Funnel plot of {len(data.trial)} trials with an infarction."
    return Picture(plots.funnel(plot), alt)
