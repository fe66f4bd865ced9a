"""``python -m manuscript new``: begin a paper of your own."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Any

from manuscript.new import KITS


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "new",
        help="begin a paper of your own",
        description="Write a small paper that renders, checks and bundles as it is, "
        "with its own copy of the press. Its README says what to change.",
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="empty, or not there yet"
    )
    parser.add_argument(
        "--from",
        dest="kit",
        choices=tuple(KITS),
        default="cohort",
        help="what it begins with: one row a patient (cohort), or counts of trials "
        "that are pooled (meta-analysis)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the paper, and say how to go on."""
    from manuscript.new import begin

    count = begin(arguments.folder.absolute(), arguments.kit)
    print(f"{arguments.folder}: a {arguments.kit}; {count} files are yours, its")
    print("README.md says which. Go on with:")
    folder = shlex.quote(str(arguments.folder))
    print(f"  cd {folder} && git init && make render")
    return 0
