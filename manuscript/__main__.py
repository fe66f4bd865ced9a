"""``python -m manuscript``: one subcommand a module of :mod:`manuscript.commands`."""

from __future__ import annotations

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

from manuscript import commands
from manuscript.errors import ManuscriptError


def main(argv: Sequence[str]) -> int:
    """Run a subcommand; a fault of the manuscript is a message and status 1."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    parser = argparse.ArgumentParser(prog="python -m manuscript", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)
    # Importing the one that is called spares the start-up of all others.
    called = argv[:1] if argv[:1] and argv[0] in names else names
    for name in called:
        import_module(f"manuscript.commands.{name}").add_parser(subparsers)
    arguments = parser.parse_args(argv)
    status = 1
    try:
        status = _run(arguments)
    except* ManuscriptError as faults:
        for fault in _flat(faults):
            print(fault, file=sys.stderr)
    except* OSError as errors:
        for error in _flat(errors):
            print(
                f"{error}; check the place, its permissions and the space left",
                file=sys.stderr,
            )
    except* KeyboardInterrupt:
        print("stopped; the outputs are as they were", file=sys.stderr)
    return status


def _run(arguments: argparse.Namespace) -> int:
    """Run a subcommand; faults of a study's data are lines, as those of its text."""
    command = import_module(f"manuscript.commands.{arguments.command}")
    try:
        status: int = command.run(arguments)
    except ValueError as error:
        # What reads tables raises an error of its own, which lists each fault.
        faults = getattr(error, "faults", ())
        if not faults:
            raise
        for fault in faults:
            print(fault, file=sys.stderr)
        return 1
    return status


def _flat(group: BaseException) -> list[BaseException]:
    if isinstance(group, BaseExceptionGroup):
        return [one for part in group.exceptions for one in _flat(part)]
    return [group]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
