"""The built-in engine: sources in, finished documents out.

Every document runs in a kernel of its own, once for all formats; documents and
formats are built side by side. Any fault ends the render before an output of
an earlier one is touched.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript.compose import agreement, features, output
from manuscript.compose.checked import Checked
from manuscript.compose.draft import Collected, Note, Read, mark_pages
from manuscript.compose.formats.article import Article, compose
from manuscript.compose.pages import SUFFIXES, Pages
from manuscript.errors import ManuscriptError, faults_of, refuse
from manuscript.execute import Answering, Execution, Options, execute
from manuscript.execute import answers as answers_of
from manuscript.record import git
from manuscript.source import Document, Project
from manuscript.values import temporary_folder

if TYPE_CHECKING:
    from manuscript.values import Answers

# Word's container knows no date before or after.
EARLIEST = 315532800  # 1980-01-01, in seconds since 1970
LATEST = 4354819199  # the end of 2107

_SECONDS = re.compile(r"[0-9]{1,10}")

Say = Callable[[str], None]
Executor = Callable[[Document, Path, Options, threading.Event], Execution]

_MODULES = {"html": "html", "typst": "pdf", "docx": "docx"}


@dataclass(frozen=True)
class Executed:
    """A document whose code has been run."""

    document: Document
    execution: Execution
    options: Options


def render(
    project: Project,
    formats: Sequence[str],
    directory: Path,
    limit: float,
    say: Say,
    run: Executor = execute,
    pages: Pages | None = None,
    answers: Answering | None = None,
    checked: Checked | None = None,
    settled: Callable[[], None] | None = None,
    *,
    draft: Read | None = None,
) -> dict[str, str]:
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
    pages : Pages, optional
        Pages of earlier renders, to be placed again where nothing has changed.
    answers : Answering, optional
        Knows the values from executing the documents.
    checked : Checked, optional
        Knows the checks' outcomes from executing the documents.
    settled : callable, optional
        Called when all outputs are built and none is in its place; may refuse.
    draft : Read, optional
        How the project was read for a draft, which goes on after whatever is
        refused, and marks it in the pages.

    Returns
    -------
    dict of str to str
        Why a file could not be written, by its name; none but of a draft.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Faults of the manuscript; the directory is then as it was.
    """
    collected = None
    if draft:
        collected = Collected(faults=[*draft.faults], follows=draft.follows)
    try:
        features.check(project)
    except (ManuscriptError, ExceptionGroup) as error:
        if collected is None:
            raise
        collected.faults += faults_of(error)
    epoch = source_date(project.root)
    stop = threading.Event()

    def run_code(document: Document, built: Path) -> tuple[Executed, list[Future[Any]]]:
        options = cell_options(project, document, limit, epoch)
        if draft:
            options = replace(options, draft=True)
        start = time.perf_counter()
        execution = run(document, project.root, options, stop)
        say(f"{document.path}: {_did(execution)} ({_seconds(start)})")
        one = Executed(document, execution, options)
        return one, [*start_building(one, built)]

    def write(article: Article, to: str, built: Path) -> None:
        module = import_module(f"manuscript.compose.formats.{_MODULES[to]}")
        with temporary_folder() as scratch:
            module.build(article, built, scratch)

    def composed(one: Executed, alone: bool, built: Path) -> Article:
        def attempt(document: Document, execution: Execution) -> Article:
            article = compose(project, document, execution, one.options)
            article = replace(article, alone=alone)
            has_page = "html" in formats and "html" in project.formats_of(document)
            if collected is not None and has_page:
                write(article, "html", built)
            return article

        if collected is not None:
            return collected.composed(one.document, one.execution, attempt)
        article = attempt(one.document, one.execution)
        if project.is_checked:
            refuse([*article.remarks])
        for remark in article.remarks:
            say(f"warning: {remark}")
        return article

    def build(one: Executed, article: Future[Article], to: str, built: Path) -> Path:
        start = time.perf_counter()
        target = built / f"{one.document.stem}{SUFFIXES[to]}"
        try:
            made = article.result()
            if collected is None:
                write(made, to, built)
            elif not target.exists():  # as a draft's page does

                def attempt(document: Document, execution: Execution) -> None:
                    is_made = (document, execution) == (made.document, made.execution)
                    parts = project, document, execution, one.options
                    write(made if is_made else compose(*parts), to, built)

                collected.set_aside(made, attempt)
        except (ManuscriptError, ExceptionGroup) as error:
            if collected is None:
                raise
            collected.unwritten(project.root, one.document.path, target, error)
            return target
        say(f"{target.name} built ({_seconds(start)})")
        return target

    def compare(
        one: Executed,
        article: Future[Article],
        building: dict[str, Future[Path]],
        built: Path,
    ) -> None:
        def wait(to: str) -> None:
            if to in building:
                building[to].result()

        try:
            if (count := agreement.check(article.result(), built, wait)) > 1:
                say(f"{one.document.stem}: {count} formats agree")
        except (ManuscriptError, ExceptionGroup) as error:
            if collected is None:
                raise
            collected.differ(faults_of(error))
            return
        made = {to: page.result() for to, page in building.items()}
        if not pages or (collected and one.document.path in collected.patched):
            return
        for to, target in made.items():
            pages.keep(one.document, one.execution, one.options, to, target)

    def start_building(one: Executed, built: Path) -> Iterator[Future[Any]]:
        missing = [
            to
            for to in formats
            if to in project.formats_of(one.document)
            and not (
                pages
                and pages.place(one.document, one.execution, one.options, to, built)
            )
        ]
        if not missing:
            say(f"{one.document.path}: nothing has changed")
            return
        article = pool.submit(composed, one, len(missing) == 1, built)
        missing.sort(key=lambda to: to != "typst")  # what takes longest begins first
        building = {
            to: builders.submit(build, one, article, to, built) for to in missing
        }
        yield article
        yield from building.values()
        yield pool.submit(compare, one, article, building, built)

    workers = max(1, len(project.documents) * 3)
    with (
        output.staged(directory) as built,
        ThreadPoolExecutor(workers) as pool,
        # More at once take more memory, and no less time.
        ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as builders,
    ):
        try:
            # What has most cells takes longest, and its pages wait for the last one.
            order = sorted(project.documents, key=lambda d: -len(d.cells))
            running = [pool.submit(run_code, document, built) for document in order]
            v = answers.letter if answers else None
            checked = checked or Checked(project)
            if collected is None:
                _check(project, v, checked, say)
            else:
                for path, fault in draft.unread.items() if draft else ():
                    for to in formats:
                        target = built / f"{Path(path).stem}{SUFFIXES[to]}"
                        collected.unwritten(project.root, path, target, fault)
                collected.check(checked, lambda: v or answers_of(project.root))
            started = [each.result() for each in as_completed(running)]
            executed = [one for one, _ in started]
            if not draft:
                # This process is needed for reading, and idle while pandoc writes.
                for article in (pages[0] for _, pages in started if pages):
                    article.result()
                _write_ledger(project, executed, v, checked, built, say)
            for page in as_completed(page for _, pages in started for page in pages):
                page.result()
            if collected is not None:
                found = collected.all(checked)
                _say_all(found, say)
                mark_pages(built, found)
            if settled:
                settled()
        except BaseException:
            stop.set()
            for each in (pool, builders):
                each.shutdown(wait=False, cancel_futures=True)
            raise
    if collected is None:
        return {}
    for name in collected.missing:
        # One of an earlier state would pass for this draft's.
        (directory / name).unlink(missing_ok=True)
    return collected.missing


def _did(execution: Execution) -> str:
    cells, inlines = len(execution.outputs), len(execution.inlines)
    reused = f", {execution.reused} cells reused" if execution.reused else ""
    executed = cells - execution.reused
    return f"{executed} cells and {inlines} inline expressions executed{reused}"


def _seconds(start: float) -> str:
    return f"{time.perf_counter() - start:.1f} s"


def cell_options(
    project: Project,
    document: Document,
    limit: float,
    epoch: int,
) -> Options:
    """Gather the settings that hold for a document's cells in all formats."""
    for layer in (*project.layers, *document.layers):
        layer.mapping("execute")  # asked for before settings are checked
    metadata = project.metadata(document, "html")
    run: dict[str, Any] = dict(metadata.get("execute") or {})
    known = ("echo", "eval", "include", "warning", "error", "output")
    size = (metadata.get("fig-width", 7), metadata.get("fig-height", 5))
    dpi = project.metadata(document, "docx").get("fig-dpi", 300)
    options = Options(
        **{key: run[key] for key in known if key in run},
        size=size,
        dpi=dpi,
        limit=limit,
        epoch=epoch,
    )
    is_inert = not any(options.of(cell, "eval") for cell in document.cells)
    return replace(options, is_inert=is_inert)


def source_date(root: Path) -> int:
    """Date that all outputs bear, in seconds since 1970.

    Returns
    -------
    int
        ``SOURCE_DATE_EPOCH`` where it is a date, else the date of the last commit,
        else a fixed one: never the present, so that outputs repeat.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not _SECONDS.fullmatch(given):
        given = git(root, "log", "-1", "--format=%ct").decode().strip()
    return min(max(EARLIEST, int(given or 0)), LATEST)


def _check(project: Project, v: Answers | None, checked: Checked, say: Say) -> None:
    if not project.is_checked:
        return
    from manuscript import check as checks

    start = time.perf_counter()
    # One document alone would lack what the others cite and refer to.
    if v:
        findings = checks.findings(checked.outcomes(v))
    else:
        findings = checks.run(project if project.whole else Project.load(project.root))
    refuse([checks.FindingError(f) for f in findings if f.level == "error"])
    for warning in findings:
        say(str(warning))
    say(f"checks passed ({_seconds(start)})")


def _say_all(found: Sequence[Note], say: Say) -> None:
    for note in found:
        say(note.text)
    say(f"draft: {len(found) or 'no'} finding{'s' * (len(found) != 1)}")


def _write_ledger(
    project: Project,
    executed: Sequence[Executed],
    v: Answers | None,
    checked: Checked,
    directory: Path,
    say: Say,
) -> None:
    if not project.whole or not project.settings.mapping("project").get("post-render"):
        return
    from manuscript.record import ledger

    start = time.perf_counter()
    shown: dict[tuple[str, int], str] = {
        (one.document.path, number): output.svg or output.text
        for one in executed
        for number, outputs in enumerate(one.execution.outputs, start=1)
        for output in outputs
    }
    if v:
        (directory / ledger.NAME).write_bytes(checked.ledger(v, shown))
    else:
        ledger.write(project, directory, shown)
    say(f"{ledger.NAME} built ({_seconds(start)})")
