"""What Quarto runs before it renders: the checks, whose findings stop it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] = ()) -> int:
    """Run the checks."""
    from manuscript.__main__ import main

    return main(["check"])


if __name__ == "__main__":
    # Quarto runs this file by its path: Python then looks for modules beside it,
    # where those of the package would pass for others, and not in the root.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from manuscript.entry import program

    program(main)
