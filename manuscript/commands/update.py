"""``python -m manuscript update``: bring a newer press into this paper."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "update",
        help="bring a newer press into this paper",
        description="Replace the files of the press by those of a newer one, and list "
        "what changed. Your files, and files of the press that you have changed, are "
        "left as they are.",
    )
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "press", nargs="?", type=Path, metavar="PRESS", help="folder of the newer press"
    )
    way.add_argument(
        "--into", type=Path, metavar="PAPER", help="bring this press into a paper"
    )


def run(arguments: argparse.Namespace) -> int:
    """Update, and list what was done."""
    if arguments.into:
        from manuscript.new import update

        print(update(arguments.into.absolute()))
        return 0
    from manuscript.source import find_root

    root, press = find_root(Path.cwd()), arguments.press.resolve()
    if not (press / "manuscript" / "commands" / "update.py").is_file():
        raise ManuscriptError(
            str(arguments.press),
            0,
            "holds no press that can be brought into a paper",
            "name the folder of a newer one, which holds manuscript/",
        )
    # The newer press knows which files it has.
    command = [sys.executable, "-m", "manuscript", "update", "--into", str(root)]
    environment = os.environ | {"PYTHONPATH": str(press)}
    return subprocess.run(command, cwd=press, env=environment, check=False).returncode
