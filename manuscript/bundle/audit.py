"""Whether what the project rests on may be used, and has no known faults.

Licences are read from the metadata of what is installed. Known faults are looked up
by pip-audit, where it is installed and its service can be reached.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from shutil import which
from typing import Final

FILES: Final = ("requirements.txt", "requirements-dev.txt")

# By their SPDX names, and BSD where metadata does not say which: both are accepted.
# All let a program that uses them be published under MIT.
ACCEPTED: Final = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0"),
        *("ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"),
    )
)
# Their metadata says nothing, or less than their own licence file.
STATED: Final = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "pypandoc-binary": "MIT AND GPL-2.0-or-later",
    "quarto": "GPL-2.0-or-later",
}
# Copyleft that the licence of this project is compatible with, and that it neither
# holds nor hands on: pandoc is a program of its own, and so is Quarto.
COPYLEFT: Final = frozenset({"pypandoc-binary", "quarto"})

_NAMES: Final = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "bsd-3-clause, apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
_PIN: Final = re.compile(r"([A-Za-z0-9][\w.-]*)==([^\s;#]+)")
_WORD: Final = re.compile(r"[A-Za-z0-9.+-]+")
_CLASSIFIER: Final = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Pin:
    """A dependency in the version that is pinned."""

    name: str
    version: str


@dataclass(frozen=True)
class Licensed:
    """A dependency and what keeps it from being used.

    Attributes
    ----------
    pin : Pin
    licence : str
        SPDX expression, or the words of its metadata.
    fault : str
        Empty where it may be used.
    """

    pin: Pin
    licence: str
    fault: str = ""


def pins(root: Path) -> Iterator[Pin]:
    """Read the pins of a project."""
    for file in FILES:
        for line in (root / file).read_text("utf-8").splitlines():
            if match := _PIN.match(line):
                yield Pin(match[1], match[2])


def licences(root: Path) -> tuple[Licensed, ...]:
    """Look at every pinned dependency."""
    return tuple(_licensed(pin) for pin in pins(root))


def _licensed(pin: Pin) -> Licensed:
    try:
        found = distribution(pin.name)
    except PackageNotFoundError:
        return Licensed(pin, "", "is not installed: run make test")
    if found.version != pin.version:
        return Licensed(pin, "", f"is installed as {found.version}: run make test")
    licence = licence_of(found)
    name = pin.name.lower().replace("_", "-")
    if name not in COPYLEFT and not is_accepted(licence):
        return Licensed(pin, licence, "has a licence that is not among those accepted")
    return Licensed(pin, licence)


def licence_of(found: Distribution) -> str:
    """Name the licence of what is installed, as an SPDX expression if possible."""
    metadata = found.metadata
    stated = STATED.get(str(metadata["Name"]).lower().replace("_", "-"))
    if stated := stated or _field(found, "License-Expression"):
        return stated
    classified = [
        line.removeprefix(_CLASSIFIER)
        for line in metadata.get_all("Classifier") or []
        if line.startswith(_CLASSIFIER)
    ]
    # The field may hold the whole text of the licence.
    lines = _field(found, "License").splitlines() or [""]
    words = [lines[0]] if len(lines) == 1 and lines[0] not in ("", "UNKNOWN") else []
    names = (_NAMES.get(name.lower(), name) for name in classified or words)
    return " AND ".join(dict.fromkeys(names)) or "unknown"


def _field(found: Distribution, name: str) -> str:
    return next(iter(found.metadata.get_all(name) or []), "")


def is_accepted(licence: str) -> bool:
    """Tell whether an SPDX expression allows the use under accepted licences.

    Examples
    --------
    >>> is_accepted("MIT AND PSF-2.0"), is_accepted("GPL-3.0-only OR MIT")
    (True, True)
    >>> is_accepted("GPL-3.0-only AND MIT"), is_accepted("Our own terms")
    (False, False)
    """
    if "(" in licence:
        return all(
            word in ACCEPTED
            for word in _WORD.findall(licence)
            if word not in ("AND", "OR", "WITH")
        )
    return any(
        all(name.strip() in ACCEPTED for name in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


@dataclass(frozen=True)
class Known:
    """What is known of faults in the pinned versions.

    Attributes
    ----------
    faults : tuple of str
    unknown : str
        Why they could not be looked up; empty where they were.
    """

    faults: tuple[str, ...]
    unknown: str = ""


def known_faults(root: Path) -> Known:
    """Look up the faults that are known of the pinned versions."""
    # An environment of its own keeps its dependencies from ours.
    program = which("pip-audit")
    if program is None:
        return Known((), "pip-audit is not installed: pipx install pip-audit")
    command = [program, "--format=json", "--no-deps", "--disable-pip"]
    command += ["--progress-spinner=off"]
    command += [f"--requirement={file}" for file in FILES]
    try:
        run = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=120, check=False
        )
        return Known(tuple(_faults(run.stdout)))
    except subprocess.TimeoutExpired:
        return Known((), "the service that pip-audit asks did not answer")
    except (ValueError, KeyError, TypeError):
        said = run.stderr.strip().splitlines() or ["it said nothing"]
        return Known((), f"pip-audit could not ask its service ({said[-1][:200]})")


def _faults(report: str) -> Iterator[str]:
    for dependency in json.loads(report)["dependencies"]:
        for fault in dependency.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "no version yet"
            name = f"{dependency['name']} {dependency['version']}"
            yield f"{name}: {fault['id']}, mended in {mended}"
