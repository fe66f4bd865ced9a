"""Table S4: counts as analyzed, with each trial's own result and the pools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.letter import Letter
from analysis.letter.data import Trials
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
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
_TRIAL = Column("Trial", 8)
# What is known of a single trial; in a reconstruction which row has which is chance.
_SINGLE = (
    Column("Source of counts", 13),
    Column("Median follow-up, months", 11, "right"),
)
_RESULTS = (
    Column("Lenalidomide: ALL / patients", 14, "right"),
    Column("Control: ALL / patients", 11, "right"),
    Column("Peto odds ratio (95% CI)", 19),
    Column("Weight, %", 8, "right"),
    Column("Incidence, % (95% CI)", 19),
)


def counts(trials: Trials, v: Letter) -> Table:
    """List the lettered trials by control class, each class with its pool.

    Source and follow-up of single trials are listed once the trials are collected
    or published; in a reconstruction they would be invented.

    Parameters
    ----------
    trials : Trials
    v : Letter
    """
    single = () if trials.is_invented else _SINGLE
    columns = (_TRIAL, *single, *_RESULTS)
    return table(columns, _rows(trials, v, columns))


def _rows(
    trials: Trials, v: Letter, columns: Sequence[Column]
) -> Iterator[tuple[Cell, ...]]:
    source = dict(zip(trials.trial, trials.source_type, strict=True))
    blank = [""] * (len(columns) - len(_RESULTS) - 1)
    for name in trials.classes:
        yield heading(CONTROL[name], columns)
        for trial in trials.of_class(name).trial:
            single = () if trials.is_invented else _single(trial, source[trial], v)
            yield (trial, *single, *_row(trial, v))
        yield (bold("Pooled"), *blank, *_pool(name, v))
    yield (bold("All trials"), *blank, *_pool("all", v))


def _single(trial: str, source: str, v: Letter) -> tuple[Cell, Cell]:
    followup = v(f"trial.{trial}.followup")
    return (
        source.capitalize() or NOT_KNOWN,
        followup if followup.number == followup.number else NOT_KNOWN,
    )


def _row(trial: str, v: Letter) -> tuple[Cell, ...]:
    prefix = f"trial.{trial}"
    weight = v(f"{prefix}.weight")
    return (
        join(v(f"{prefix}.events_lenalidomide"), " / ", v(f"{prefix}.n_lenalidomide")),
        join(v(f"{prefix}.events_control"), " / ", v(f"{prefix}.n_control")),
        estimate(v(f"{prefix}.or"), v.ci(prefix)),
        weight if weight.number > 0 else NOT_KNOWN,
        estimate(v(f"{prefix}.incidence"), v.ci(f"{prefix}.incidence")),
    )


def _pool(name: str, v: Letter) -> tuple[Cell, ...]:
    return (
        *(_arm(name, arm, v) for arm in ("lenalidomide", "control")),
        estimate(v(f"risk.{name}.or"), v.ci(f"risk.{name}")),
        "",
        estimate(v(f"incidence.{name}"), v.ci(f"incidence.{name}")),
    )


def _arm(name: str, arm: str, v: Letter) -> Cell:
    return join(v(f"pool.{name}.events_{arm}"), " / ", v(f"pool.{name}.n_{arm}"))
