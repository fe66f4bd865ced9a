"""Whether both documents of the project render with a table, in three formats."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LEFT_OUT = (".*", "_output*", "__pycache__", "tests")
# What no render may print, whatever the data.
# A draft goes on after what is refused, and tells it.
_FAULTS = (
    *("Traceback", "fault of the program", "formats differ", "Error:"),
    *(" raised ", " is missing: ", "puts out", "draws a figure of", "cannot be read"),
)


def copied(folder: Path) -> Path:
    """Copy the project, whose table is then replaced."""
    project = folder / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return project


def fault(project: Path, table: str) -> str:
    """Render with a table; return what went wrong, or nothing.

    Claims that no longer hold are findings, which a draft shows in its pages.
    """
    (project / "data" / "trials.csv").write_text(table, encoding="utf-8")
    shutil.rmtree(project / "_output", ignore_errors=True)
    command = [sys.executable, "-m", "manuscript", "render", "--engine", "builtin"]
    done = subprocess.run(
        [*command, "--draft", "--to", "html,pdf,docx"],
        cwd=project,
        capture_output=True,
        text=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
    )
    said = done.stdout + done.stderr
    found = [line for line in said.splitlines() if any(f in line for f in _FAULTS)]
    if found:
        return f"render: {found[0].strip()}"
    written = {file.name for file in (project / "_output/draft").glob("*.*")}
    wanted = {
        f"{document}.{to}"
        for document in ("index", "supplement")
        for to in ("html", "pdf", "docx")
    }
    missing = sorted(wanted - written)
    if missing:
        last = (said.strip().splitlines() or ["nothing"])[-1]
        return f"render: no {missing[0]}; said last: {last}"
    return ""
