"""Compile typst in a process of its own, which takes its memory with it.

Layouts that typst keeps for its next compilation take hundreds of megabytes, and a
render has no next one. This file is also that process's program, and stands by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class TypesettingError(Exception):
    """What typst refuses, and how to mend it."""

    def __init__(self, message: str, hints: Sequence[str]) -> None:
        super().__init__(message)
        self.message = message
        self.hints = [*hints]


@dataclass(frozen=True)
class Typeset:
    """A PDF, and what typst warned of."""

    pdf: bytes
    warnings: tuple[str, ...]


def typeset(source: Path, fonts: Sequence[Path], epoch: int) -> Typeset:
    """Compile a typst file to PDF/UA-1.

    Parameters
    ----------
    source : Path
        Its folder holds whatever it names.
    fonts : sequence of Path
        Folders of fonts; those of the system are not looked at.
    epoch : int
        Date of the PDF, in seconds since 1970.

    Raises
    ------
    TypesettingError
    """
    target = source.with_suffix(".pdf")
    asked = json.dumps([str(source), str(target), [*map(str, fonts)], epoch])
    process = subprocess.run(
        [sys.executable, "-I", __file__],
        input=asked,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if process.returncode:
        last = (process.stderr.strip().splitlines() or ["it said nothing"])[-1]
        what = f"it ended with status {process.returncode}: {last}"
        raise TypesettingError(what, ["render again"])
    answer = json.loads(process.stdout)
    if refused := answer.get("refused"):
        raise TypesettingError(*refused)
    return Typeset(target.read_bytes(), tuple(answer["warnings"]))


def _compile(source: str, target: str, fonts: list[str], epoch: int) -> object:
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            source,
            root=str(Path(source).parent),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=epoch,
        )
    except typst.TypstError as error:
        return {"refused": [error.message, error.hints]}
    Path(target).write_bytes(pdf)
    return {"warnings": [warning.message for warning in warnings]}


if __name__ == "__main__":
    json.dump(_compile(*json.load(sys.stdin)), sys.stdout)
