"""``python -m tests.any_table FIRST LAST [figures]``: tables through all that prints.

Each table that the schema admits is asked for every value, every table and, where
asked, every figure; what raises or warns is printed with the seed that makes it.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.any_table.passing import fault
from tests.any_table.tables import table
from tests.described import described


def main(first: int, last: int, figures: bool) -> int:
    """Print each kind of fault once, and how many tables passed in what time."""
    start, faults = time.monotonic(), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = described(Path(folder, "trials.csv"))
        for seed in range(first, last):
            path.write_text(table(seed), encoding="utf-8")
            if found := fault(path, figures):
                if not faults[found]:
                    print(f"seed {seed}: {found}", flush=True)
                faults[found] += 1
    seconds = time.monotonic() - start
    print(f"{last - first} tables in {seconds:.0f} s, {faults.total()} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main(int(asked[0]), int(asked[1]), "figures" in asked))
