"""``python -m manuscript audit``: licences and known faults of the dependencies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from manuscript.source import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "audit",
        help="check the licences of what the project rests on",
        description="Print the licence of every pinned dependency; fail where one is "
        "not accepted, or where pip-audit knows a fault of a pinned version.",
    )
    parser.add_argument(
        "--faults",
        action="store_true",
        help="ask for known faults, where pip-audit and the network allow",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="print what is wrong and a count"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print licences, then what is wrong."""
    from manuscript.bundle import audit

    root = find_root(Path.cwd())
    found = audit.licences(root)
    for each in found:
        line = f"{each.pin.name + ' ' + each.pin.version:40}{each.licence}"
        if each.fault:
            print(f"{each.pin.name} ({each.licence}) {each.fault}", file=sys.stderr)
        elif not arguments.quiet:
            print(line)
    wrong = sum(bool(each.fault) for each in found)
    print(f"licences: {len(found)} dependencies pinned, {wrong} not accepted")
    if arguments.faults:
        known = audit.known_faults(root)
        for fault in known.faults:
            print(fault, file=sys.stderr)
        told = f"{len(known.faults)} in the pinned versions"
        if known.unknown:
            told = f"NOT LOOKED UP: {known.unknown}"
        print(f"known faults: {told}")
        wrong += len(known.faults)
    return 1 if wrong else 0
