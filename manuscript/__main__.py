"""``python -m manuscript``: one subcommand a module of :mod:`manuscript.commands`."""

from __future__ import annotations

if __name__ == "__main__":
    # Until there is a handler, an interrupt ends the process, without a traceback.
    from _signal import SIG_DFL, SIGINT, signal  # type: ignore[import-not-found]

    signal(SIGINT, SIG_DFL)

import sys
from collections.abc import Sequence

OLDEST = (3, 11)


def main(argv: Sequence[str]) -> int:
    """Run a subcommand; a fault of the manuscript is a message and status 1."""
    from manuscript.entry import answered

    return answered(lambda: _run(argv))


def _run(argv: Sequence[str]) -> int:
    import argparse
    import pkgutil
    from importlib import import_module

    from manuscript import commands

    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    parser = argparse.ArgumentParser(prog="python -m manuscript", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True)
    # Importing the one that is called spares the start-up of all others.
    called = argv[:1] if argv[:1] and argv[0] in names else names
    for name in called:
        import_module(f"manuscript.commands.{name}").add_parser(subparsers)
    arguments = parser.parse_args(argv)
    command = import_module(f"manuscript.commands.{arguments.command}")
    return int(command.run(arguments))


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit("Python 3.11 or newer is needed: run .venv/bin/python -m manuscript")
    from manuscript.entry import program

    program(_run)
