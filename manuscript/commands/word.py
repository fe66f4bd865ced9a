"""``python -m manuscript word``: what changed since a revision, tracked in Word."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from manuscript.source.documents import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "word",
        help="write a Word file with the changes since a revision tracked",
        description="Write the letter as a Word file in which all that changed since "
        "a revision, numbers included, is a tracked change with author and date.",
    )
    parser.add_argument(
        "--since", required=True, metavar="REVISION", help="a commit, branch or tag"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.docx",
        help="the file to write (index-since-REVISION.docx among the outputs)",
    )
    parser.add_argument(
        "--document",
        default="index.qmd",
        metavar="FILE.qmd",
        help="another document than the letter",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the Word file."""
    from manuscript.exchange import exchange

    root = find_root(Path.cwd())
    target, changes = exchange.write_changes(
        root, arguments.document, arguments.since, arguments.output
    )
    print(f"{target} written, {changes} tracked changes")
    return 0
