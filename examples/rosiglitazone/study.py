"""What the prose asks for: the trials, their pools by key, tables and figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from analysis import meta, plots
from analysis.meta import Pooled
from analysis.reading import read_table
from analysis.schema import Cell, Column, Schema, at_most, count, label, quantity
from manuscript.values import markdown, text
from manuscript.values.answers import Answers
from manuscript.values.picture import Picture
from manuscript.values.value import Basis, Origin, Value

ROOT = Path(__file__).resolve().parent
FILE, PUBLISHED = "data/trials.csv", "data/published.csv"
BASIS: Basis = "published"
OUTCOMES = {"infarction": "infarctions", "death": "deaths"}
TITLES = {"infarction": "Myocardial infarction", "death": "Cardiovascular death"}
ARMS = {"rosiglitazone": "Rosiglitazone", "control": "Control"}
NAMES = ("trial", "group", "phase", "control")
EVENTS = [f"{events}_{arm}" for events in OUTCOMES.values() for arm in ARMS]
SCHEMA = Schema(
    (
        *(Column(name, label) for name in NAMES),
        Column("weeks", count(1)),
        *(Column(f"n_{arm}", count(1)) for arm in ARMS),
        *(Column(name, count()) for name in EVENTS),
    ),
    unique=("trial",),
    checks=tuple(
        at_most(name, f"n_{name.rpartition('_')[2]}", "no more than were treated")
        for name in EVENTS
    ),
)
PRINTED = ("or", "ci_low", "ci_high", "p")
PUBLISHED_SCHEMA = Schema(
    (Column("outcome", label), *(Column(name, quantity()) for name in PRINTED)),
    unique=("outcome",),
)
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Study:
    """The trials, in the order of the published table."""

    rows: tuple[dict[str, Cell], ...]

    def column(self, name: str) -> Counts:
        """Return a column of counts."""
        return np.array([row[name] for row in self.rows], dtype=np.int64)

    def counts(self, outcome: str) -> tuple[Counts, Counts, Counts, Counts]:
        """Return events and patients, treated then control."""
        events = OUTCOMES[outcome]
        names = [name for arm in ARMS for name in (f"{events}_{arm}", f"n_{arm}")]
        first, second, third, fourth = map(self.column, names)
        return first, second, third, fourth

    def without_events(self, outcome: str) -> NDArray[np.bool_]:
        """Tell trials without an event in either arm."""
        treated, _, control, _ = self.counts(outcome)
        return np.asarray(treated + control == 0)


def trials() -> Study:
    """Read the trials; every fault of the table is told with its place."""
    return Study(tuple(read_table(ROOT / FILE, SCHEMA, FILE)))


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
def _pool(method: str, outcome: str) -> Pooled:
    return METHODS[method][1](*trials().counts(outcome))


def numbers(study: Study) -> Iterator[Value]:
    """Trials and patients of each arm."""
    origin = Origin.of(trials, FILE, "all rows", BASIS)
    yield origin.count("trials.all", len(study.rows))
    for arm in ARMS:
        yield origin.count(f"trials.{arm}", study.column(f"n_{arm}").sum())
    fewer = study.column("n_control") < study.column("n_rosiglitazone")
    yield origin.count("trials.unequal", fewer.sum())


def pools(study: Study, outcome: str) -> Iterator[Value]:
    """Events, the pools by every method and the search for small-study effects."""
    treated, _, control, _ = study.counts(outcome)
    origin = Origin.of(Study.counts, FILE, "all rows", BASIS)
    yield origin.count(f"{outcome}.rosiglitazone", treated.sum())
    yield origin.count(f"{outcome}.control", control.sum())
    yield origin.count(f"{outcome}.silent", study.without_events(outcome).sum())
    for method, (_, function) in METHODS.items():
        pooled = _pool(method, outcome)
        whole = function.func if isinstance(function, partial) else function
        origin = Origin.of(whole, FILE, "all rows", BASIS)
        prefix = f"{outcome}.{method}"
        for name, ratio in zip(PRINTED[:3], pooled.natural(), strict=True):
            yield origin.ratio(f"{prefix}.{name}", ratio)
        yield origin.p(f"{prefix}.p", pooled.p)
        used = len(study.rows) if method == "mh_all" else pooled.k
        yield origin.count(f"{prefix}.k", used)
    test = meta.harbord(*study.counts(outcome))
    origin = Origin.of(meta.harbord, FILE, "trials with events", BASIS)
    yield origin.p(f"{outcome}.harbord.p", test.p)
    spread = _pool("peto", outcome).heterogeneity
    if spread is not None:
        origin = Origin.of(meta.heterogeneity, FILE, "trials with events", BASIS)
        yield origin.percent(f"{outcome}.i2", spread.i2)


def infarction(study: Study) -> Iterator[Value]:
    """Everything on myocardial infarction."""
    return pools(study, "infarction")


def death(study: Study) -> Iterator[Value]:
    """Everything on cardiovascular death."""
    return pools(study, "death")


def published(_: Study) -> Iterator[Value]:
    """Give the numbers that the article prints."""
    for row in read_table(ROOT / PUBLISHED, PUBLISHED_SCHEMA, PUBLISHED):
        where = f"outcome = {row['outcome']}"
        origin = Origin.of(published, PUBLISHED, where, "published")
        for name in PRINTED:
            make = origin.p if name == "p" else origin.ratio
            yield make(f"published.{row['outcome']}.{name}", row[name])


@lru_cache(maxsize=1)
def letter() -> Answers:
    """Return the values by key; the first part of a key names its section."""
    names = {"trials": "numbers"} | {n: n for n in (*OUTCOMES, "published")}
    return Answers(trials(), {key: (f"study:{name}",) for key, name in names.items()})


def sensitivity(v: Answers) -> markdown.Table:
    """Set every method's answers side by side."""
    columns = [markdown.Column("Method", 3)]
    for title in TITLES.values():
        columns += [
            markdown.Column(f"{title}: trials", 1.2, "right"),
            markdown.Column("Odds ratio (95% CI)", 2, "center"),
            markdown.Column("P", 0.9, "right"),
        ]
    rows: list[list[markdown.Cell]] = []
    for method, (name, _) in METHODS.items():
        rows.append([name])
        for outcome in OUTCOMES:
            key = f"{outcome}.{method}"
            ratio = markdown.estimate(v(f"{key}.or"), v.ci(key))
            rows[-1] += [v(f"{key}.k"), ratio, markdown.bare(v(f"{key}.p"))]
    return markdown.table(columns, rows)


