"""``pool``: a meta-analysis of anyone's counts."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from analysis import meta, schema
from analysis.commands import pool_report
from analysis.meta.methods import Method
from analysis.meta.results import Array, Pooled
from analysis.reading import read_table

TWO_ARMS = ("events_treated", "n_treated", "events_control", "n_control")
ONE_ARM = ("events", "n")
_METHODS = {TWO_ARMS: meta.TWO_ARMS, ONE_ARM: meta.ONE_ARM}


@dataclass(frozen=True)
class Table:
    """Counts read from a file.

    Attributes
    ----------
    counts : tuple of (k,) arrays
        In the order of their columns.
    trial : tuple of k str
    group : tuple of k str
        Empty without a grouping column.
    """

    counts: tuple[Array, ...]
    trial: tuple[str, ...]
    group: tuple[str, ...]

    def groups(self) -> dict[str, tuple[Array, ...]]:
        """Return the counts of each group, in the order of the file."""
        of = np.array(self.group)
        return {
            name: tuple(count[of == name] for count in self.counts)
            for name in dict.fromkeys(self.group)
        }


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    listed = [
        f"with the columns {', '.join(columns)}:\n"
        + "\n".join(f"  {method.name:15}{method.label}" for method in methods)
        for columns, methods in _METHODS.items()
    ]
    parser = subparsers.add_parser(
        "pool",
        help="pool the counts of trials",
        description=(
            "Pool the counts of trials, one row a trial, from a CSV file. A column\n"
            "named trial names them; other columns may group them or are ignored."
        ),
        epilog="methods " + "\n\nmethods ".join(listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE.csv", type=Path)
    parser.add_argument(
        "--method",
        required=True,
        metavar="METHOD",
        choices=sorted({m.name for methods in _METHODS.values() for m in methods}),
        help="how to pool; see below",
    )
    parser.add_argument("--by", metavar="COLUMN", help="compare the groups it names")
    parser.add_argument(
        "--level",
        type=float,
        default=0.95,
        metavar="SHARE",
        help="confidence level (default 0.95)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, unrounded")


def run(arguments: argparse.Namespace) -> int:
    """Pool and print; return 2 for a file or an option that cannot be used."""
    try:
        columns, method = _kind(arguments.file, arguments.method)
        table = read(arguments.file, columns, arguments.by)
        report = pooled(table, method, arguments.level)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(pool_report.as_json(report), indent=1, ensure_ascii=False))
    else:
        print(pool_report.as_text(report))
    return 0


def pooled(table: Table, method: Method, level: float) -> pool_report.Report:
    """Pool all trials, each group, and all but each trial."""
    pool = partial(method.pool, level=level)
    groups = {name: pool(*counts) for name, counts in table.groups().items()}
    left_out: Pooled | None = None
    if len(table.trial) > 1:
        left_out = meta.leave_one_out(pool, *table.counts)
    return pool_report.Report(
        method=method,
        counts=table.counts,
        trial=table.trial,
        pooled=pool(*table.counts),
        leave_one_out=left_out,
        groups=groups,
        test=meta.subgroup_test(list(groups.values())) if groups else None,
    )


def read(path: Path, columns: Sequence[str], by: str | None = None) -> Table:
    """Read the counts of trials.

    Parameters
    ----------
    path : Path
    columns : sequence of str
        ``TWO_ARMS`` or ``ONE_ARM``.
    by : str, optional
        Grouping column.

    Raises
    ------
    analysis.schema.DataError
        With every fault of the file.
    """
    pairs = list(zip(columns[::2], columns[1::2], strict=True))
    names = [name for name in ("trial", by) if name and name not in columns]
    optional = [name for name in names if name == by or name in _header(path)]
    table = schema.Schema(
        columns=(
            *(schema.Column(name, schema.count(0)) for name, _ in pairs),
            *(schema.Column(name, schema.count(1)) for _, name in pairs),
            *(schema.Column(name, schema.label) for name in optional),
        ),
        checks=tuple(
            schema.at_most(events, n, "no more events than patients")
            for events, n in pairs
        ),
    )
    rows = read_table(path, table, str(path), ignore_others=True)
    return Table(
        tuple(np.array([row[name] for row in rows], dtype=float) for name in columns),
        tuple(str(row.get("trial", i)) for i, row in enumerate(rows, start=1)),
        tuple(str(row[by]) for row in rows) if by else (),
    )


def _kind(path: Path, name: str) -> tuple[Sequence[str], Method]:
    """Find the method, and the columns that it takes of those in the file."""
    found = {
        columns: method
        for columns, methods in _METHODS.items()
        for method in methods
        if method.name == name
    }
    header = _header(path)
    whole = [columns for columns in found if set(columns) <= set(header)]
    columns = whole[0] if whole else next(iter(found))
    return columns, found[columns]


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [cell.strip() for cell in next(csv.reader(file), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []  # the reader of the whole table says what is wrong
