"""``python -m manuscript bundle``: one package for journals and reviewers."""

from __future__ import annotations

import argparse
import os
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import Project, find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "bundle",
        help="pack the last commit for journals and reviewers",
        description="Make one zip file of the last commit: documents, figures, "
        "tables, ledger, sources and a guide. Two bundles of a commit are identical.",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.zip",
        help="bundle.zip beside the outputs if not given",
    )
    parser.add_argument(
        "--committed",
        action="store_true",
        help="leave out what is not committed; without it, that is refused",
    )
    parser.add_argument(
        "--engine",
        choices=("builtin", "quarto"),
        default="builtin",
        help="renders the documents; those of quarto need not be identical",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="make the contents alone, from the files as they are, in a folder that "
        "holds the sources in source/",
    )
    parser.add_argument(
        "--commit", default="unknown", help="what --into calls the sources"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the bundle, and say what it is."""
    start = time.perf_counter()
    root = find_root(Path.cwd())
    project = Project.load(root)
    if arguments.into:
        from manuscript.bundle import contents

        contents.fill(project, arguments.into, arguments.commit, arguments.engine, _say)
        return 0
    from manuscript.bundle import build
    from manuscript.compose import output

    target = (arguments.output or project.output / "bundle.zip").absolute()
    measured = target.with_name("runtime.json")
    _refuse_unwritable(target)
    output.refuse_others([target, measured])
    commit, cost = build.build(
        root, target, arguments.engine, committed=arguments.committed, say=_say
    )
    _say(
        f"{target.name}: commit {commit.id[:12]}, {target.stat().st_size:,} bytes "
        f"({time.perf_counter() - start:.1f} s)"
    )
    measured.write_text(cost.as_json(commit), "utf-8")
    _say(f"{measured.name}: time and memory, for reviewers where it is committed")
    _say(f"SHA-256, to be quoted: {sha256(target.read_bytes()).hexdigest()}")
    return 0


def _refuse_unwritable(target: Path) -> None:
    """Refuse a place before minutes are spent on what would be written there."""
    folder = next(path for path in target.parents if path.exists())
    if target.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ManuscriptError(
            str(target),
            0,
            "cannot be written there",
            "choose a file in a folder that you may write to, with -o",
        )


def _say(line: str) -> None:
    print(line, flush=True)
