"""Table S7: GRADE evidence profile and summary of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import ascii_lowercase

from analysis.letter import Letter
from analysis.letter.evidence import grade
from analysis.review import certainty as rating
from manuscript.values.markdown import (
    Cell,
    Column,
    Markup,
    Table,
    bold,
    estimate,
    filled,
    heading,
    join,
    table,
)

_COLUMNS = (
    Column("Item", 34),
    Column("Against placebo (primary outcome)", 33),
    Column("Against any control (secondary outcome)", 33),
)
_SERIOUS = ("Not serious", "Serious (−1)", "Very serious (−2)")
_IMPRECISION = (
    "The {pool.NAME.patients} patients are {grade.NAME.information}% of the"
    " {grade.NAME.information_size} that a trial would need to find a relative"
    " increase of a quarter at the baseline risk; the limits of the odds ratio are"
    " {risk.NAME.ci_low} and {risk.NAME.ci_high}"
)
_Row = tuple[Cell, ...]


def certainty(v: Letter) -> Table:
    """Set out the profile of both outcomes; letters refer to the reasons below.

    Parameters
    ----------
    v : Letter
    """
    rows = [*_evidence(v), *_profile(v), *_findings(v)]
    return table(_COLUMNS, rows, notes=_notes(v))


def _notes(v: Letter) -> tuple[Markup, ...]:
    """Reason of each judgement, by the letters of the table."""
    return tuple(
        join(Markup(f"^{letter}^\N{NO-BREAK SPACE}"), _reason(outcome, domain, v), ".")
        for (domain, outcome), letter in _letters().items()
    )


def _evidence(v: Letter) -> Iterator[_Row]:
    yield heading("Evidence", _COLUMNS)
    yield _both(
        "Randomized trials (patients)",
        lambda name: join(
            v(f"pool.{name}.trials"), " (", v(f"pool.{name}.patients"), ")"
        ),
    )
    yield _both("ALL / patients, lenalidomide", _arm(v, "lenalidomide"))
    yield _both("ALL / patients, control", _arm(v, "control"))


def _profile(v: Letter) -> Iterator[_Row]:
    letters = _letters()

    def judged(domain: str) -> Callable[[str], Cell]:
        return lambda name: Markup(
            f"{_SERIOUS[_levels(name, domain, v)]} ^{letters[domain, name]}^"
        )

    yield heading("Certainty", _COLUMNS)
    yield _both("Starts, as trials are randomized, at", lambda _: rating.certainty(0))
    for domain, title in rating.DOMAINS.items():
        yield _both(title, judged(domain))
    yield _both(
        bold("Certainty of the evidence"),
        lambda name: bold(rating.certainty(int(v(f"grade.{name}.levels_down").number))),
    )


def _findings(v: Letter) -> Iterator[_Row]:
    def number(key: str) -> Callable[[str], Cell]:
        return lambda name: v(f"grade.{name}.{key}")

    def interval(key: str) -> Callable[[str], Cell]:
        return lambda name: estimate(
            v(f"grade.{name}.{key}"), v.ci(f"grade.{name}.{key}")
        )

    yield heading("Findings", _COLUMNS)
    yield _both(
        "Peto odds ratio (95% CI)",
        lambda name: estimate(v(f"risk.{name}.or"), v.ci(f"risk.{name}")),
    )
    yield _both("Baseline risk, per 1000 patients", number("baseline"))
    yield _both("Risk with lenalidomide, per 1000 (95% CI)", interval("risk"))
    yield _both("More with lenalidomide, per 1000 (95% CI)", interval("more"))


def _both(title: Cell, cell: Callable[[str], Cell]) -> _Row:
    return (title, *(cell(outcome) for outcome in grade.OUTCOMES))


def _arm(v: Letter, arm: str) -> Callable[[str], Cell]:
    return lambda name: join(
        v(f"pool.{name}.events_{arm}"), " / ", v(f"pool.{name}.n_{arm}")
    )


def _levels(outcome: str, domain: str, v: Letter) -> int:
    if domain == rating.IMPRECISION:
        return int(v(f"grade.{outcome}.imprecision").number)
    return grade.judged()[outcome, domain].levels


def _reason(outcome: str, domain: str, v: Letter) -> Markup:
    if domain == rating.IMPRECISION:
        return filled(_IMPRECISION.replace("NAME", outcome), v)
    return filled(grade.judged()[outcome, domain].reason, v)


def _letters() -> dict[tuple[str, str], str]:
    pairs = [
        (domain, outcome) for domain in rating.DOMAINS for outcome in grade.OUTCOMES
    ]
    return dict(zip(pairs, ascii_lowercase, strict=False))
