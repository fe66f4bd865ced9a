"""``python -m manuscript word``: what changed since a revision, tracked in Word."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "word",
        help="write a Word file with the changes since a revision tracked",
        description="Write the letter as a Word file in which all that changed since "
        "a revision, numbers included, is a tracked change with author and date.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--since", default="", metavar="REVISION", help="a commit, branch or tag"
    )
    what.add_argument(
        "--submission",
        action="store_true",
        help="a file for the journal instead: with a title page, without locks and "
        "tints",
    )
    parser.add_argument(
        "--without-figures",
        action="store_true",
        help="for the journal: no pictures in the text, their legends at the end",
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
    from manuscript import word

    root = find_root(Path.cwd())
    if arguments.submission:
        made = word.write_submission(
            root,
            arguments.document,
            arguments.output,
            figures=not arguments.without_figures,
        )
        print(f"{made} written")
        return 0
    if arguments.without_figures:
        raise ManuscriptError(
            "--without-figures", 0, "goes with --submission alone", "leave it out"
        )
    target, changes = word.write_changes(
        root, arguments.document, arguments.since, arguments.output
    )
    print(f"{target} written, {changes} tracked changes")
    return 0