def forest(v: Answers) -> Picture:
    """Draw the trials with their Peto odds ratios, and the pools."""
    study = trials()
    columns: dict[str, plots.Texts | plots.Intervals] = {
        "trial": plots.Texts(
            plots.TextColumn("Trial"),
            [plots.Cell(str(row["trial"])) for row in study.rows],
            [plots.Cell("All trials", bold=True)],
        )
    }
    for outcome in OUTCOMES:
        columns |= _columns(study, outcome)
    panels = [
        plots.Panel(f"{outcome}.rosiglitazone", mark, TITLES[outcome])
        for mark, outcome in zip("AB", OUTCOMES, strict=True)
    ]
    groups = [plots.Group("", range(len(study.rows)))]
    drawn = plots.Forest(columns, groups, panels=panels)
    told = "; ".join(
        f"{TITLES[name].lower()} {v(f'{name}.peto.or').text} "
        f"({v.ci(f'{name}.peto').text})"
        for name in OUTCOMES
    )
    alt = f"Forest plots of Peto odds ratios, pooled: {told}."
    return Picture.of(plots.forest(drawn, plots.Page.of_mm(183, 215)), alt)


def _columns(study: Study, outcome: str) -> dict[str, plots.Texts | plots.Intervals]:
    pooled, counts = _pool("peto", outcome), study.counts(outcome)
    effects = pooled.trials
    assert effects is not None
    logs = (effects.estimate, effects.ci_low, effects.ci_high)
    ratios, total = np.exp(np.column_stack(logs)), np.array([[*pooled.natural()]])
    scale = plots.ratio_scale([*total.ravel(), *ratios[:, 0]])
    axis = plots.PlotColumn(
        scale, "Odds ratio (log scale)", null=1.0, guide=float(total[0, 0])
    )

    def texts(header: str, cells: list[str], whole: str) -> plots.Texts:
        column = plots.TextColumn(header, "right")
        return plots.Texts(
            column, [*map(plots.Cell, cells)], [plots.Cell(whole, bold=True)]
        )

    def ratio(limits: NDArray[np.float64]) -> str:
        one, low, high = (text.decimal(float(x), 2) for x in limits)
        known = bool(np.isfinite(limits[0]))
        return f"{one} ({text.interval(low, high)})" if known else "no events"

    made: dict[str, plots.Texts | plots.Intervals] = {}
    for (arm, title), events, n in zip(
        ARMS.items(), counts[::2], counts[1::2], strict=True
    ):
        cells = [f"{x}/{m}" for x, m in zip(events, n, strict=True)]
        whole = f"{events.sum()}/{text.decimal(n.sum(), 0)}"
        made[f"{outcome}.{arm}"] = texts(title, cells, whole)
    size = effects.weight / effects.weight.max()
    made[f"{outcome}.plot"] = plots.Intervals(axis, ratios, size, total)
    cells = [ratio(row) for row in ratios]
    return made | {f"{outcome}.or": texts("Peto (95% CI)", cells, ratio(total[0]))}


def funnel(v: Answers) -> Picture:
    """Draw the odds ratios of infarction against their precision."""
    data = meta.funnel(_pool("peto", "infarction"))
    plot = plots.FunnelPlot(
        data,
        [str(row["trial"]) for row in trials().rows],
        across="Odds ratio (log scale)",
        down="Standard error of log odds ratio",
        centre="Pooled odds ratio",
        region="Its 95% region",
        remarks=[f"Harbord's test: P {v('infarction.harbord.p').text}."],
    )
    alt = f"Funnel plot of {len(data.trial)} trials with an infarction."
    return Picture(plots.funnel(plot), alt)
