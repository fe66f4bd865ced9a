"""Table S3: published trials that meet the criteria of the review."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import data
from analysis.letter.evidence.eligible import (
    CONTROL_CLASSES,
    EligibleTrial,
    eligible_trials,
)
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
    Lookup,
    Markup,
    Table,
    cite,
    heading,
    join,
    known,
    link,
    table,
)

# What is known of none or of several controls; the others are described.
_TITLES = {
    "several": "Two randomizations with different controls",
    "unknown": "Named in the published letter; design not found",
}
_COLUMNS = (
    Column("Trial; registration", 17),
    Column("Setting; lenalidomide", 40),
    Column("Control", 19),
    Column("Patients", 8, "right"),
    Column("Arms, L\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}C", 10, "right"),
    Column("Follow-up, months", 9, "right"),
    Column("Sources", 11),
)


def eligible(v: Lookup) -> Table:
    """Describe each published trial by facts that were read in a source.

    Parameters
    ----------
    v : callable
        Gives the value of a key.
    """
    return table(_COLUMNS, _rows(v))


def _rows(v: Lookup) -> Iterator[tuple[Cell, ...]]:
    trials = eligible_trials()
    for name in CONTROL_CLASSES:
        some = [trial for trial in trials if trial.control_class == name]
        if some:
            yield heading(_TITLES.get(name) or data.described().title(name), _COLUMNS)
        for trial in some:
            yield _row(trial, v)


def _row(trial: EligibleTrial, v: Lookup) -> tuple[Cell, ...]:
    sure = "registration" not in trial.unverified and trial.registration
    lenalidomide, control = (
        _fact(trial, arm, v) for arm in ("n_lenalidomide", "n_control")
    )
    arms = (
        join(lenalidomide, " / ", control)
        if lenalidomide != NOT_KNOWN
        else Markup(NOT_KNOWN)
    )
    return (
        "; ".join([trial.name, trial.registration if sure else "not found"]),
        known("; ".join(filter(None, (trial.setting, trial.regimen)))),
        known(trial.control),
        _fact(trial, "randomized", v),
        arms,
        _fact(trial, "followup", v),
        _sources(trial),
    )


def _fact(trial: EligibleTrial, name: str, v: Lookup) -> Cell:
    try:
        return v(f"evidence.eligible.{trial.id}.{name}")
    except LookupError:
        return NOT_KNOWN


def _sources(trial: EligibleTrial) -> Markup:
    """Cite the publications, or link to where its facts stand if there are none."""
    if trial.references:
        return cite(trial.references)
    pages = {source.url: source.source for source in trial.sources()}
    return Markup("; ".join(link(name, url) for url, name in pages.items())) or Markup(
        "Not found"
    )
