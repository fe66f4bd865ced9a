"""``python -m tests.interrupts FOLDER``: disturbs renders of a project.

``--interrupts N`` presses Ctrl-C. ``--kills N`` and ``--edits N`` need two states of
a file (``--file``, ``--old``, ``--new``): renders are killed, or the file changes
while they run; what lies in the outputs is always of one state, and the next render
is right. Use a copy of the project: its file is changed and its outputs are replaced.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.interrupts.states import Outcome, States
from tests.interrupts.trials import LIMIT, digest, interrupt, moments, moments_of


def interrupts(folder: Path, count: int) -> int:
    """Print how interrupted renders ended; 1 where one hung or left a mixture."""
    before = digest(folder / "_output")
    ended = [interrupt(folder, after, "--fresh") for after in moments(count, 8.0)]
    hung = [one for one in ended if one.hung]
    late = [one for one in ended if one.took > LIMIT]
    traces = [one for one in ended if "Traceback" in one.said]
    whole = digest(folder / "_output") == before
    locked = [one for one in ended if "another render" in one.said]
    longest = max(one.took for one in ended)
    print(
        f"{count} interrupts: {len(hung)} hung, {len(late)} took over {LIMIT:g} s "
        f"(longest {longest:.1f} s), {len(traces)} printed a traceback, "
        f"{len(locked)} met a lock, outputs {'whole' if whole else 'CHANGED'}"
    )
    for one in [*hung, *late, *traces]:
        print(f"  after {one.after:.2f} s: {one.took:.1f} s, {one.said.strip()[-300:]}")
    return 1 if hung or locked or not whole else 0


def disturb(
    name: str, each: Callable[[float], Outcome], count: int, whole: float
) -> int:
    """Print how disturbed renders ended; how many left what is of no one state."""
    faults = restarted = 0
    for after in moments_of(count, whole):
        found = each(after)
        restarted += found.restarted
        if found.fault:
            faults += 1
            print(f"  after {after:.2f} s: {found.fault}: {found.said.strip()[-300:]}")
            sys.stdout.flush()
    again = f", {restarted} began again" if restarted else ""
    print(f"{count} {name}: {faults} faults{again}", flush=True)
    return faults


def main(arguments: Sequence[str]) -> int:
    """Disturb as asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.interrupts")
    parser.add_argument("folder", type=Path)
    for name in ("interrupts", "kills", "edits"):
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N")
    for name in ("file", "old", "new"):
        parser.add_argument(f"--{name}")
    parsed = parser.parse_args(arguments)
    status = 0
    if parsed.interrupts:
        status = interrupts(parsed.folder, parsed.interrupts)
    if parsed.kills or parsed.edits:
        if not (parsed.file and parsed.old and parsed.new):
            parser.error("kills and edits need --file, --old and --new")
        states = States(parsed.folder, parsed.file, parsed.old, parsed.new)
        print(f"a whole render takes {states.seconds:.1f} s", flush=True)
        found = disturb("kills", states.kill, parsed.kills, states.seconds)
        found += disturb("edits", states.edit, parsed.edits, states.seconds)
        status = status or int(found > 0)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
