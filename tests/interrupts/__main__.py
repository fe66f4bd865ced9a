"""``python -m tests.interrupts FOLDER [COUNT]``: interrupts renders of a project."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.interrupts.trials import LIMIT, digest, interrupt, moments


def main(folder: Path, count: int) -> int:
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


if __name__ == "__main__":
    arguments = sys.argv[2:3]
    sys.exit(main(Path(sys.argv[1]), int(arguments[0]) if arguments else 20))
