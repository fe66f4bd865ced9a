"""``python -m manuscript``: one subcommand a module of :mod:`manuscript.commands`."""

from __future__ import annotations

import argparse
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

from manuscript import commands
from manuscript.errors import ManuscriptError
from manuscript.values.shown import safely


def main(argv: Sequence[str]) -> int:
    """Run a subcommand; a fault of the manuscript is a message and status 1."""
    with safely():
        return _run(argv)


def _run(argv: Sequence[str]) -> int:
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
        status = import_module(f"manuscript.commands.{arguments.command}").run(
            arguments
        )
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


def _flat(group: BaseException) -> list[BaseException]:
    if isinstance(group, BaseExceptionGroup):
        return [one for part in group.exceptions for one in _flat(part)]
    return [group]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
