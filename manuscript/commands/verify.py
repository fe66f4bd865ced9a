"""``python -m manuscript verify``: whether a bundle is whole, and can be re-run."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "verify",
        help="check a bundle, and run it again",
        description="Check every byte of a bundle. With --rerun, which runs the "
        "program in the bundle, make it again from its sources alone and compare.",
    )
    parser.add_argument("bundle", type=Path, metavar="FILE.zip")
    parser.add_argument(
        "--rerun", action="store_true", help="make it again in a new environment"
    )
    parser.add_argument(
        "--digest",
        metavar="SHA256",
        help="as the authors quote it: whether the file is the one they mean",
    )
    parser.add_argument(
        "--python",
        type=Path,
        metavar="PATH",
        help="re-run with this interpreter and its packages instead",
    )

    parser.add_argument(
        "--trusted",
        metavar="REVISION",
        help="re-run with the program of a commit of this clone, which you trust, in "
        "place of the bundle's; prose and data stay the bundle's",
    )


def _say(line: str) -> None:
    print(line, flush=True)


def run(arguments: argparse.Namespace) -> int:
    """Check, and print the verdict."""
    from manuscript.bundle import DamagedError, Trusted, verify
    from manuscript.record import resolve
    from manuscript.source import find_root

    start = time.perf_counter()
    try:
        bundle = verify.check(arguments.bundle)
    except DamagedError as error:
        print(error, file=sys.stderr)
        count = len(error.damages)
        print(f"NOT INTACT: {count} fault{'s' * (count != 1)} in {arguments.bundle}")
        return 1
    print(verify.statement(bundle), flush=True)
    if arguments.digest:
        if not verify.quoted(bundle, arguments.digest):
            print("ANOTHER BUNDLE: its digest is not the one quoted")
            return 1
        print("THE ONE QUOTED: its digest is the one given")
    if not (arguments.rerun or arguments.python or arguments.trusted):
        return 0
    trusted = None
    if arguments.trusted:
        root = find_root(Path.cwd())
        trusted = Trusted(root, resolve(root, arguments.trusted))
    # Not resolved: a link to an interpreter may be what makes an environment.
    python = arguments.python.absolute() if arguments.python else None
    result = verify.rerun(bundle, python, _say, trusted)
    print(verify.verdict(bundle, result, new=python is None))
    print(f"({time.perf_counter() - start:.0f} s)")
    return 1 if result.changes else 0
