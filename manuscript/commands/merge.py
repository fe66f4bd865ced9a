"""``python -m manuscript merge``: a co-author's edited Word file, as a patch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from manuscript.source import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "merge",
        help="bring the edits of a Word file back to the sources",
        description="Print what a co-author changed in a Word file, tracked or not, "
        "and a patch of the sources. Numbers, claims, citations and whatever code "
        "makes are not edited: they are listed with the place to change them. The "
        "status is 1 where something is left to be done by hand.",
    )
    parser.add_argument("edited", type=Path, metavar="EDITED.docx")
    parser.add_argument(
        "--apply",
        action="store_true",
        help="change the sources, and keep the list beside the Word file",
    )
    parser.add_argument(
        "--json", action="store_true", help="print notes and changed files as JSON"
    )
    parser.add_argument(
        "--document",
        default="",
        metavar="FILE.qmd",
        help="the document that was edited; found by its text if not given",
    )
    parser.add_argument(
        "--base",
        default="",
        metavar="REVISION",
        help="the revision that was sent, where the text has changed since "
        "(the one that the Word file names)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the patch, or apply it."""
    from manuscript import word

    root = find_root(Path.cwd())
    merged = word.merge_file(root, arguments.edited, arguments.document, arguments.base)
    if arguments.json:
        print(merged.as_json())
        return int(merged.refused)
    print(merged.report(), end="")
    if not (merged.notes or merged.new):
        print("no edits: the copy says what the sources print", file=sys.stderr)
    if not arguments.apply:
        print(merged.patch(), end="")
        return int(merged.refused)
    changed = merged.apply(root)
    if merged.notes:
        kept = arguments.edited.with_suffix(".merge.txt")
        kept.write_text(merged.report() + merged.patch(), "utf-8")
        print(f"the list is kept in {kept}", file=sys.stderr)
    for file in changed:
        print(f"{file} changed", file=sys.stderr)
    return int(merged.refused)
