"""Quarto as the engine, where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import quarto  # type: ignore[import-untyped]

from manuscript.compose import output
from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project


def installed() -> bool:
    """Tell whether Quarto is on the PATH, or where QUARTO_PATH says."""
    return quarto.path() is not None


def render(
    project: Project, formats: Sequence[str], directory: Path, *, whole: bool
) -> None:
    """Render a project with Quarto, which runs cells in this interpreter.

    Parameters
    ----------
    project : Project
    formats : sequence of str
    directory : Path
        Where the outputs go.
    whole : bool
        Whether all documents are asked for, not those of `project` alone.

    Raises
    ------
    ManuscriptError
        When Quarto is missing or fails; the directory is then as it was.
    """
    command = quarto.path()
    if command is None:
        raise ManuscriptError(
            "--engine",
            0,
            "Quarto is not on the PATH",
            "install it (make quarto), or render with --engine builtin",
        )
    targets = ["."] if whole else [document.path for document in project.documents]
    with output.kept(directory):
        for target in targets:
            # Not quarto.render: it does not tell whether Quarto failed.
            arguments = ["render", target, "--to", ",".join(formats)]
            if directory != project.output:
                arguments += ["--output-dir", str(directory)]
            status = subprocess.run(
                [command, *arguments],
                cwd=project.root,
                env=os.environ | {"QUARTO_PYTHON": sys.executable},
                check=False,
            ).returncode
            if status:
                raise ManuscriptError(
                    target if not whole else "_quarto.yml",
                    0,
                    f"Quarto ended with status {status}",
                    "see its message above",
                )
