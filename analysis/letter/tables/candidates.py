"""Table S3: published trials that meet the criteria of the review."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter.evidence.eligible import (
    CONTROL_CLASSES,
    EligibleTrial,
    eligible_trials,
)
from manuscript.values.markdown import (
    NOT_KNOWN,
    Cell,
    Column,
    Markup,
    Table,
    cite,
    heading,
    join,
    known,
    link,
    table,
)
from manuscript.values.templates import Lookup

_TITLES = {
    "placebo": "Placebo control",
    "chemotherapy": "Chemotherapy control, with or without stem-cell transplantation",
    "observation": "Observation control",
    "several": "Two randomizations with different controls",
    "unknown": "Named in the published letter; design not verified here",
}
_COLUMNS = (
    Column("Trial", 12),
    Column("Registration", 13),
    Column("Setting", 18),
    Column("Lenalidomide", 17),
    Column("Control", 14),
    Column("Patients", 8, "right"),
    Column("Arms (lenalidomide / control)", 12, "right"),
    Column("Median follow-up, months", 10, "right"),
    Column("Not verified", 12),
    Column("Sources", 14),
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
            yield heading(_TITLES[name], _COLUMNS)
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
        trial.name,
        trial.registration if sure else NOT_KNOWN,
        known(trial.setting),
        known(trial.regimen),
        known(trial.control),
        _fact(trial, "randomized", v),
        arms,
        _fact(trial, "followup", v),
        known(", ".join(trial.unverified)),
        _sources(trial),
    )


def _fact(trial: EligibleTrial, name: str, v: Lookup) -> Cell:
    try:
        return v(f"evidence.eligible.{trial.id}.{name}")
    except LookupError:
        return NOT_KNOWN


def _sources(trial: EligibleTrial) -> Markup:
    keys = trial.references.split()
    publication = "Publications" if len(keys) > 1 else "Publication"
    cited = [join(publication, " ", cite(trial.references))] if keys else []
    pages = {source.url: source.source for source in trial.sources()}
    links = [link(name, url) for url, name in pages.items()]
    return Markup("; ".join([*cited, *links]))
