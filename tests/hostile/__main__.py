"""Try many hostile inputs, and count: ``python -m tests.hostile [--inputs N]``.

Takes the names of targets to try these alone. Prints each input that brought about
anything but a result or the reader's own error, what the costliest input of each
target took, and ends with status 1 where there is a fault.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.hostile.check import tried
from tests.hostile.guard import Cost
from tests.hostile.targets import TARGETS, Target

FROZEN = 300  # seconds for a hundred inputs, after which a call into C hangs


@dataclass
class Tally:
    """What became of the inputs of a target."""

    accepted: int = 0
    refused: int = 0
    distinct: set[bytes] = field(default_factory=set)
    most: Cost = field(default_factory=Cost)
    fault: BaseException | None = None

    @property
    def tried(self) -> int:
        """How many inputs were tried."""
        return self.accepted + self.refused


def fuzz(target: Target, inputs: int, start: int, shrink: bool) -> Tally:
    """Try a number of inputs, or until a fault is found."""
    tally = Tally()

    def check(given_: Any) -> None:
        if tally.tried % 100 == 0:
            faulthandler.dump_traceback_later(FROZEN, exit=True)
        tally.distinct.add(hashlib.blake2b(repr(given_).encode()).digest()[:16])
        taken, cost = tried(target, given_)
        tally.most.seconds = max(tally.most.seconds, cost.seconds)
        tally.most.bytes = max(tally.most.bytes, cost.bytes)
        if taken:
            tally.accepted += 1
        else:
            tally.refused += 1

    # Hypothesis ends early where it finds nothing new: go on from another seed.
    while tally.tried < inputs and tally.fault is None:
        options = settings(
            max_examples=min(inputs - tally.tried, 5_000),
            phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        before = tally.tried
        try:
            seed(start + before)(options(given(target.inputs)(check)))()
        except BaseException as fault:
            if isinstance(fault, KeyboardInterrupt):
                raise
            tally.fault = fault
        if tally.tried == before:
            break
    faulthandler.cancel_dump_traceback_later()
    return tally


def main(arguments: list[str]) -> int:
    """Fuzz every target, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("target", nargs="*", help="all if none is named")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shrink", action="store_true", help="make faults small")
    parsed = parser.parse_args(arguments)
    chosen = [t for t in TARGETS if not parsed.target or t.name in parsed.target]
    shares = sum(target.share for target in chosen)
    faults, total, distinct = 0, 0, 0
    print(
        f"{'reader':20}{'inputs':>9}{'distinct':>10}{'taken':>9}{'refused':>9}"
        f"{'in all':>9}{'longest':>9}{'largest':>11}"
    )
    for target in chosen:
        began = time.perf_counter()
        inputs = -(-parsed.inputs * target.share // shares)
        tally = fuzz(target, inputs, parsed.seed, parsed.shrink)
        total += tally.tried
        distinct += len(tally.distinct)
        print(
            f"{target.name:20}{tally.tried:9,}{len(tally.distinct):10,}"
            f"{tally.accepted:9,}{tally.refused:9,}"
            f"{time.perf_counter() - began:7.0f} s{tally.most.seconds:7.2f} s"
            f"{tally.most.bytes / 2**20:7.0f} MiB",
            flush=True,
        )
        if tally.fault is not None:
            faults += 1
            _show(tally.fault)
    print(f"{total:,} inputs, {distinct:,} distinct; {faults} readers with a fault")
    return 1 if faults else 0


def _show(fault: BaseException) -> None:
    import traceback

    text = "".join(traceback.format_exception(fault)[-12:])
    notes = "\n".join(getattr(fault, "__notes__", ()))
    print(text[:1500], notes[:900], sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
