"""The built-in engine held against what real Quarto made of small documents.

The cases and the tool that compares lie beside the project; where they do, and
in continuous integration, as it takes a minute or two.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
CASES = SHARED / "reference" / "quarto" / "cases"
TOOL = SHARED / "tools" / "quarto_parity.py"


@pytest.mark.long
@pytest.mark.skipif(
    not (TOOL.is_file() and CASES.is_dir() and "CI" in os.environ),
    reason="runs in CI, where the recorded cases lie beside the project",
)
def test_no_case_differs_from_what_quarto_made_of_it() -> None:
    done = subprocess.run(
        [sys.executable, TOOL, CASES, sys.executable, ROOT, "--jobs", "2", "--brief"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(
        r"same (\d+), refused \d+, different (\d+), crash (\d+) of \d+", done.stdout
    )
    assert found, done.stdout + done.stderr
    same, different, crashes = map(int, found.groups())
    assert (different, crashes) == (0, 0), done.stdout
    assert same >= 75, done.stdout
