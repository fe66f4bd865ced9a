"""``vigibase``: convert an extract, describe its reports, make a synthetic one."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from analysis.letter import extract as source
from analysis.letter import synthetic
from analysis.letter.answers.vigibase import SECTION, available_key, values
from analysis.vigibase import conversion
from analysis.vigibase.codes import read_codes
from analysis.vigibase.description import describe
from analysis.vigibase.errors import CodesError, ExtractError, PrivacyError
from analysis.vigibase.extract import Extract
from analysis.vigibase.results import Description
from manuscript.values import text
from manuscript.values.value import Value

SYNTHETIC = "SYNTHETIC REPORTS: written by a program, about nobody."
CAVEAT = (
    "Reports come from varied sources, and the likelihood that a drug caused the\n"
    "reaction is not the same in all of them. The information does not represent\n"
    "the opinion of the Uppsala Monitoring Centre or the WHO."
)
BEYOND = (
    "Disproportionality (beyond the published letter; measures reporting, not risk)"
)


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = subparsers.add_parser("vigibase", help="describe reports in VigiBase")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    convert = actions.add_parser(
        "convert",
        help="convert an extract to a file, or go on with an earlier conversion",
    )
    convert.add_argument("extract", metavar="EXTRACT", type=Path, help="its folder")
    convert.add_argument("--to", metavar="FILE", type=Path, required=True)
    convert.add_argument(
        "--memory",
        metavar="SIZE",
        default=conversion.MEMORY_LIMIT,
        help=f"what may be used, such as 4GB (default {conversion.MEMORY_LIMIT})",
    )

    show = actions.add_parser("describe", help="describe the reports of a study")
    show.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help="a converted file, or the folder of a small extract "
        "(default: the manuscript's)",
    )
    show.add_argument(
        "--codes",
        metavar="CODES.yml",
        type=Path,
        help="what to count (default: codes.yml beside the extract)",
    )
    show.add_argument("--json", action="store_true", help="print JSON, unrounded")

    make = actions.add_parser("generate", help="write a synthetic extract")
    make.add_argument("folder", metavar="DIR", type=Path)
    make.add_argument("--reports", metavar="N", type=int, required=True)
    make.add_argument("--seed", metavar="S", type=int, required=True)
    make.add_argument("--form", choices=("txt", "csv"), default="txt")


def run(arguments: argparse.Namespace) -> int:
    """Run an action; return 2 after an error that its user can mend."""
    actions = {"convert": _convert, "describe": _describe, "generate": _generate}
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
    def report(step: conversion.Step) -> None:
        took = "done before" if math.isnan(step.seconds) else f"{step.seconds:.1f} s"
        print(
            f"[{step.number}/{step.of}] {step.name:20}{step.rows:>14,} rows  {took}",
            file=sys.stderr,
            flush=True,
        )

    summary = conversion.convert(
        arguments.extract,
        arguments.to,
        report,
        memory_limit=arguments.memory,
        bar=sys.stdout.isatty(),
    )
    if summary.synthetic:
        print(SYNTHETIC)
    print(f"{sum(summary.rows.values()):,} rows read, {summary.set_aside:,} set aside")
    for found in summary.findings:
        fate = "kept" if found.kept else "set aside"
        print(f"  {found.file}: {found.what}: {found.rows:,} rows {fate}")
    rejected = conversion.rejected_path(arguments.to)
    if rejected.exists():
        print(f"lines set aside, and those with an empty field, are in {rejected}")


def _describe(arguments: argparse.Namespace) -> None:
    path = arguments.file or source.extract_path()
    codes = arguments.codes or source.codes_path(path)
    description = describe(Extract.open(path), read_codes(codes))
    by_key = {value.key: value for value in values(description, path.as_posix())}
    if arguments.json:
        print(json.dumps(_as_json(description, by_key), indent=1, ensure_ascii=False))
    else:
        print(_as_text(description, by_key))


def _generate(arguments: argparse.Namespace) -> None:
    synthetic.generate(
        arguments.folder, arguments.reports, arguments.seed, arguments.form
    )
    print(f"{arguments.folder}: {arguments.reports:,} synthetic reports")


def _as_json(description: Description, by_key: dict[str, Value]) -> dict[str, Any]:
    return {
        "synthetic": description.synthetic,
        "caveat": CAVEAT.replace("\n", " "),
        "rows_set_aside": description.set_aside,
        "smallest_cell": description.smallest_cell,
        "values": {
            key: {
                "number": value.number if math.isfinite(value.number) else None,
                "text": value.text,
                "unit": value.unit,
            }
            for key, value in by_key.items()
        },
        "strata": [
            {
                name: number if number == number else None
                for name, number in vars(stratum).items()
            }
            for stratum in description.disproportionality
        ],
    }


def _as_text(description: Description, by_key: dict[str, Value]) -> str:
    lines = [SYNTHETIC] if description.synthetic else []
    if description.set_aside:
        lines.append(f"{description.set_aside:,} rows of the extract were set aside")
    lines.append("Reports")
    for step in description.flow.steps:
        for count in step.excluded:
            lines.append(f"  − {_number(by_key, count.key):>10}  {count.label}")
        lines.append(f"    {_number(by_key, step.key):>10}  {step.label}")
    for breakdown in description.breakdowns:
        available = by_key[available_key(breakdown)].text
        lines.append(f"{breakdown.title} ({available} with data)")
        for count in breakdown.counts:
            share = _number(by_key, f"{count.key}.percent")
            share = f"{share}%" if share != text.NOT_ESTIMABLE else ""
            number = _number(by_key, count.key)
            lines.append(f"    {number:>10} {share:>5}  {count.label}")
    for time in description.times:
        median, q1, q3, least, most = (
            _number(by_key, f"{time.key}.{name}")
            for name in ("median", "q1", "q3", "min", "max")
        )
        n = _number(by_key, f"{time.key}.n")
        lines.append(f"{time.title}, years ({n} with data)")
        lines.append(f"    median {median} (IQR {q1}–{q3}; range {least}–{most})")
    lines.append(BEYOND)
    for stratum in description.disproportionality:
        measures = "too few reports"
        if stratum.a is not None:
            ror, low, high, ic, ic025 = (
                text.decimal(number, 2)
                for number in (
                    stratum.ror,
                    stratum.ror_low,
                    stratum.ror_high,
                    stratum.ic,
                    stratum.ic025,
                )
            )
            measures = (
                f"{stratum.a} observed, {text.decimal(stratum.expected, 1)} expected; "
                f"ROR {ror} ({text.interval(low, high)}); IC {ic} (IC025 {ic025})"
            )
        lines.append(f"    {stratum.label}: {measures}")
    return "\n".join([*lines, CAVEAT])


def _number(by_key: dict[str, Value], key: str) -> str:
    return by_key[f"{SECTION}.{key}"].text
