"""``reconstruct``: the tables behind published aggregates, and what they share."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from analysis.commands import reconstruct_report
from analysis.reconstruction import findings
from analysis.reconstruction.conflict import smallest_conflict
from analysis.reconstruction.constraints import Problem
from analysis.reconstruction.reading import read_problem
from analysis.reconstruction.sampler import ContradictionError, Ensemble, sample
from analysis.reconstruction.space import TooManyTrialsError
from analysis.reconstruction.splits import TooManySplitsError
from analysis.reconstruction.totals import ImpossibleTotalsError
from analysis.schema import DataError


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "reconstruct",
        help="find tables of trials that agree with published aggregates",
        description=(
            "Find tables of trials that say all that a publication prints of them\n"
            "together, prove what these tables share, and show how far each\n"
            "analysis moves over them. data/reconstruction/README.md describes the\n"
            "constraints."
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="CONSTRAINTS.yml", type=Path)
    parser.add_argument(
        "--n", type=int, default=1000, metavar="N", help="tables (default 1000)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="seed (default 1)"
    )
    parser.add_argument(
        "--csv", type=Path, metavar="FILE.csv", help="write the tables, a row a trial"
    )
    parser.add_argument(
        "--save",
        action="store_true",
        help="keep tables (.npz) and findings (.json) beside the constraints",
    )


def run(arguments: argparse.Namespace) -> int:
    """Search and print; 1 without a table, 2 for input that cannot be used."""
    try:
        _check(arguments)
        problem = read_problem(arguments.file)
        ensemble = sample(problem, arguments.n, arguments.seed)
        found = findings.Findings.of(ensemble)
        if len(ensemble):
            _keep(arguments, found, ensemble)
    except ContradictionError:
        print(_contradiction(problem), file=sys.stderr)
        return 1
    except (
        _BadOptionError,
        DataError,
        ImpossibleTotalsError,
        TooManySplitsError,
        TooManyTrialsError,
    ) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        print(f"{error.filename}: not written: {reason}", file=sys.stderr)
        return 2
    print(reconstruct_report.as_text(found, ensemble))
    return 0 if len(ensemble) else 1


class _BadOptionError(ValueError):
    """Raised for an option that cannot be met."""


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what would come to nothing only after the search."""
    least = {"n": 1, "seed": 0}
    for name, lowest in least.items():
        given = getattr(arguments, name)
        if given < lowest:
            raise _BadOptionError(f"--{name}: got {given}, expected {lowest} or more")
    if arguments.csv is not None and not arguments.csv.parent.is_dir():
        raise _BadOptionError(
            f"--csv: got {arguments.csv}, expected a file in a folder that exists"
        )


def _keep(
    arguments: argparse.Namespace, found: findings.Findings, ensemble: Ensemble
) -> None:
    if arguments.csv is not None:
        aside = arguments.csv.with_name(f".{arguments.csv.name}.part")
        aside.write_text(
            reconstruct_report.as_csv(ensemble), encoding="utf-8", newline=""
        )
        aside.replace(arguments.csv)
    if arguments.save:
        findings.write(arguments.file, found, ensemble.tables)


def _contradiction(problem: Problem) -> str:
    keys = smallest_conflict(problem)
    if keys is None:
        return "The statements contradict each other; no small set of them was found."
    lines = [
        f"  {s.key}: {s.quantity} of {s.scope} = {s.printed}"
        + (f" ({s.place})" if s.place else "")
        for s in problem.statements
        if s.key in keys
    ]
    if not lines:
        return "No table keeps to the limits, whatever was published."
    many = (
        f"These {len(lines)} statements contradict each other, and no fewer do:"
        if len(lines) > 1
        else "This statement contradicts itself or the limits:"
    )
    return "\n".join([many, *lines])
