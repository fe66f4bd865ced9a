"""Patterns of a project that take no end to match are found, and not waited for.

Python's matching tries every way to share a text among repeats, and cannot be told
to give up. Whoever repeats twice is therefore put to the test in a process of its
own, which can be ended: on the texts to be searched, and on short ones that are
nearly matched, such as ``aaa!`` by ``(a+)+$``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

SECONDS = 5.0

_REPEATS = re.compile(r"(?<!\\)[*+{]")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_SEED = re.compile(r"\w+|[^\w\\]")
_OTHER_SEEDS = ("a", "0", " ", "-")
_TIMES = 40
_ENDS = ("", "!", "a", "0", "-")
_TEST = """
import json, re, sys
patterns, texts = json.load(sys.stdin)
for number, pattern in enumerate(patterns):
    print(number, flush=True)
    whole = re.compile(rf"(?<![\\w-])(?:{pattern})(?![\\w-])", re.IGNORECASE)
    for text in texts:
        for _ in whole.finditer(text):
            pass
"""


def endless(patterns: Iterable[str], texts: Sequence[str]) -> str | None:
    """Name the first pattern that cannot be matched within `SECONDS`.

    Examples
    --------
    >>> endless([r"phase [1-4]", r"(?:very )*large"], ["A very very large trial."])
    """
    tested = [
        each
        for each in patterns
        if len(_REPEATS.findall(each)) > 1 or _REPEATED_GROUP.search(each)
    ]
    if not tested:
        return None
    seeds = {
        seed for each in tested for run in _SEED.findall(each) for seed in (run, *run)
    }
    near = [
        seed * (_TIMES // len(seed) + 1) + end
        for seed in sorted(seeds.union(_OTHER_SEEDS))
        for end in _ENDS
    ]
    try:
        subprocess.run(
            [sys.executable, "-I", "-c", _TEST],
            input=json.dumps([tested, [*near, *texts]]).encode(),
            capture_output=True,
            check=True,
            timeout=SECONDS,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        begun = (error.stdout or b"").split()
        return tested[int(begun[-1])] if begun else None
    return None
