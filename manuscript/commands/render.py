"""``python -m manuscript render``: letter and supplement as HTML, PDF and Word."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript import STARTED
from manuscript.compose import FOLDER, FORMATS, load, output, output_names
from manuscript.errors import ManuscriptError
from manuscript.source import Project, find_root

if TYPE_CHECKING:
    from manuscript.compose import Read
    from manuscript.execute import Options, State
    from manuscript.source import Document

TYPST = {"pdf": "typst"}
ATTEMPTS = 3


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
    parser.add_argument(
        "--draft",
        action="store_true",
        help="show the pages whatever the checks find, marked and listed in them",
    )
    parser.add_argument("--attempt", type=int, default=1, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Render, and say what was done."""
    from manuscript.compose import quarto as quarto_engine
    from manuscript.execute import ChangedError, State

    start = time.perf_counter()
    root = find_root(Path.cwd())
    state = State.of(root)
    for remark in state.remarks():
        print(remark, file=sys.stderr, flush=True)
    files = [_inside(root, file) for file in arguments.files]
    draft = load(root, files) if arguments.draft else None
    project = draft.project if draft else Project.load(root, files)
    formats = _formats(arguments.to, project)
    directory = arguments.output.absolute() if arguments.output else project.output
    if arguments.draft and not arguments.output:
        directory /= FOLDER
    engine = "builtin" if arguments.draft else arguments.engine
    if engine == "auto":
        engine = "quarto" if quarto_engine.installed() else "builtin"
    names = output_names(project, formats, draft.unread if draft else ())
    what = "a file" if directory.is_file() else ""
    if sources := state.sources_in(directory.resolve()):
        what = f"a folder of sources ({sources[0]}), for which outputs would pass"
    if what:
        line = project.settings.line("project", "output-dir")
        raise ManuscriptError(
            *(("--output", 0) if arguments.output else ("_quarto.yml", line)),
            f"`{_shown(directory)}` is {what}",
            "name a folder for outputs alone, such as _output",
        )
    output.refuse_others(directory / name for name in names)
    if engine == "quarto":
        whole = not arguments.files
        quarto_engine.render(project, formats, directory, names, whole=whole)
    else:
        try:
            missing = _render(project, state, formats, directory, arguments, draft)
        except ChangedError as changed:
            return _start_again(arguments, str(changed))
        for name, why in missing.items():
            print(f"{name} is missing: {why}", file=sys.stderr, flush=True)
        if missing:
            return 1
    _say(f"{_shown(directory)} is up to date ({time.perf_counter() - start:.1f} s)")
    return 0


def _render(
    project: Project,
    state: State,
    formats: Sequence[str],
    directory: Path,
    arguments: argparse.Namespace,
    draft: Read | None,
) -> dict[str, str]:
    """Render with the built-in engine, and keep what is of one state."""
    from manuscript.compose import PANEL, Checked, Pages, render, revision
    from manuscript.execute import Answering, Incremental, Kept

    def named() -> str:
        return revision(project.root) if "docx" in formats else ""

    def settled() -> None:
        state.refuse_change(STARTED, named(), last=arguments.attempt == ATTEMPTS)

    state = replace(state, revision=named())
    kept = Kept(project.root, fresh=arguments.fresh)
    every = load(project.root, ()) if draft and arguments.files else draft
    # Of a draft that was read as it stands, all is what a render makes.
    sound = not (every and (every.faults or every.unread))
    checked = Checked(
        every.project if every else project, *((state, kept) if sound else ())
    )
    whole = project if sound and project.whole else None
    answers = Answering(state, kept, {PANEL: checked.panel}, whole)
    incremental = Incremental(state, kept, answers)
    try:
        with incremental.ahead(_asked(project)):
            if project.is_checked and not incremental.answers.has_to_compute:
                checked.begin(incremental.answers.letter)
            missing = render.render(
                project,
                formats,
                directory,
                arguments.timeout,
                _say,
                incremental.execute,
                Pages(project, state, kept) if sound else None,
                incremental.answers,
                checked,
                settled,
                draft=draft,
            )
    except Exception:
        # Of a mixture, the fault may be none.
        settled()
        kept.commit()
        raise
    kept.commit()
    return missing


def _asked(project: Project) -> list[tuple[Document, Options]]:
    from manuscript.compose import render

    epoch = render.source_date(project.root)
    return [
        (each, render.cell_options(project, each, 0, epoch))
        for each in project.documents
        if each.cells
    ]


def _start_again(arguments: argparse.Namespace, changed: str) -> int:
    """Render in a new process, which has loaded nothing of the state before."""
    if arguments.attempt >= ATTEMPTS:
        raise ManuscriptError(
            changed,
            0,
            f"changed while it was rendered, {ATTEMPTS} times",
            "wait until nothing writes to the project, and render again",
        )
    _say(f"{changed} has changed meanwhile: starting again")
    command = [sys.executable, "-m", "manuscript", "render", *arguments.files]
    command += ["--engine", "builtin", "--to", arguments.to]
    command += ["--timeout", str(arguments.timeout)]
    command += ["--draft"] * arguments.draft
    command += ["--output", str(arguments.output)] if arguments.output else []
    command += ["--fresh"] if arguments.fresh else []
    command += ["--attempt", str(arguments.attempt + 1)]
    return subprocess.run(command, check=False).returncode


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
