"""The set-up as ``make`` calls it, with a relative path, on any machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "setup_venv.py"


@pytest.mark.parametrize("kept", ["", "1"], ids=["as usual", "nothing compiled kept"])
def test_the_environment_is_made_in_this_folder(tmp_path: Path, kept: str) -> None:
    tmp_path.joinpath("none.txt").write_text("# nothing\n", encoding="utf-8")
    made = subprocess.run(
        [sys.executable, str(SCRIPT), ".venv", "none.txt"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": kept, "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert ".venv is ready" in made.stdout
