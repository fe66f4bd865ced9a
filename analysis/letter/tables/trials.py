"""Table S4: counts as analyzed, with each trial's own result and the pools."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.data import Trials
from manuscript.values.markdown import (
    NOT_KNOWN,
    Cell,
    Column,
    Markup,
    Table,
    bold,
    estimate,
    heading,
    join,
    table,
)

CONTROL = {
    "placebo": "Placebo control",
    "chemotherapy": "Chemotherapy control, with or without stem-cell transplantation",
    "observation": "Observation control",
}
_COLUMNS = (
    Column("Trial", 8),
    Column("Source of counts", 13),
    Column("Median follow-up, months", 11, "right"),
    Column("Lenalidomide: ALL / patients", 14, "right"),
    Column("Control: ALL / patients", 11, "right"),
    Column("Peto odds ratio (95% CI)", 19),
    Column("Weight, %", 8, "right"),
    Column("Incidence, % (95% CI)", 19),
)


def counts(trials: Trials, v: Letter) -> Table:
    """List the lettered trials by control class, each class with its pool.

    Parameters
    ----------
    trials : Trials
    v : Letter
    """
    return table(_COLUMNS, _rows(trials, v))


def _rows(trials: Trials, v: Letter) -> Iterator[tuple[Cell, ...]]:
    source = dict(zip(trials.trial, trials.source_type, strict=True))
    for name in trials.classes:
        yield heading(CONTROL[name], _COLUMNS)
        for trial in trials.of_class(name).trial:
            yield _row(trial, source[trial], v)
        yield _pool(name, "Pooled", v)
    yield _pool("all", "All trials", v)


def _row(trial: str, source: str, v: Letter) -> tuple[Cell, ...]:
    prefix = f"trial.{trial}"
    followup, weight = v(f"{prefix}.followup"), v(f"{prefix}.weight")
    return (
        trial,
        source.capitalize(),
        followup if followup.number == followup.number else NOT_KNOWN,
        join(v(f"{prefix}.events_lenalidomide"), " / ", v(f"{prefix}.n_lenalidomide")),
        join(v(f"{prefix}.events_control"), " / ", v(f"{prefix}.n_control")),
        estimate(v(f"{prefix}.or"), v.ci(prefix)),
        weight if weight.number > 0 else NOT_KNOWN,
        estimate(v(f"{prefix}.incidence"), v.ci(f"{prefix}.incidence")),
    )


def _pool(name: str, title: str, v: Letter) -> tuple[Cell, ...]:
    return (
        bold(title),
        Markup(""),
        "",
        *(_arm(name, arm, v) for arm in ("lenalidomide", "control")),
        estimate(v(f"risk.{name}.or"), v.ci(f"risk.{name}")),
        "",
        estimate(v(f"incidence.{name}"), v.ci(f"incidence.{name}")),
    )


def _arm(name: str, arm: str, v: Letter) -> Cell:
    return join(v(f"pool.{name}.events_{arm}"), " / ", v(f"pool.{name}.n_{arm}"))
