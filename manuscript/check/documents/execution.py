"""Every render computes anew: nothing is kept that could print an old number.

Options of cells that keep results are refused where the sources are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.source import Settings

NAME = "execution"
TITLE = "Every render computes anew"

_KEEPING = ("freeze", "cache")
_MEND = "remove it: kept output prints numbers that the data no longer give"


def check(proof: Proof) -> Outcome:
    """Find settings by which an engine would print results of an earlier run."""
    findings = list(_in_settings(proof.project.settings))
    for document in proof.project.documents:
        findings.extend(_in_settings(document.front_matter))
    return Outcome(f"{len(proof.project.documents)} documents", tuple(findings))


def _in_settings(settings: Settings) -> Iterator[Finding]:
    for keys, group in _groups(settings.values):
        for name in _KEEPING:
            if _is_on(group.get(name)):
                line = settings.line(*keys, name)
                what = f"`{name}` is on"
                yield Finding(settings.file, line, 1, NAME, what, _MEND)


def _groups(
    values: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield where an engine reads these settings: at the top, under execute."""
    yield (), values
    if isinstance(values.get("execute"), Mapping):
        yield ("execute",), values["execute"]
    formats = values.get("format")
    for name, group in formats.items() if isinstance(formats, Mapping) else ():
        if isinstance(group, Mapping):
            yield ("format", name), group
            if isinstance(group.get("execute"), Mapping):
                yield ("format", name, "execute"), group["execute"]


def _is_on(value: object) -> bool:
    return value is not None and value is not False and value != "refresh"
