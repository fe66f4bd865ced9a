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
    if arguments.n < 1:
        print(f"--n: got {arguments.n}, expected at least 1", file=sys.stderr)
        return 2
    try:
        problem = read_problem(arguments.file)
        ensemble = sample(problem, arguments.n, arguments.seed)
    except ContradictionError:
        print(_contradiction(problem), file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    found = findings.Findings.of(ensemble)
    print(reconstruct_report.as_text(found, ensemble))
    if not len(ensemble):
        return 1
    _keep(arguments, found, ensemble)
    return 0


def _keep(
    arguments: argparse.Namespace, found: findings.Findings, ensemble: Ensemble
) -> None:
    if arguments.csv is not None:
        arguments.csv.write_text(
            reconstruct_report.as_csv(ensemble), encoding="utf-8", newline=""
        )
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
