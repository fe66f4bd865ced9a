"""``python -m manuscript values``: every number, where it is from and where it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import Project, find_root


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "values",
        help="list every number with its origin and its places",
        description="List the values that the prose can print.",
    )
    parser.add_argument("--json", action="store_true", help="print the whole ledger")
    parser.add_argument(
        "--draw",
        action="store_true",
        help="run the cells too: what figures and tables show enters the ledger",
    )
    parser.add_argument(
        "prefixes",
        nargs="*",
        metavar="KEY",
        help="keys, or beginnings of keys such as risk.all; all if none",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the ledger, or a line a value."""
    from manuscript.record import ledger

    project = Project.load(find_root(Path.cwd()))
    shown = ledger.run_cells(project) if arguments.draw else None
    made = ledger.build(project, shown=shown)
    wanted = tuple(arguments.prefixes)
    if wanted:
        made["values"] = [v for v in made["values"] if v["key"].startswith(wanted)]
        if not made["values"]:
            raise ManuscriptError(
                "values",
                0,
                f"no key begins with {wanted[0]}",
                "leave it out to see all",
            )
    if arguments.json:
        print(ledger.dumps(made), end="")
        return 0
    width = max(len(value["key"]) for value in made["values"])
    for value in made["values"]:
        places = [f"{use['file']}:{use['line']}" for use in value["uses"]]
        print(
            f"{value['key']:<{width}}  {value['printed']:>9} {value['unit']:<8}"
            f" {value['source']} ({value['data']}, {value['rows']}; {value['basis']})"
            + (f"  in {', '.join(dict.fromkeys(places))}" if places else "")
        )
    return 0
