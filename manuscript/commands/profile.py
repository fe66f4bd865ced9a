"""``python -m manuscript profile``: lay the manuscript out for a journal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from manuscript.source import find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "profile",
        help="lay the manuscript out for another journal",
        description="Put a profile from journals/ in force as journal.yml and write "
        "what it asks of Quarto into _quarto.yml; without a name, the latter alone.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="file in journals/")


def run(arguments: argparse.Namespace) -> int:
    """Adopt a profile, and say which are there."""
    from manuscript.source import journal

    root = find_root(Path.cwd())
    adopted = journal.adopt(root, arguments.name)
    print(f"{adopted.name}: journal.yml and _quarto.yml agree")
    print(f"others in {journal.OTHERS}/: {', '.join(journal.others(root)) or 'none'}")
    return 0
