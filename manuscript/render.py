"""The built-in engine: sources in, finished documents out.

Every document runs in a kernel of its own, once for all formats; documents and
formats are built side by side. Any fault ends the render before an output of
an earlier one is touched.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib import import_module
from pathlib import Path
from typing import Any

from manuscript import features, output
from manuscript.errors import ManuscriptError, refuse
from manuscript.execute import Execution, Options, execute
from manuscript.formats.article import Article, compose
from manuscript.sources import Document, Project

# Word's container knows no earlier date.
EARLIEST = 315532800  # 1980-01-01, in seconds since 1970

Say = Callable[[str], None]
Executor = Callable[[Document, Path, Options, threading.Event], Execution]

_MODULES = {"html": "html", "typst": "pdf", "docx": "docx"}


def render(
    project: Project,
    formats: Sequence[str],
    directory: Path,
    limit: float,
    say: Say,
    run: Executor = execute,
) -> None:
    """Render a project with the built-in engine.

    Parameters
    ----------
    project : Project
    formats : sequence of str
        By Quarto's names: ``html``, ``typst``, ``docx``.
    directory : Path
        Where the outputs go.
    limit : float
        Seconds that one cell may take.
    say : callable
        Takes a line on each step that is done.
    run : callable, optional
        Executes a document; another may know what has not changed.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Faults of the manuscript; the directory is then as it was.
    """
    features.check(project)
    epoch = source_date(project.root)
    stop = threading.Event()

    def make(document: Document) -> Article:
        options = cell_options(project, document, limit, epoch)
        start = time.perf_counter()
        execution = run(document, project.root, options, stop)
        cells, inlines = len(execution.outputs), len(execution.inlines)
        did = f"{cells} cells and {inlines} inline expressions executed"
        say(f"{document.path}: {did} ({_seconds(start)})")
        return compose(project, document, execution, options)

    def build(article: Article, to: str, built: Path) -> None:
        start = time.perf_counter()
        module = import_module(f"manuscript.formats.{_MODULES[to]}")
        with tempfile.TemporaryDirectory(prefix="manuscript-") as scratch:
            target = module.build(article, built, Path(scratch))
        say(f"{target.name} written ({_seconds(start)})")

    workers = len(project.documents) * len(formats)
    with output.staged(directory) as built, ThreadPoolExecutor(workers) as pool:
        try:
            making = [pool.submit(make, document) for document in project.documents]
            _check(project, say)
            pages = []
            for article in as_completed(making):
                pages += [
                    pool.submit(build, article.result(), to, built) for to in formats
                ]
            _write_ledger(project, [article.result() for article in making], built, say)
            for page in as_completed(pages):
                page.result()
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise


def _seconds(start: float) -> str:
    return f"{time.perf_counter() - start:.1f} s"


def cell_options(
    project: Project, document: Document, limit: float, epoch: int
) -> Options:
    """Gather the settings that hold for a document's cells in all formats."""
    metadata = project.metadata(document, "html")
    run: dict[str, Any] = dict(metadata.get("execute") or {})
    known = ("echo", "eval", "include", "warning", "error", "output")
    size = (metadata.get("fig-width", 7), metadata.get("fig-height", 5))
    dpi = project.metadata(document, "docx").get("fig-dpi", 300)
    return Options(
        **{key: run[key] for key in known if key in run},
        size=size,
        dpi=dpi,
        limit=limit,
        epoch=epoch,
    )


def source_date(root: Path) -> int:
    """Date that all outputs bear, in seconds since 1970.

    Returns
    -------
    int
        ``SOURCE_DATE_EPOCH`` where it is set, else the date of the last commit,
        else a fixed one: never the present, so that outputs repeat.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given.isdecimal():
        command = ["git", "log", "-1", "--format=%ct"]
        try:
            given = subprocess.run(
                command, cwd=root, capture_output=True, text=True, check=False
            ).stdout.strip()
        except FileNotFoundError:
            given = ""
    return max(EARLIEST, int(given or 0))


def _check(project: Project, say: Say) -> None:
    if not project.settings.mapping("project").get("pre-render"):
        return
    from manuscript import checks

    start = time.perf_counter()
    # One document alone would lack what the others cite and refer to.
    findings = checks.run(project if project.whole else Project.load(project.root))
    refuse([ManuscriptError(f.file, f.line, f.what, f.mend) for f in findings])
    say(f"checks passed ({_seconds(start)})")


def _write_ledger(
    project: Project, articles: Sequence[Article], directory: Path, say: Say
) -> None:
    if not project.whole or not project.settings.mapping("project").get("post-render"):
        return
    from manuscript import ledger

    start = time.perf_counter()
    shown = {
        (article.document.path, number): output.svg or output.text
        for article in articles
        for number, outputs in enumerate(article.execution.outputs, start=1)
        for output in outputs
    }
    ledger.write(project, directory, shown)
    say(f"{ledger.NAME} written ({_seconds(start)})")
