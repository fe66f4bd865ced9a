"""``python -m manuscript check``: whether the prose says what the data say."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project, find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "check",
        help="check numbers, claims, citations, figures and wording",
        description="Check the manuscript. Each finding is path:line:column: what; "
        "how to mend it. Exit status 1 if there is any.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
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
    from manuscript import check as checks
    from manuscript.execute.inline import Lawful
    from manuscript.execute.kept import Kept

    if unknown := [name for name in arguments.only if name not in checks.CHECKS]:
        raise ManuscriptError(
            "--only",
            0,
            f"there is no check `{unknown[0]}`",
            f"choose from {', '.join(checks.CHECKS)}",
        )
    root = find_root(Path.cwd())
    v = Lawful(root, Kept(root, fresh=arguments.fresh)).letter
    outcomes = checks.outcomes(Project.load(root), arguments.only, v)
    findings = checks.findings(outcomes)
    if arguments.json:
        print(_json(outcomes, findings))
    else:
        for finding in findings:
            print(finding)
        for name, outcome in outcomes.items():
            for unknown_limit in outcome.unknown:
                print(f"unknown: {unknown_limit} [{name}]")
        count = len(findings) or "no"
        print(f"{len(outcomes)} checks, {count} finding{'s' * (len(findings) != 1)}")
    return 1 if findings else 0


def _json(outcomes: Any, findings: Any) -> str:
    report = {
        "passed": not findings,
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
