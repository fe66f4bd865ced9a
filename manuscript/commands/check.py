"""``python -m manuscript check``: whether the prose says what the data say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript import STARTED
from manuscript.errors import ManuscriptError, column_of, refuse

if TYPE_CHECKING:
    from manuscript.check import Finding, Outcome
    from manuscript.check.papers import Judgement, Paper
    from manuscript.compose import Read

_FORMATS = "formats"
_SUFFIXES = (".docx", ".html", ".htm", ".xhtml", ".pdf", ".md", ".qmd", ".txt")
_MOST_BYTES = 200 * 2**20
_EXCUSE = (
    "what is right as it stands is excused there: "
    '[...]{.typed rule="NAME" reason="…"}, with the name in brackets'
)


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "check",
        help="check numbers, claims, citations, figures and wording",
        description="Check the manuscript, or the numbers of any paper. Each finding "
        "is path:line:column: what; how to mend it [check/rule]. Exit status 0 without "
        "errors, 1 with any, 2 when a file cannot be read.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="papers of which the printed results are recomputed, instead of the "
        f"manuscript ({', '.join(_SUFFIXES)}); needs no project",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 for warnings too"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="run this check alone (may be given several times)",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="compute all values, whatever earlier runs kept in .manuscript",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the checks and print what they found."""
    if arguments.files:
        return _papers(arguments)
    from manuscript import check as checks
    from manuscript.compose import Read, load
    from manuscript.execute import Answering, ChangedError, Kept, State
    from manuscript.source import Project, find_root

    if unknown := [name for name in arguments.only if name not in checks.CHECKS]:
        raise ManuscriptError(
            "--only",
            0,
            f"there is no check `{unknown[0]}`",
            f"choose from {', '.join(checks.CHECKS)}",
        )
    root = find_root(Path.cwd())
    state, kept = State.of(root), Kept(root, fresh=arguments.fresh)
    for remark in state.remarks():
        print(remark, file=sys.stderr)
    v = Answering(state, kept).letter
    # One check alone says nothing of what cannot be read; all of them go on after it.
    read = Read(Project.load(root)) if arguments.only else load(root, ())
    refuse([*read.unread.values()])
    outcomes = {
        name: replace(
            outcome,
            findings=tuple(f for f in outcome.findings if not read.follows(str(f))),
        )
        for name, outcome in checks.outcomes(read.project, arguments.only, v).items()
    }
    with suppress(ChangedError):
        state.refuse_change(STARTED, "", last=False)
        kept.commit()
    if not arguments.only:
        outcomes |= {_FORMATS: _formats(read, checks.findings(outcomes))}
    findings = checks.findings(outcomes)
    errors = [each for each in findings if each.level == "error"]
    if arguments.json:
        print(_json(outcomes, findings))
    else:
        for finding in findings:
            print(finding)
        for name, outcome in outcomes.items():
            for unknown_limit in outcome.unknown:
                print(f"unknown: {unknown_limit} [{name}]")
        if findings:
            print(_EXCUSE)
        print(f"{len(outcomes)} checks, {_counted(len(errors), len(findings))}")
    return 1 if errors or (findings and arguments.strict) else 0


def _formats(read: Read, known: Sequence[Finding]) -> Outcome:
    """Find what a render would refuse and no other check has found."""
    from manuscript.check import Finding, Outcome
    from manuscript.compose import refusals

    def placed(fault: ManuscriptError) -> Finding:
        place = (fault.line or 1, column_of(fault.what) or 1)
        return Finding(fault.file, *place, _FORMATS, fault.what, fault.mend)

    findings = tuple(map(placed, refusals(read, known)))
    return Outcome(f"{len(read.project.documents)} documents", findings)


def _counted(errors: int, every: int) -> str:
    warnings = every - errors
    if not every:
        return "no findings"
    told = f"{errors or 'no'} finding{'s' * (errors != 1)}"
    return told + (f", {warnings} warning{'s' * (warnings != 1)}" if warnings else "")


