"""What a bundle holds besides its sources, made from them.

Runs in a process of its own whose folder holds the sources and nothing else:
``python -m manuscript bundle --into FOLDER``.
"""

from __future__ import annotations

import json
import platform
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from manuscript.bundle import archive, jats, tables
from manuscript.bundle import figures as figures_of
from manuscript.bundle.authors import persons
from manuscript.bundle.described import crate, declared, exchange, guide, review
from manuscript.bundle.described.licenses import License, Licenses
from manuscript.compose import Article, compose, pdf, render
from manuscript.errors import ManuscriptError, refuse
from manuscript.execute import Execution, Incremental, Kept, Options, State
from manuscript.record import ledger
from manuscript.source import (
    LETTER,
    Document,
    Journal,
    Project,
    Study,
    for_templates,
    journal,
)
from manuscript.values import temporary_folder

SOURCES = "source"
DOCUMENTS, FIGURES, TABLES = "documents", "figures", "tables"
CHECKLISTS = "checklists"
_DATA = "data"
_PINS = "requirements.txt"

# What a bundle holds: from 2, the manifest and the account for reviewers.
FORMAT = 2
LIMIT = 600.0  # seconds that one cell may take

_PIN = re.compile(r"^([\w.-]+)==(\S+)")


def fill(
    project: Project, folder: Path, commit: str, engine: str, say: render.Say
) -> None:
    """Make the contents of a bundle.

    Parameters
    ----------
    project : Project
    folder : Path
        Where the sources lie in ``source/`` already.
    commit : str
        By which the sources are known.
    engine : {"builtin", "quarto"}
        Renders the documents.
    say : callable
        Takes a line on each step that is done.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Faults of the manuscript; packages that are not those pinned; a figure
        that is too large for the journal.
    """
    profile = journal.load(project.root)
    disagreements = journal.disagreements(profile, project.settings)
    refuse([*_unpinned(project.root), *disagreements])
    epoch = render.source_date(project.root)
    articles = _documents(project, folder / DOCUMENTS, engine, epoch, say)
    (folder / DOCUMENTS / ledger.NAME).replace(folder / ledger.NAME)
    if engine == "builtin":
        _attach(articles, folder)
        say("ledger and data attached to the PDFs")
    for name in (FIGURES, TABLES, CHECKLISTS):
        (folder / name).mkdir()
    figures = {
        label: file
        for article in articles
        for label, file in figures_of.save(
            article,
            render.cell_options(project, article.document, LIMIT, epoch),
            folder / FIGURES,
            profile,
        )
    }
    say(f"{len(figures)} figures saved")
    checklists = _checklists(folder / ledger.NAME)
    saved = sum(_tables(article, folder, checklists) for article in articles)
    say(f"{saved} tables saved")
    for article in articles:
        if article.document.path == LETTER:
            places = {label: f"../{FIGURES}/{file}" for label, file in figures.items()}
            target = folder / DOCUMENTS / f"{article.document.stem}.xml"
            target.write_bytes(jats.build(article, places))
    record = json.loads((folder / ledger.NAME).read_text("utf-8"))
    facts = _facts(project, commit, engine, epoch, profile) | {
        "data": declared.bases(record)
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    (folder / archive.FACTS).write_text(text, "utf-8")
    licenses = Licenses(*map(License, Study.load(project.root).licenses))
    runtime = review.read_runtime(project.root)
    text = guide.write(
        *(facts, figures, saved),
        checklists=bool(checklists),
        licenses=licenses,
        runtime=runtime,
    )
    (folder / guide.NAME).write_text(text, "utf-8")
    letter = next(each for each in project.documents if each.path == LETTER)
    values = for_templates(project, letter, "html")
    authors = values.get("by-author", ())
    names = [str(author["name"]["literal"]) for author in authors]
    pins = (project.root / _PINS).read_text("utf-8")
    every = [
        *archive.gather(folder),
        *(review.NAME, exchange.NAME, crate.NAME, archive.SUMS),
    ]
    account = review.write(facts, record, pins, runtime, every)
    (folder / review.NAME).write_text(account, "utf-8")
    stem = Path(LETTER).stem
    manifest = exchange.write(every, stem, crate.TYPES, crate.UNKNOWN_TYPE)
    (folder / exchange.NAME).write_bytes(manifest)
    described = crate.write(
        *(project.root, folder, facts, persons(authors), names), licenses=licenses
    )
    (folder / crate.NAME).write_text(described, "utf-8")
    sums = archive.sums(archive.gather(folder))
    (folder / archive.SUMS).write_bytes(sums)


def _unpinned(root: Path) -> Iterator[ManuscriptError]:
    """Find packages that are not those that the bundle says it was made with."""
    for number, line in enumerate(
        (root / _PINS).read_text("utf-8").splitlines(), start=1
    ):
        if pin := _PIN.match(line):
            try:
                found = version(pin[1])
            except PackageNotFoundError:
                found = "none"
            if found != pin[2]:
                yield ManuscriptError(
                    _PINS,
                    number,
                    f"{pin[1]} {pin[2]} is pinned and {found} is installed",
                    "install what is pinned: make render",
                )


def _documents(
    project: Project, target: Path, engine: str, epoch: int, say: render.Say
) -> list[Article]:
    """Render all documents; return them as they are before they are written."""
    executions: dict[str, Execution] = {}
    # Nothing kept is read, and nothing is kept: values are computed once for all.
    fresh = Kept(project.root, fresh=True)
    incremental = Incremental(State.of(project.root), fresh)

    def run(
        document: Document, folder: Path, options: Options, stop: threading.Event
    ) -> Execution:
        execution = incremental.execute(document, folder, options, stop)
        executions[document.path] = execution
        return execution

    formats = project.formats
    asked = [
        (each, render.cell_options(project, each, LIMIT, epoch))
        for each in project.documents
        if each.cells
    ]
    with incremental.ahead(asked):
        if engine == "quarto":
            from manuscript.compose import quarto as quarto_engine

            quarto_engine.render(project, formats, target, whole=True)
            with temporary_folder() as unused:
                render.render(project, ["html"], Path(unused, "out"), LIMIT, say, run)
        else:
            render.render(
                *(project, formats, target, LIMIT, say, run),
                answers=incremental.answers,
            )
    return [
        compose(
            project,
            document,
            executions[document.path],
            render.cell_options(project, document, LIMIT, epoch),
        )
        for document in project.documents
    ]


def _attach(articles: list[Article], folder: Path) -> None:
    """Write the PDFs again, with the ledger and the data attached."""
    for article in articles:
        if "typst" not in article.project.formats_of(article.document):
            continue
        data = sorted((article.project.root / _DATA).glob("*.csv"))
        evidence = {ledger.NAME: folder / ledger.NAME}
        evidence |= {f"{_DATA}/{path.name}": path for path in data}
        with temporary_folder() as scratch:
            pdf.build(article, folder / DOCUMENTS, scratch, evidence)


def _tables(article: Article, folder: Path, checklists: set[str]) -> int:
    """Save the tables of a document; return how many there are."""
    resolved = tables.resolve(article)
    for label, name, _ in figures_of.floats(article):
        if label in resolved:
            place = folder / (CHECKLISTS if label in checklists else TABLES)
            text = tables.as_csv(resolved[label])
            (place / f"{name}.csv").write_text(text, "utf-8")
            tables.write_docx(article, resolved[label], place / f"{name}.docx")
    return len(resolved)


def _checklists(ledger_file: Path) -> set[str]:
    """Labels of the tables that are checklists."""
    floats = json.loads(ledger_file.read_text("utf-8"))["floats"]
    return {each["label"] for each in floats if "tables.checklists" in each["calls"]}


def _facts(
    project: Project, commit: str, engine: str, epoch: int, profile: Journal
) -> dict[str, Any]:
    """Gather what a reader or a machine must know of a bundle."""
    letter = next(each for each in project.documents if each.path == LETTER)
    return {
        "format": FORMAT,
        "title": str(letter.front_matter.values.get("title", "")),
        "documents": [document.stem for document in project.documents],
        "journal": profile.name,
        "commit": commit,
        "date": datetime.fromtimestamp(epoch, UTC).isoformat(),
        "engine": engine,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }
