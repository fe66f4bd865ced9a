"""Table S7: GRADE summary of findings, with the evidence profile as its notes."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.evidence import grade
from analysis.review import certainty as rating
from manuscript.values import (
    Cell,
    Column,
    Markup,
    Table,
    bold,
    estimate,
    filled,
    join,
    table,
)

_COLUMNS = (
    Column("Outcome and follow-up", 21),
    Column("Patients (trials)", 9, "right"),
    Column("Peto odds ratio (95% CI)", 10),
    Column("Risk per 1000, control", 8, "right"),
    Column("Risk per 1000, lenalidomide (95% CI)", 12),
    Column("Difference per 1000 (95% CI)", 12),
    Column("Certainty", 10),
    Column("In plain words", 22),
)
_TITLES = {
    "placebo": "ALL against placebo (primary)",
    "all": "ALL against any control (secondary)",
}
_FOLLOWUP = (
    "; median follow-up {followup.min_months} months to {followup.max_years} years"
)
_PLAIN = {
    4: "Lenalidomide increases",
    3: "Lenalidomide probably increases",
    2: "Lenalidomide may increase",
    1: "The evidence is very uncertain; it suggests that lenalidomide may increase",
}
_NO_MORE = "The evidence does not show that lenalidomide increases"
_SERIOUS = ("not serious", "serious (−1)", "very serious (−2)")
_BIAS = ("undetected", "strongly suspected (−1)", "strongly suspected (−2)")
_IMPRECISION = (
    "The {pool.NAME.patients} patients are {grade.NAME.information}% of the"
    " {grade.NAME.information_size} that a trial would need to find a relative"
    " increase of a quarter at the baseline risk; the limits of the odds ratio are"
    " {risk.NAME.ci_low} and {risk.NAME.ci_high}"
)
_Row = tuple[Cell, ...]


def certainty(v: Letter) -> Table:
    """Set out both outcomes, a row each; the judgements stand below.

    Parameters
    ----------
    v : Letter
    """
    rows = [_row(outcome, v) for outcome in grade.OUTCOMES]
    return table(_COLUMNS, rows, notes=_notes(v))


def _row(outcome: str, v: Letter) -> _Row:
    prefix = f"grade.{outcome}"
    return (
        join(_TITLES[outcome], filled(_FOLLOWUP, v)),
        join(v(f"pool.{outcome}.patients"), " (", v(f"pool.{outcome}.trials"), ")"),
        estimate(v(f"risk.{outcome}.or"), v.ci(f"risk.{outcome}")),
        v(f"{prefix}.baseline"),
        estimate(v(f"{prefix}.risk"), v.ci(f"{prefix}.risk")),
        join(estimate(v(f"{prefix}.more"), v.ci(f"{prefix}.more")), " more"),
        join(bold(_certainty(outcome, v)), _letters(outcome)),
        f"{_said(outcome, v)} the risk of ALL",
    )


def _certainty(outcome: str, v: Letter) -> str:
    levels = int(v(f"grade.{outcome}.levels_down").number)
    return f"{rating.signs(levels)} {rating.certainty(levels)}"


def _letters(outcome: str) -> Markup:
    return Markup(f" ^{'a' if outcome == 'placebo' else 'b'}^")


def _said(outcome: str, v: Letter) -> str:
    """Word the finding as GRADE does for the certainty that is left."""
    if not v(f"risk.{outcome}.ci_low").number > 1:
        return _NO_MORE
    levels = int(v(f"grade.{outcome}.levels_down").number)
    return _PLAIN[max(len(_PLAIN) - levels, 1)]


def _notes(v: Letter) -> Iterator[Cell]:
    """Say how each outcome came to its certainty, domain by domain."""
    said: set[str] = set()
    for outcome in grade.OUTCOMES:
        judged = []
        for domain, title in rating.DOMAINS.items():
            reason = _reason(outcome, domain, v)
            again = Markup("As for placebo") if reason in said else reason
            said.add(reason)
            judged.append(join(f"{title}: {_word(outcome, domain, v)}. ", again, "."))
        start = "\N{NO-BREAK SPACE}Randomized trials start high. "
        yield Markup(f"{_letters(outcome)}{start}{' '.join(judged)}")


def _word(outcome: str, domain: str, v: Letter) -> str:
    words = _BIAS if domain == "publication-bias" else _SERIOUS
    return words[_levels(outcome, domain, v)]


def _levels(outcome: str, domain: str, v: Letter) -> int:
    if domain == rating.IMPRECISION:
        return int(v(f"grade.{outcome}.imprecision").number)
    return grade.judged()[outcome, domain].levels


def _reason(outcome: str, domain: str, v: Letter) -> Markup:
    if domain == rating.IMPRECISION:
        return filled(_IMPRECISION.replace("NAME", outcome), v)
    return filled(grade.judged()[outcome, domain].reason, v)
