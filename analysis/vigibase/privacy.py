"""The gate: what may leave an extract, and which files may be shared.

VigiBase is lent on conditions: no report, identifier or free text may be
published. A result passes :func:`release` only if it consists of counts and
quantiles under labels that were known before the extract was opened; a file
passes :func:`assert_shareable` only if it holds no reports, or synthetic ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from analysis.vigibase import lists
from analysis.vigibase.codes import Codes, Group
from analysis.vigibase.disproportionality import STRATUM_JOINT
from analysis.vigibase.errors import PrivacyError
from analysis.vigibase.layout import SYNTHETIC_MARK, TABLES
from analysis.vigibase.lists import Category
from analysis.vigibase.results import (
    Breakdown,
    Count,
    Description,
    Disproportionality,
    Flow,
    FlowStep,
    Quantiles,
)

RESTRICTED = "restricted"

_RESULTS = (
    Breakdown,
    Count,
    Description,
    Disproportionality,
    Flow,
    FlowStep,
    Quantiles,
)
_DATA_FILES = (".csv", ".txt", ".tsv", ".json", ".jsonl", ".ndjson", ".feather")
# Nobody can see at a glance what is in these.
_CLOSED = (".duckdb", ".db", ".parquet", ".zip", ".gz", ".7z", ".rar", ".tar", ".xz")
_IDENTIFIERS = (b"UMCReportId", b"Drug_Id", b"Adr_Id")


def release(description: Description, codes: Codes) -> Description:
    """Let a description pass, with small counts taken out.

    Parameters
    ----------
    description : Description
    codes : Codes
        Its labels may be printed; its ``smallest_cell`` is applied.

    Returns
    -------
    Description
        Counts from 1 to below ``smallest_cell`` are None; so is the next
        smallest where a single one could be had by subtraction. While counts
        are suppressed, times over too few reports are NaN, and so are minimum
        and maximum, each of which is one report's.

    Raises
    ------
    PrivacyError
        If it holds a text that is not a known label, a count above its
        denominator, or an object that is not a result.
    """
    _inspect(description, _vocabulary(codes))
    _inspect_counts(description)
    if codes.smallest_cell <= 1:
        return description
    return _suppress(description, codes.smallest_cell)


def assert_shareable(path: Path) -> None:
    """Refuse a file or folder that holds reports, unless they are synthetic.

    Parameters
    ----------
    path : Path
        A folder is searched to the bottom.

    Raises
    ------
    PrivacyError
        Naming the file and why: it lies in a folder ``restricted``, is a
        database or an archive, is a table of an extract with a line that is not marked
        synthetic, or names identifiers of VigiBase.
    """
    if RESTRICTED in path.resolve().parts:
        raise PrivacyError(f"{path}: what lies in `{RESTRICTED}` must not be shared")
    if path.is_dir():
        for inside in sorted(path.iterdir()):
            assert_shareable(inside)
    elif reason := _reports_in(path):
        raise PrivacyError(f"{path}: {reason}; it must not be shared")


def _vocabulary(codes: Codes) -> frozenset[str]:
    """Every text that was known before the extract was opened."""
    named: tuple[Category | Group, ...] = (*lists.CATEGORIES, *codes.groups)
    words = {word for one in named for word in (one.key, one.label)}
    for titles in (lists.TITLES, lists.FLOW):
        words |= titles.keys() | set(titles.values())
    strata = {lists.ALL_REPORTS, lists.ADJUSTED, *lists.UNKNOWN.values()}
    return frozenset(words | strata)


def _inspect(found: object, vocabulary: frozenset[str]) -> None:
    if type(found) in _RESULTS:
        for field in fields(found):  # type: ignore[arg-type]
            _inspect(getattr(found, field.name), vocabulary)
    elif type(found) is tuple:
        for item in found:
            _inspect(item, vocabulary)
    elif type(found) is str:
        if not vocabulary.issuperset(found.split(STRATUM_JOINT)):
            raise PrivacyError("a text that is no known label was about to leave")
    elif not (found is None or type(found) in (bool, int, float)):
        raise PrivacyError(f"a {type(found).__name__} was about to leave")


def _inspect_counts(description: Description) -> None:
    """Check that numbers are counts of the cohort, not numbers of reports."""
    cases = description.flow.steps[-1].n or 0
    for breakdown in description.breakdowns:
        numbers = (breakdown.available, *(count.n for count in breakdown.counts))
        if any(n is None or not 0 <= n <= cases for n in numbers):
            raise PrivacyError(f"{breakdown.key}: a number that counts no cases")
    for time in description.times:
        if (
            not 0 <= (time.n or 0) <= cases
            or sum(n or 0 for n in time.by_year) != time.n
        ):
            raise PrivacyError(f"{time.key}: numbers that count no cases")


def _suppress(description: Description, smallest: int) -> Description:
    return replace(
        description,
        flow=Flow(tuple(_suppress_step(s, smallest) for s in description.flow.steps)),
        breakdowns=tuple(_suppress_counts(b, smallest) for b in description.breakdowns),
        times=tuple(_suppress_times(time, smallest) for time in description.times),
    )


def _suppress_step(step: FlowStep, smallest: int) -> FlowStep:
    numbers = _hidden([count.n for count in step.excluded], smallest)
    return replace(
        step,
        n=_hidden([step.n], smallest)[0],
        excluded=_with(step.excluded, numbers),
    )


def _suppress_counts(breakdown: Breakdown, smallest: int) -> Breakdown:
    numbers = [count.n for count in breakdown.counts]
    if 0 < (breakdown.available or 0) < smallest:
        hidden: list[int | None] = [None] * len(numbers)
        return replace(
            breakdown, available=None, counts=_with(breakdown.counts, hidden)
        )
    shown = _hidden(numbers, smallest, complementary=breakdown.exclusive)
    return replace(breakdown, counts=_with(breakdown.counts, shown))


def _suppress_times(time: Quantiles, smallest: int) -> Quantiles:
    if 0 < (time.n or 0) < smallest:
        nan = math.nan
        return Quantiles(time.key, time.title, None, nan, nan, nan, nan, nan)
    by_year = _hidden(list(time.by_year), smallest, complementary=True)
    return replace(time, min=math.nan, max=math.nan, by_year=tuple(by_year))


def _hidden(
    numbers: list[int | None], smallest: int, *, complementary: bool = False
) -> list[int | None]:
    """Take out small counts, and one more where a single one could be inferred."""
    shown = [None if n is None or 0 < n < smallest else n for n in numbers]
    if complementary and shown.count(None) == 1:
        left = [n for n in shown if n]
        if left:
            shown[shown.index(min(left))] = None
    return shown


def _with(counts: Iterable[Count], numbers: Iterable[int | None]) -> tuple[Count, ...]:
    return tuple(replace(count, n=n) for count, n in zip(counts, numbers, strict=True))


def _reports_in(path: Path) -> str:
    """Say why a file may hold reports; nothing if it does not."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if suffix in _CLOSED or head[8:12] == b"DUCK" or head[:4] == b"PAR1":
        return "a database or archive may hold reports"
    if suffix not in _DATA_FILES:
        return ""
    if any(name in head for name in _IDENTIFIERS) or ".rejected." in path.name:
        return "it names identifiers of VigiBase"
    if path.stem.lower() in TABLES and head.lstrip(b' "')[:1].isdigit():
        return _unmarked_line(path)
    return ""


def _unmarked_line(path: Path) -> str:
    mark = SYNTHETIC_MARK.encode()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.rstrip().endswith((b" " + mark, b"(" + mark + b")")):
                return f"line {number} is a report that is not marked {SYNTHETIC_MARK}"
    return ""
