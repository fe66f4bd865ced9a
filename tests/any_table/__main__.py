"""``python -m tests.any_table FIRST LAST [figures|renders]``: tables through all.

Each table that the schema admits is asked for every value, every table and, where
asked, every figure; or the project is rendered with it as a draft, in all formats.
What raises or warns is printed with the seed that makes it.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.any_table import rendering
from tests.any_table.passing import fault
from tests.any_table.tables import table
from tests.described import described


def main(first: int, last: int, what: str) -> int:
    """Print each kind of fault once, and how many tables passed in what time."""
    start, faults = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = described(Path(folder, "trials.csv"))
        project = rendering.copied(Path(folder)) if what == "renders" else None
        for seed in range(first, last):
            path.write_text(table(seed), encoding="utf-8")
            found = (
                rendering.fault(project, table(seed))
                if project
                else fault(path, what == "figures")
            )
            if found:
                if not faults[found]:
                    print(f"seed {seed}: {found}", flush=True)
                faults[found] += 1
    seconds = time.monotonic() - start
    print(f"{last - first} tables in {seconds:.0f} s, {faults.total()} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main(int(asked[0]), int(asked[1]), " ".join(asked[2:])))
