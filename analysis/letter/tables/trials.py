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

Arms = tuple[str, str]
_TRIAL = Column("Trial", 8)
# What is known of a single trial; in a reconstruction which row has which is chance.
_SINGLE = (
    Column("Source of counts", 13),
    Column("Median follow-up, months", 11, "right"),
)
_RESULTS = (
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
    said = trials.described
    single = () if trials.is_invented else _SINGLE
    arms = (
        Column(f"{arm.label}: {said.outcomes[0].label} / patients", width, "right")
        for arm, width in zip(said.arms, (14, 11), strict=True)
    )
    columns = (_TRIAL, *single, *arms, *_RESULTS)
    return table(columns, _rows(trials, v, columns))


def _rows(
    trials: Trials, v: Letter, columns: Sequence[Column]
) -> Iterator[tuple[Cell, ...]]:
    source = dict(zip(trials.trial, trials.source_type, strict=True))
    blank = [""] * (0 if trials.is_invented else len(_SINGLE))
    for name in trials.classes:
        yield heading(trials.described.title(name), columns)
        for trial in trials.of_class(name).trial:
            single = () if trials.is_invented else _single(trial, source[trial], v)
            yield (trial, *single, *_row(trial, trials.arms, v))
        yield (bold("Pooled"), *blank, *_pool(name, trials.arms, v))
    yield (bold("All trials"), *blank, *_pool("all", trials.arms, v))


def _single(trial: str, source: str, v: Letter) -> tuple[Cell, Cell]:
    followup = v(f"trial.{trial}.followup")
    return (
        source.capitalize() or NOT_KNOWN,
        followup if followup.number == followup.number else NOT_KNOWN,
    )


def _row(trial: str, arms: Arms, v: Letter) -> tuple[Cell, ...]:
    prefix = f"trial.{trial}"
    weight = v(f"{prefix}.weight")
    return (
        *(_arm(prefix, arm, v) for arm in arms),
        estimate(v(f"{prefix}.or"), v.ci(prefix)),
        weight if weight.number > 0 else NOT_KNOWN,
        estimate(v(f"{prefix}.incidence"), v.ci(f"{prefix}.incidence")),
    )


def _pool(name: str, arms: Arms, v: Letter) -> tuple[Cell, ...]:
    return (
        *(_arm(f"pool.{name}", arm, v) for arm in arms),
        estimate(v(f"risk.{name}.or"), v.ci(f"risk.{name}")),
        "",
        estimate(v(f"incidence.{name}"), v.ci(f"incidence.{name}")),
    )


def _arm(prefix: str, arm: str, v: Letter) -> Cell:
    return join(v(f"{prefix}.events_{arm}"), " / ", v(f"{prefix}.n_{arm}"))
