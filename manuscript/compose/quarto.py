"""Quarto as the engine, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from manuscript.compose import output
from manuscript.errors import ManuscriptError
from manuscript.source import Project


def installed() -> bool:
    """Tell whether Quarto is on the PATH, or where QUARTO_PATH says."""
    return _command() is not None


def _command() -> str | None:
    return os.environ.get("QUARTO_PATH") or shutil.which("quarto")


def render(
    project: Project,
    formats: Sequence[str],
    directory: Path,
    names: Collection[str] = (),
    *,
    whole: bool,
) -> None:
    """Render a project with Quarto, which runs cells in this interpreter.

    Parameters
    ----------
    project : Project
    formats : sequence of str
    directory : Path
        Where the outputs go.
    names : collection of str, optional
        How they are called.
    whole : bool
        Whether all documents are asked for, not those of `project` alone.

    Raises
    ------
    ManuscriptError
        When Quarto is missing or fails; the directory is then as it was.
    """
    command = _command()
    if command is None:
        raise ManuscriptError(
            "--engine",
            0,
            "Quarto is not on the PATH",
            "install it (make quarto), or render with --engine builtin",
        )
    targets = [""] if whole else [document.path for document in project.documents]
    beside = project.root.is_relative_to(directory.resolve())
    with output.kept(directory, names if beside else ()):
        for target in targets:
            for to in _calls(project, formats, target):
                _call(command, project, directory, target, to)


def _calls(project: Project, formats: Sequence[str], target: str) -> list[str]:
    """Return the format of each call: one, or none for all that are Quarto's own.

    It refuses a list of them (quarto-cli issue 5947).
    """
    own = project.formats
    for document in project.documents:
        if document.path == target:
            own = project.formats_of(document)
    return [""] if set(formats) >= set(own) else [to for to in formats if to in own]


def _call(
    command: str, project: Project, directory: Path, target: str, to: str
) -> None:
    # Not quarto.render: it does not tell whether Quarto failed.
    arguments = ["render", *([target] if target else [])]
    arguments += ["--to", to] if to else []
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
            target or "_quarto.yml",
            0,
            f"Quarto ended with status {status} ({' '.join(arguments)})",
            "see its message above",
        )
