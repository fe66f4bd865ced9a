"""``vigibase``: convert an extract, describe its reports, make a synthetic one."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from analysis.commands import vigibase_report as report
from analysis.commands import vigibase_screened as screened
from analysis.letter import extract as source
from analysis.letter import synthetic
from analysis.vigibase import intake
from analysis.vigibase.codes import Codes, read_questions
from analysis.vigibase.cohort import cohort, population
from analysis.vigibase.description import describe
from analysis.vigibase.errors import CodesError, ExtractError, PrivacyError
from analysis.vigibase.extract import Extract
from analysis.vigibase.intake.place import check_place
from analysis.vigibase.measures.onset import onset_days
from analysis.vigibase.measures.screening import screen
from analysis.vigibase.study.dictionaries import LEVELS
from analysis.vigibase.study.remarks import remarks


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = subparsers.add_parser("vigibase", help="describe reports in VigiBase")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    convert = actions.add_parser(
        "convert",
        help="convert an extract to a file, or go on with an earlier conversion",
    )
    convert.add_argument(
        "extract",
        metavar="EXTRACT",
        type=Path,
        help="its folder as delivered (main/, sub/, who/), or flat, or an archive",
    )
    convert.add_argument(
        "--to",
        metavar="FILE",
        type=Path,
        required=True,
        help="in a folder called restricted, unless all reports are synthetic",
    )
    convert.add_argument(
        "--memory",
        metavar="SIZE",
        default=intake.MEMORY_LIMIT,
        help=f"what may be used, such as 4GB (default {intake.MEMORY_LIMIT})",
    )
    _accept(convert)

    show = actions.add_parser("account", help="show what was read of an extract")
    show.add_argument("file", metavar="FILE", type=Path)

    show = actions.add_parser("describe", help="describe the reports of a study")
    _study(show)
    show.add_argument("--json", action="store_true", help="print JSON, unrounded")

    every = actions.add_parser("screen", help="measure every reaction of a drug")
    _study(every)
    every.add_argument("--to", metavar="FILE.csv", type=Path, required=True)
    every.add_argument("--level", choices=LEVELS, default="pt", help="with MedDRA")
    every.add_argument(
        "--picture", action="store_true", help="draw them too, to FILE.svg"
    )

    times = actions.add_parser("onset", help="write the times to onset, one a report")
    _study(times)
    times.add_argument(
        "--to",
        metavar="FILE.csv",
        type=Path,
        required=True,
        help="in a folder called restricted, unless all reports are synthetic",
    )

    make = actions.add_parser("generate", help="write a synthetic extract")
    make.add_argument("folder", metavar="DIR", type=Path)
    make.add_argument("--reports", metavar="N", type=int, required=True)
    make.add_argument("--seed", metavar="S", type=int, required=True)
    make.add_argument("--form", choices=("txt", "csv"), default="txt")


def _study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help="a converted file, or the folder of a small extract "
        "(default: the manuscript's)",
    )
    parser.add_argument(
        "--codes",
        metavar="CODES.yml",
        type=Path,
        help="what to count (default: codes.yml beside the extract)",
    )
    _accept(parser)


def _accept(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--accept",
        metavar="TABLE[,TABLE]",
        default="",
        help="tables that are known to be missing or incomplete",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run an action; return 2 after an error that its user can mend."""
    actions = {
        "convert": _convert,
        "account": _account,
        "describe": _describe,
        "screen": _screen,
        "onset": _onset,
        "generate": _generate,
    }
    try:
        actions[arguments.action](arguments)
    except (ExtractError, CodesError, PrivacyError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


def _convert(arguments: argparse.Namespace) -> None:
    def progress(step: intake.Step) -> None:
        took = "done before" if math.isnan(step.seconds) else f"{step.seconds:.1f} s"
        print(
            f"[{step.number}/{step.of}] {step.name:20}{step.rows:>14,} rows  {took}",
            file=sys.stderr,
            flush=True,
        )

    converted = intake.convert(
        arguments.extract,
        arguments.to,
        progress,
        memory_limit=arguments.memory,
        bar=sys.stdout.isatty(),
        accept=_tables(arguments),
    )
    if converted.synthetic:
        print(report.SYNTHETIC)
    print(report.account_as_text(converted.account))
    rejected = intake.rejected_path(arguments.to)
    if rejected.exists():
        print(f"lines set aside, and those with an empty field, are in {rejected}")
    converted.account.check(arguments.to)


def _account(arguments: argparse.Namespace) -> None:
    account = Extract.open(arguments.file, check=False).account
    print(report.account_as_text(account))
    account.check(arguments.file)


def _describe(arguments: argparse.Namespace) -> None:
    extract, questions, path = _opened(arguments)
    printed = []
    for codes in questions:
        found = describe(extract, codes)
        said = remarks(extract, codes)
        print_ = report.as_json if arguments.json else report.as_text
        printed.append(print_(found, extract.account, path.as_posix(), said))
    if not arguments.json:
        print("\n\n".join(str(one) for one in printed))
        return
    content: Any = printed[0]
    if len(printed) > 1:
        named = zip(questions, printed, strict=True)
        content = {
            "questions": [
                {"drug": codes.drug.key, "reaction": codes.reaction.key, "found": found}
                for codes, found in named
            ]
        }
    print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))


def _screen(arguments: argparse.Namespace) -> None:
    extract, questions, _ = _opened(arguments)
    drugs = {codes.drug.key: codes for codes in questions}
    for key, codes in drugs.items():
        among = population(extract, codes.restriction)
        found = screen(extract, codes, among, level=arguments.level)
        to = arguments.to
        if len(drugs) > 1:
            to = to.with_name(f"{to.stem}-{key}{to.suffix}")
        screened.write_table(found, to)
        print(
            f"{codes.drug.label}: {len(found.reactions):,} reactions in {to}; "
            f"{found.few:,} with too few reports, {found.withheld:,} withheld"
        )
        if arguments.picture:
            screened.draw(found, codes.drug.label, to.with_suffix(".svg"))


def _onset(arguments: argparse.Namespace) -> None:
    extract, questions, _ = _opened(arguments)
    if not extract.synthetic:
        check_place(arguments.to)
    if len(questions) > 1:
        raise CodesError("onset: expected codes with one drug and one reaction")
    (codes,) = questions
    among = population(extract, codes.restriction)
    cases = cohort(extract, codes.drug.codes, codes.reaction.codes, codes.roles, among)
    days, limits = onset_days(cases, closed=codes.extracted)
    screened.write_onset(days, limits, arguments.to)
    print(f"{arguments.to}: {len(days):,} times to onset, one a report")


def _opened(
    arguments: argparse.Namespace,
) -> tuple[Extract, tuple[Codes, ...], Path]:
    path = arguments.file or source.extract_path()
    extract = Extract.open(path, accept=_tables(arguments))
    codes = read_questions(arguments.codes or source.codes_path(path))
    return extract, codes, path


def _generate(arguments: argparse.Namespace) -> None:
    synthetic.generate(
        arguments.folder, arguments.reports, arguments.seed, arguments.form
    )
    print(f"{arguments.folder}: {arguments.reports:,} synthetic reports")


def _tables(arguments: argparse.Namespace) -> list[str]:
    return [name for name in arguments.accept.split(",") if name.strip()]
