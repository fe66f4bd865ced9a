"""The set-up as ``make`` calls it, with a relative path, on any machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "setup_venv.py"


def test_the_environment_is_made_in_this_folder_and_kept(tmp_path: Path) -> None:
    tmp_path.joinpath("none.txt").write_text("# nothing\n", encoding="utf-8")
    # Where nothing compiled may be kept, and as usual, when it is there already.
    for variable, begins in (("1", "creating .venv"), ("", "installing 0 packages")):
        made = subprocess.run(
            [sys.executable, str(SCRIPT), ".venv", "none.txt"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": variable, "PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        assert made.stdout.startswith(begins)
        assert ".venv is ready" in made.stdout
