"""What ``reconstruct`` prints."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

from tabulate import tabulate

from analysis.reconstruction.consequences import CHANGES, SIGNIFICANT, Consequence, Unit
from analysis.reconstruction.findings import Findings, Pattern
from analysis.reconstruction.sampler import Ensemble
from manuscript.values import text

_DECIMALS: dict[Unit, int] = {
    "ratio": 2,
    "percent": 2,
    "per 1000": 1,
    "changes": 0,
    "none": 0,
}
_MOST_PATTERNS = 30


def as_text(found: Findings, ensemble: Ensemble) -> str:
    """Describe the space, its patterns and the consequences."""
    parts = [found.source, *_space(found), _pinned(found), _patterns(found)]
    if len(ensemble):
        parts.append(_consequences(found))
    return "\n\n".join(part for part in parts if part)


def as_csv(ensemble: Ensemble) -> str:
    """Write the tables, one row a trial."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "table",
            "class",
            "events_treated",
            "n_treated",
            "events_control",
            "n_control",
        ]
    )
    groups = [trial.group for trial in ensemble.space.problem.trials]
    for number, rows in enumerate(ensemble.tables.tolist(), 1):
        for group, (a, c, n1, n2) in zip(groups, rows, strict=True):
            writer.writerow([number, group, a, n1, c, n2])
    return out.getvalue()


def _space(found: Findings) -> Iterator[str]:
    possible = len(found.patterns)
    count = found.enumerated
    patterns, agree = ("pattern", "agrees") if count == 1 else ("patterns", "agree")
    drawn = "was" if count == 1 else "were"
    looked_at = (
        f"{count} {patterns} of events {agree} with the class totals"
        if found.complete
        else f"Of very many patterns of events, {count} {drawn} drawn at random"
    )
    impossible = count - possible
    are = "is" if impossible == 1 else "are"
    yield (
        f"{looked_at}; {impossible} of them {are} proved impossible, "
        f"tables were found for {found.reached}."
    )
    if found.reached < possible and math.isfinite(found.nearest_miss):
        others = " of the others" if found.reached else ""
        yield (
            f"The nearest miss{others} is "
            f"{text.decimal(found.nearest_miss, 2)} rounding intervals."
        )
    tables = "table" if found.tables == 1 else "tables"
    yield f"{found.tables} distinct {tables}, seed {found.seed}."


def _pinned(found: Findings) -> str:
    if not found.pinned:
        return "Nothing about the events is proved to be the same in every table."
    rows = [(key, value) for key, value in found.pinned.items()]
    return "The same in every table, by proof:\n" + tabulate(rows, tablefmt="plain")


def _patterns(found: Findings) -> str:
    shown = [pattern for pattern in found.patterns if pattern.tables][:_MOST_PATTERNS]
    rows = [(_events(pattern), pattern.tables, pattern.starts) for pattern in shown]
    if not rows:
        return ""
    return tabulate(rows, headers=["events by trial", "tables", "starts"])


def _events(pattern: Pattern) -> str:
    by_class: dict[str, list[str]] = {}
    for group, a, c in pattern.events:
        by_class.setdefault(group, []).append(f"{a}:{c}")
    return "; ".join(f"{group} {' '.join(x)}" for group, x in by_class.items())


def _consequences(found: Findings) -> str:
    headers = ["analysis", "least", "median", "greatest", "P", f"P < {SIGNIFICANT}"]
    return tabulate(
        [_row(one) for one in found.consequences],
        headers=headers,
        disable_numparse=True,
        colalign=("left", *["right"] * 5),
    )


def _row(one: Consequence) -> list[str]:
    numbers = (one.estimate.low, one.estimate.median, one.estimate.high)
    shown = [_shown(number, one.unit) for number in numbers]
    if one.p is None:
        return [one.key, *shown, "", ""]
    p = text.interval(*(text.decimal(x, 4) for x in (one.p.low, one.p.high)))
    return [one.key, *shown, p, f"{text.decimal(100 * one.significant, 1)}%"]


def _shown(number: float, unit: Unit) -> str:
    if unit == "none":
        return ""
    if unit == "changes" and number > CHANGES:
        return f"> {CHANGES}"
    return text.decimal(number, _DECIMALS[unit])
