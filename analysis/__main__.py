"""The command line: ``python -m analysis COMMAND``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from manuscript.values import safely

COMMANDS = ("pool", "vigibase", "reconstruct")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 2 after an error that its user can mend.

    A command is a module of :mod:`analysis.commands` with two functions:
    ``add_parser(subparsers)`` and ``run(arguments) -> int``.
    """
    with safely():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="The statistics of the manuscript, on anyone's data.",
    )
    subparsers = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )
    # A command does not wait for the imports of the others.
    wanted = given[:1] if given[:1] and given[0] in COMMANDS else COMMANDS
    modules = {
        name: import_module(f"analysis.commands.{name}")
        for name in wanted
        if find_spec(f"analysis.commands.{name}") is not None
    }
    for module in modules.values():
        module.add_parser(subparsers)
    parsed = parser.parse_args(given)
    return int(modules[parsed.command].run(parsed))


if __name__ == "__main__":
    from manuscript.entry import program

    program(main)
