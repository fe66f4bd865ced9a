"""An account for those who review artifacts: what to run, how long, what to expect.

What ACM's badges ask of authors ("Artifact Review and Badging", version 1.1):
hardware, software, time, steps and what their outcome should be. Everything in it is
read from the bundle, except for time and memory: these are what somebody measured and
committed as ``runtime.json``, as two bundles of a commit are identical and two runs of
a program never take as long.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError

NAME = "REVIEW.json"
RUNTIME = "runtime.json"

OLDEST = "3.11"
TOLERANCE = 1e-9
_PIN = re.compile(r"^([\w.-]+)==(\S+)")
_NUMBERS = ("wall_seconds", "cpu_seconds", "peak_memory_mib", "processors", "load")
_TEXTS = ("command", "machine", "system", "python", "commit")
_UNKNOWN = (
    "not measured: `python -m manuscript bundle` writes runtime.json beside the "
    "bundle; committed, it is stated here"
)


def write(
    facts: Mapping[str, Any],
    ledger: Mapping[str, Any],
    requirements: str,
    runtime: Mapping[str, Any] | None,
    files: list[str],
) -> str:
    """Write the account.

    Parameters
    ----------
    facts : mapping
        Contents of ``bundle.json``.
    ledger : mapping
    requirements : str
        Text of the pins.
    runtime : mapping or None
        Of :func:`read_runtime`.
    files : list of str
        Names of all files of the bundle.
    """
    seconds = runtime and {
        name: runtime[name] for name in ("wall_seconds", "cpu_seconds")
    }
    content = {
        "format": 1,
        "about": "For artifact reviewers, as ACM Artifact Review and Badging 1.1 asks",
        "commit": facts["commit"],
        "hardware": {
            "needs": "any machine that runs Python; no graphics processor",
            "measured_on": runtime or _UNKNOWN,
        },
        "software": {
            "system": facts["platform"],
            "python": {"bundled_with": facts["python"], "oldest": OLDEST},
            "engine": facts["engine"],
            "packages": [
                {"name": pin[1], "version": pin[2]}
                for line in requirements.splitlines()
                if (pin := _PIN.match(line))
            ],
            "network": "for the packages alone, while the environment is set up",
        },
        "run": [
            {
                "badge": "Artifacts Available",
                "command": "python3 -m manuscript verify BUNDLE.zip --digest SHA256",
                "expect": "INTACT, and the digest that its authors quote",
                "seconds": None,
            },
            {
                "badge": "Artifacts Evaluated",
                "command": "python3 setup_venv.py .venv requirements.txt",
                "expect": "an environment of the packages above, in source/.venv",
                "seconds": None,
            },
            {
                "badge": "Results Reproduced",
                "command": ".venv/bin/python -m manuscript verify BUNDLE.zip --rerun",
                "expect": "REPEATED (or REPRODUCED with --trusted), and the counts "
                "under expect",
                "seconds": seconds or _UNKNOWN,
            },
        ],
        "expect": expected(ledger, files),
        "tolerance": TOLERANCE,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def expected(ledger: Mapping[str, Any], files: list[str]) -> dict[str, int]:
    """Count what a re-run must give."""
    made = [name for name in dict.fromkeys(files) if not name.startswith("source/")]
    return {
        "values": len(ledger["values"]),
        "claims": len(ledger["claims"]),
        **{
            folder: sum(name.startswith(f"{folder}/") for name in made)
            for folder in ("documents", "figures", "tables", "checklists")
        },
    }


def differences(
    account: bytes,
    facts: Mapping[str, Any],
    ledger: Mapping[str, Any],
    files: list[str],
) -> list[str]:
    """Compare an account with the bundle that it is of.

    Returns
    -------
    list of str
        What is wrong, each in words.
    """
    try:
        said = json.loads(account)
        wrong = [] if said["format"] == 1 else ["is of another format"]
        if said["commit"] != facts["commit"]:
            wrong.append("names another commit than bundle.json")
        wrong += [
            f"expects {said['expect'].get(name)} {name}, and there are {number}"
            for name, number in expected(ledger, files).items()
            if said["expect"].get(name) != number
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ["is no account that this program writes"]
    return wrong


def read_runtime(root: Path) -> dict[str, Any] | None:
    """Read what was measured, where it was committed.

    Raises
    ------
    ManuscriptError
        For what is none.
    """
    path = root / RUNTIME
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        numbers = {name: found[name] for name in _NUMBERS}
        texts = {name: found[name] for name in _TEXTS}
        known = all(
            isinstance(n, (int, float)) and 0 <= n < 1e9 for n in numbers.values()
        ) and all(isinstance(t, str) and t.isprintable() for t in texts.values())
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise ManuscriptError(
            RUNTIME,
            0,
            "is not what a bundle measures",
            "take that which `python -m manuscript bundle` writes beside the bundle",
        )
    return {**texts, **numbers}
