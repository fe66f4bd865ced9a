"""``pool``: a meta-analysis of anyone's counts."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

from scipy.special import chdtrc

from analysis import meta
from analysis.commands import pool_json, pool_plot, pool_text
from analysis.commands.pool_report import Report
from analysis.commands.pool_table import (
    ONE_ARM,
    TWO_ARMS,
    Sheet,
    Table,
    kinds,
    read,
    sheet,
)
from analysis.meta.methods import Method
from analysis.meta.results import Pooled

_METHODS = {
    TWO_ARMS: (*meta.TWO_ARMS, *meta.MORE_TWO_ARMS),
    ONE_ARM: (*meta.ONE_ARM, *meta.MORE_ONE_ARM),
}
_OPTIONS = ("interval", "prediction")
MOST_LEFT_OUT = 20_000


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    listed = [
        f"with the columns {', '.join(columns)}:\n"
        + "\n".join(f"  {method.name:21}{method.label}" for method in methods)
        for columns, methods in _METHODS.items()
    ]
    parser = subparsers.add_parser(
        "pool",
        help="pool the counts of trials",
        description=(
            "Pool the counts of trials, one row a trial, from a CSV file. A column\n"
            "named trial names them; other columns may group them or are ignored.\n"
            "The names of R (ai bi ci di n1i n2i, event.e n.e event.c n.c, xi ni),\n"
            "of RevMan and of Excel exports are known as well."
        ),
        epilog="methods " + "\n\nmethods ".join(listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("file", metavar="FILE.csv", type=Path, help="a CSV file; - reads the input")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--method",
        metavar="METHOD",
        choices=sorted({m.name for methods in _METHODS.values() for m in methods}),
        help="how to pool; see below",
    )
    how.add_argument(
        "--all", action="store_true", help="pool by every method that fits the table"
    )
    add("--by", metavar="COLUMN", help="compare the groups it names")
    add(
        "--columns",
        metavar="NAME=COLUMN,...",
        help="which column is which: events_treated=deaths,n_treated=randomised",
    )
    add(
        "--level",
        type=float,
        default=0.95,
        metavar="SHARE",
        help="confidence level (default 0.95)",
    )
    add("--interval", choices=meta.INTERVALS, help="of an inverse-variance pool")
    add("--prediction", choices=meta.PREDICTIONS, help="of a random-effects pool")
    add("--leave-one-out", action="store_true", help="pool without each trial")
    add("--cumulative", action="store_true", help="pool as each trial is added")
    add("--regress", metavar="COLUMN", help="regress the effects on its numbers")
    add("--keep-total", action="store_true", help="pool a row that adds up the others")
    add(
        "--plot",
        metavar="FILE",
        type=Path,
        help="draw a forest plot: FILE ends in .pdf, .svg, .png or .tif",
    )
    add("--bias", metavar="COLUMN", help="risk of bias, a column of the plot")
    add("--json", action="store_true", help="print JSON, unrounded")


def run(arguments: argparse.Namespace) -> int:
    """Pool and print; return 2 for a file or an option that cannot be used."""
    try:
        answer = _answer(arguments)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return _printed(answer)


def _printed(answer: str) -> int:
    try:
        print(answer, flush=True)
    except BrokenPipeError:
        # Who reads has read enough, as with ``| head``.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _answer(arguments: argparse.Namespace) -> str:
    meta.check_level(arguments.level)
    if arguments.bias and not arguments.plot:
        raise ValueError("--bias: it is a column of the plot; add --plot FILE")
    if arguments.plot:
        if arguments.all:
            raise ValueError("--plot: it shows one method; give --method for --all")
        pool_plot.check_target(arguments.plot)
    found = sheet(arguments.file)
    columns = _columns(arguments.columns)
    if arguments.all:
        return _every(found, columns, arguments)
    names, method = _kind(found, columns, arguments.method)
    options = {
        name: value
        for name in _OPTIONS
        if (value := getattr(arguments, name)) is not None
    }
    method = _with_options(method, options)
    table = read(
        found,
        names,
        columns,
        by=arguments.by,
        covariate=arguments.regress,
        bias=arguments.bias,
        keep_total=arguments.keep_total,
    )
    report = pooled(table, method, arguments.level)
    report = _more(report, table, method, arguments)
    if arguments.plot:
        # Else the figures of the letter would be loaded for each pool.
        from analysis.letter.figures.page import page

        for path in pool_plot.save(report, table, arguments.plot, page()):
            print(f"{path} written", file=sys.stderr)
    if arguments.json:
        return json.dumps(pool_json.as_json(report), indent=1, ensure_ascii=False)
    return pool_text.as_text(report)


def pooled(table: Table, method: Method, level: float) -> Report:
    """Pool all trials and each group.

    Parameters
    ----------
    table : Table
    method : Method
    level : float
        Confidence level in (0, 1).

    Returns
    -------
    Report
    """
    pool = partial(method.pool, level=level)
    groups = {name: pool(*counts) for name, counts in table.groups().items()}
    whole = pool(*table.counts)
    return Report(
        method=method,
        counts=table.counts,
        trial=table.trial,
        pooled=whole,
        advice=meta.advise(whole, *table.counts),
        notes=table.notes,
        groups=groups,
        test=meta.subgroup_test(list(groups.values())) if groups else None,
        within=_within(groups),
    )


def _within(groups: Mapping[str, Pooled]) -> tuple[float, float, float] | None:
    spreads = [pooled.heterogeneity for pooled in groups.values()]
    known = [s for s in spreads if s is not None and s.df >= 0 and s.q >= 0]
    if not known:
        return None
    q, df = math.fsum(float(s.q) for s in known), math.fsum(float(s.df) for s in known)
    return q, df, float(chdtrc(df, q)) if df > 0 else float("nan")


def _more(
    report: Report, table: Table, method: Method, arguments: argparse.Namespace
) -> Report:
    """Add what is computed on request."""
    pool = partial(method.pool, level=arguments.level)
    k = len(table.trial)
    if (arguments.leave_one_out or arguments.cumulative) and k > MOST_LEFT_OUT:
        raise ValueError(
            f"{k} trials: pooling again for each takes too long, expected at most "
            f"{MOST_LEFT_OUT}"
        )
    if arguments.leave_one_out and k > 1:
        report = replace(report, leave_one_out=meta.leave_one_out(pool, *table.counts))
    if arguments.cumulative:
        report = replace(report, cumulative=meta.cumulative(pool, *table.counts))
    if arguments.regress:
        own = report.pooled.trials
        if own is None or table.covariate is None:
            raise ValueError(
                f"--regress: {method.name} has no effects of single trials; choose "
                "an inverse-variance method, such as reml or plogit-reml"
            )
        regression = meta.meta_regression(
            own.estimate, own.se**2, table.covariate, level=arguments.level
        )
        report = replace(report, regression=regression, covariate=arguments.regress)
    return report


def _every(
    found: Sheet, columns: Mapping[str, str], arguments: argparse.Namespace
) -> str:
    """Pool one table by every method that fits it."""
    missing = kinds(found, columns)
    names = next((kind for kind in _METHODS if not missing[kind]), None)
    if names is None:
        names = TWO_ARMS  # the reader says what is missing
    table = read(found, names, columns, keep_total=arguments.keep_total)
    pools: list[tuple[Method, Pooled | str]] = []
    for method in _METHODS[names]:
        try:
            pools.append((method, method.pool(*table.counts, level=arguments.level)))
        except ValueError as error:
            pools.append((method, str(error)))
    answers = tuple((m.label, p) for m, p in pools if not isinstance(p, str))
    advice = list(meta.disagreement(answers))
    seen = {one.code for one in advice}
    for _, one_pool in answers:
        for one in meta.advise(one_pool, *table.counts):
            if one.code not in seen:
                seen.add(one.code)
                advice.append(one)
    if arguments.json:
        whole = {
            "methods": [
                {"method": m.name, "label": m.label}
                | ({"reason": p} if isinstance(p, str) else pool_json.pool_as_json(p))
                for m, p in pools
            ],
            "advice": [vars(one) for one in advice],
            "notes": list(table.notes),
        }
        return json.dumps(whole, indent=1, ensure_ascii=False)
    remarks = []
    if advice:
        lines = "\n".join(f"- {one.text} ({one.source})." for one in advice)
        remarks.append(f"Remarks\n{lines}")
    if table.notes:
        remarks.append("Reading\n" + "\n".join(f"- {note}." for note in table.notes))
    return pool_text.all_as_text(pools, remarks)


def _kind(
    found: Sheet, columns: Mapping[str, str], name: str
) -> tuple[Sequence[str], Method]:
    """Find the method, and the columns that it takes of those in the file."""
    known = {
        names: method
        for names, methods in _METHODS.items()
        for method in methods
        if method.name == name
    }
    missing = kinds(found, columns)
    whole = [names for names in known if not missing[names]]
    names = whole[0] if whole else next(iter(known))
    return names, known[names]


def _with_options(method: Method, options: Mapping[str, str]) -> Method:
    if not options:
        return method
    taken = signature(method.pool).parameters
    for name in options:
        if name not in taken:
            raise ValueError(f"--{name}: {method.name} has no such choice")
    return replace(method, pool=partial(method.pool, **options))


def _columns(given: str | None) -> dict[str, str]:
    """Read ``events_treated=deaths,n_treated=randomised``."""
    columns = {}
    known = (*TWO_ARMS, *ONE_ARM, "trial")
    for part in (given or "").split(","):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not equals or name not in known or not column:
            raise ValueError(
                f"--columns: got {part!r}, expected NAME=COLUMN with a name of "
                f"{', '.join(known)}"
            )
        columns[name] = column
    return columns
