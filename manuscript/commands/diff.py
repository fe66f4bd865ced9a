"""``python -m manuscript diff``: which numbers, claims and figures changed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from manuscript.source import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "diff",
        help="list the numbers, claims and figures that changed",
        description="Compare two revisions, or two ledgers, with the sentences in "
        "which their numbers stand.",
    )
    parser.add_argument("old", metavar="OLD", help="git revision or ledger.json")
    parser.add_argument(
        "new",
        metavar="NEW",
        nargs="?",
        default=".",
        help="the same; the working tree if left out",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print Markdown")


def run(arguments: argparse.Namespace) -> int:
    """Print the changes."""
    from manuscript.record import diff, revisions

    root = find_root(Path.cwd())
    old, new = revisions.ledgers(root, [arguments.old, arguments.new])
    changes = diff.compare(old, new)
    if arguments.json:
        print(diff.as_json(changes))
    else:
        write = diff.as_markdown if arguments.markdown else diff.as_text
        print(write(changes), end="")
    return 0