def _json(outcomes: Mapping[str, Outcome], findings: Sequence[Finding]) -> str:
    report = {
        "passed": not any(each.level == "error" for each in findings),
        "checks": {
            name: {
                "summary": outcome.summary,
                "findings": len(outcome.findings),
                "unknown": outcome.unknown,
            }
            for name, outcome in outcomes.items()
        },
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(report, ensure_ascii=False, indent=1)


def _papers(arguments: argparse.Namespace) -> int:
    """Recompute the results of papers."""
    from manuscript.check import Words
    from manuscript.check.papers import judge

    if arguments.only or arguments.fresh:
        option = "--only" if arguments.only else "--fresh"
        what = "of files, only their printed results are recomputed"
        raise ManuscriptError(option, 0, what, f"leave out {option} or the files")
    words = Words.of(None)
    judged: dict[str, tuple[int, tuple[Judgement, ...]]] = {}
    unread: list[ManuscriptError] = []
    for path in arguments.files:
        try:
            judged[str(path)] = judge(_read(path), words)
        except ManuscriptError as error:
            unread.append(error)
    if arguments.json:
        print(_papers_json(judged, unread))
    else:
        for file, (tried, found) in judged.items():
            for each in found:
                print(each)
            errors = sum(each.level == "error" for each in found)
            print(f"{file}: {tried} results recomputed, {_counted(errors, len(found))}")
    for refused in unread:
        print(refused, file=sys.stderr)
    if unread:
        return 2
    every = [each for _, found in judged.values() for each in found]
    return int(any(each.level == "error" or arguments.strict for each in every))


def _papers_json(
    judged: Mapping[str, tuple[int, tuple[Judgement, ...]]],
    unread: Sequence[ManuscriptError],
) -> str:
    report = {
        "passed": not unread
        and not any(e.level == "error" for _, found in judged.values() for e in found),
        "files": {file: {"recomputed": tried} for file, (tried, _) in judged.items()},
        "findings": [asdict(each) for _, found in judged.values() for each in found],
        "unread": [{"file": e.file, "what": e.what, "mend": e.mend} for e in unread],
    }
    return json.dumps(report, ensure_ascii=False, indent=1)


def _read(path: Path) -> Paper:
    """Read a paper by its suffix.

    Raises
    ------
    ManuscriptError
        When there is no such file, it is of another kind, or it cannot be read.
    """
    from manuscript.check import papers
    from manuscript.check.papers import html, markdown, pdf, word

    file, suffix = str(path), path.suffix.lower()
    if suffix not in _SUFFIXES:
        what = f"it is of no kind that can be read ({suffix or 'no suffix'})"
        raise ManuscriptError(file, 0, what, f"give one of {', '.join(_SUFFIXES)}")
    if not path.is_file():
        raise ManuscriptError(file, 0, "there is no such file", "correct the path")
    if path.stat().st_size > _MOST_BYTES:
        raise ManuscriptError(file, 0, "it is larger than 200 MB", "give a smaller one")
    if suffix == ".docx":
        from manuscript.word import DOCUMENT, open_package

        package = open_package(path)
        names = (DOCUMENT, "word/footnotes.xml", "word/endnotes.xml")
        roots = [root for name in names if (root := package.xml(name)) is not None]
        return papers.Paper(file, "paragraph", tuple(word.paragraphs(roots)))
    content = path.read_bytes()
    if suffix == ".pdf":
        return papers.Paper(file, "page", tuple(pdf.paragraphs(content, file)))
    if suffix in (".html", ".htm", ".xhtml"):
        return papers.Paper(file, "line", tuple(html.paragraphs(content, file)))
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8 (byte {error.start})"
        raise ManuscriptError(file, 0, what, "save it as UTF-8") from error
    read = markdown.plain_paragraphs if suffix == ".txt" else markdown.paragraphs
    return papers.Paper(file, "line", tuple(read(text)))
