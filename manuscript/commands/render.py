"""``python -m manuscript render``: letter and supplement as HTML, PDF and Word."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from manuscript.compose.features import FORMATS
from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project, find_root

TYPST = {"pdf": "typst"}


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "render", help="render the manuscript as HTML, PDF and Word"
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="documents; all of the project if none"
    )
    parser.add_argument(
        "--engine",
        choices=("auto", "quarto", "builtin"),
        default="auto",
        help="auto takes Quarto where it is installed",
    )
    parser.add_argument(
        "--to",
        default="",
        metavar="FORMATS",
        help="html, pdf, docx, separated by commas; those of the project if not given",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where the outputs go (output-dir of _quarto.yml)",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=600,
        metavar="SECONDS",
        help="how long one cell may run (600)",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="reuse nothing that earlier renders kept in .manuscript",
    )


def run(arguments: argparse.Namespace) -> int:
    """Render, and say what was done."""
    from manuscript.compose import quarto as quarto_engine
    from manuscript.compose import render
    from manuscript.compose.pages import Pages
    from manuscript.execute.incremental import Incremental
    from manuscript.execute.kept import Kept

    start = time.perf_counter()
    root = find_root(Path.cwd())
    project = Project.load(root, [_inside(root, file) for file in arguments.files])
    formats = _formats(arguments.to, project)
    directory = arguments.output.absolute() if arguments.output else project.output
    engine = arguments.engine
    if engine == "auto":
        engine = "quarto" if quarto_engine.installed() else "builtin"
    if engine == "quarto":
        quarto_engine.render(project, formats, directory, whole=not arguments.files)
    else:
        kept = Kept(root, fresh=arguments.fresh)
        incremental = Incremental(root, kept)
        render.render(
            project,
            formats,
            directory,
            arguments.timeout,
            _say,
            incremental.execute,
            Pages(project, kept),
            incremental.lawful,
        )
        kept.tidy()
    _say(f"{_shown(directory)} is up to date ({time.perf_counter() - start:.1f} s)")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _shown(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _inside(root: Path, file: str) -> str:
    path = Path(file).absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def _formats(asked: str, project: Project) -> list[str]:
    names = [name.strip() for name in asked.split(",") if name.strip()]
    formats = [TYPST.get(name, name) for name in names] or list(project.formats)
    for name, format_ in zip(names, formats, strict=False):
        if format_ not in FORMATS:
            raise ManuscriptError(
                "--to", 0, f"`{name}` is no format", "write html, pdf or docx"
            )
    return list(dict.fromkeys(formats))
