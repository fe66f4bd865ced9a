"""What ``vigibase`` prints: an account of an extract, a description, JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from analysis.commands.vigibase_further import further_as_text, measures
from analysis.letter.answers.reports import SECTION, available_key
from analysis.letter.answers.vigibase import values
from analysis.vigibase.intake import Account
from analysis.vigibase.results import (
    Description,
    Quantiles,
)
from manuscript.values import Value, text

SYNTHETIC = "SYNTHETIC REPORTS: written by a program, about nobody."
CAVEAT = (
    "Reports come from varied sources, and the likelihood that a drug caused the\n"
    "reaction is not the same in all of them. The information does not represent\n"
    "the opinion of the Uppsala Monitoring Centre or the WHO."
)
BEYOND = (
    "Disproportionality (beyond the published letter; measures reporting, not risk)"
)


def account_as_text(account: Account) -> str:
    """Print what was read of an extract, table by table."""
    rows = sum(table.rows for table in account.tables)
    lines = [f"{rows:,} rows read, {account.set_aside:,} set aside"]
    for table in account.tables:
        lines.append(
            f"  {table.name.upper():20}{table.rows:>12,} rows"
            f"{table.set_aside:>10,} set aside  {table.file or '-'} ({table.form})"
        )
        if table.unused:
            names = ", ".join(table.unused)
            lines.append(f"    left aside, as no column of the table: {names}")
    for found in account.findings:
        fate = "kept" if found.kept else "set aside"
        at = ", ".join(f"{line:,}" for line in found.lines)
        at = f" (line{'s' * (len(found.lines) > 1)} {at})" if at else ""
        lines.append(f"  {found.file}: {found.what}: {found.rows:,} rows {fate}{at}")
    if account.coverage:
        lines.append("Coverage")
    lines += [
        f"  {found.table.upper():20}{found.share:>7.1%}  "
        f"{found.covered:,} of {found.of:,} {found.what}"
        for found in account.coverage
    ]
    lines += _not_counted(account)
    for problem in account.problems:
        known = " (accepted)" if problem.table in account.accepted else ""
        lines.append(f"NOT PLAUSIBLE{known}: {problem.what}")
    return "\n".join(lines)


def _not_counted(account: Account) -> list[str]:
    groups = account.groups
    lines = [
        f"Not counted: {groups.duplicates:,} suspected duplicates (of "
        f"{groups.groups:,} groups, of each of which one report is kept) and "
        f"{groups.replaced:,} replaced versions"
    ]
    for n, what in (
        (
            groups.kept_though_listed,
            "reports are kept although listed as a duplicate: "
            "their group has none that is not",
        ),
        (
            groups.out_though_unlisted,
            "reports are left out although not listed as a "
            "duplicate: they share one with a report that is kept",
        ),
        (
            groups.without_original,
            "groups are left out whole: the original is not in the extract",
        ),
    ):
        if n:
            lines.append(f"  {n:,} {what}")
    return lines


def as_json(
    description: Description,
    account: Account,
    data: str,
    remarks: Sequence[str] = (),
) -> dict[str, Any]:
    """Turn a description into JSON, unrounded; what is not shown is null."""
    return {
        "synthetic": description.synthetic,
        "caveat": CAVEAT.replace("\n", " "),
        "rows_set_aside": description.set_aside,
        "smallest_cell": description.smallest_cell,
        "values": {
            value.key: {
                "number": value.number if math.isfinite(value.number) else None,
                "text": value.text,
                "unit": value.unit,
            }
            for value in values(description, data)
        },
        "strata": [
            {name: _finite(number) for name, number in vars(stratum).items()}
            for stratum in description.disproportionality
        ],
        "further": _plain(asdict(description.further)),
        "remarks": list(remarks),
        "account": {
            "tables": [asdict(table) for table in account.tables],
            "coverage": [asdict(found) for found in account.coverage],
            "groups": asdict(account.groups),
            "problems": [asdict(found) for found in account.problems],
            "accepted": list(account.accepted),
        },
    }


def as_text(
    description: Description,
    account: Account,
    data: str,
    remarks: Sequence[str] = (),
) -> str:
    """Print a description."""
    by_key = {value.key: value for value in values(description, data)}
    lines = [SYNTHETIC] if description.synthetic else []
    if description.set_aside:
        lines.append(f"{description.set_aside:,} rows of the extract were set aside")
    lines += [f"ACCEPTED AS IT IS: {found.what}" for found in account.problems]
    lines += [f"NOTE: {remark}" for remark in remarks]
    lines.append("Reports")
    for step in description.flow.steps:
        for count in step.excluded:
            lines.append(f"  − {_number(by_key, count.key):>10}  {count.label}")
        lines.append(f"    {_number(by_key, step.key):>10}  {step.label}")
    for breakdown in description.breakdowns:
        available = by_key[available_key(breakdown)].text
        lines.append(f"{breakdown.title} ({available} with data)")
        for count in breakdown.counts:
            share = _number(by_key, f"{count.key}.percent")
            share = f"{share}%" if share != text.NOT_ESTIMABLE else ""
            number = _number(by_key, count.key)
            lines.append(f"    {number:>10} {share:>5}  {count.label}")
    for time in description.times:
        lines += _time(time, by_key)
    lines.append(BEYOND)
    lines += [
        f"    {stratum.label}: {measures(stratum)}"
        for stratum in description.disproportionality
    ]
    lines += further_as_text(description)
    return "\n".join([*lines, CAVEAT])


def _time(time: Quantiles, by_key: dict[str, Value]) -> list[str]:
    median, q1, q3, least, most = (
        _number(by_key, f"{time.key}.{name}")
        for name in ("median", "q1", "q3", "min", "max")
    )
    n = _number(by_key, f"{time.key}.n")
    days = [
        text.decimal(number, 0 if number >= 10 or number == round(number) else 1)
        if math.isfinite(number)
        else text.NOT_ESTIMABLE
        for number in (time.median, time.q1, time.q3, time.min, time.max)
    ]
    return [
        f"{time.title}, years ({n} with data)",
        f"    median {median} (IQR {q1}–{q3}; range {least}–{most})",
        f"    in days: median {days[0]} (IQR {days[1]}–{days[2]}; "
        f"range {days[3]}–{days[4]})",
    ]


def _number(by_key: dict[str, Value], key: str) -> str:
    return by_key[f"{SECTION}.{key}"].text


def _plain(found: object) -> object:
    if isinstance(found, dict):
        return {name: _plain(inner) for name, inner in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(inner) for inner in found]
    return _finite(found)


def _finite(number: object) -> object:
    if isinstance(number, float) and not math.isfinite(number):
        return None
    return number
