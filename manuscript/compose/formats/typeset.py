"""Compile typst in a process of its own, which takes its memory with it.

Layouts that typst keeps for its next compilation take hundreds of megabytes, and a
render has no next one. This file is also that process's program, and stands by itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UNDISPLAYED = re.compile(r'text `"(.+?)"` could not be displayed')
# Texts that no font displays: where links lead, and what pictures show.
_UNSEEN = re.compile(r'(?:\balt: |\blink\()"(?:\\.|[^"\\])*"')
_MOST_LETTERS = 100


class TypesettingError(Exception):
    """What typst refuses, how to mend it, and the letters that no font has."""

    def __init__(
        self, message: str, hints: Sequence[str], letters: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hints = [*hints]
        self.letters = [*letters]


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

    given: dict[str, Any] = {
        "font_paths": fonts,
        "ignore_system_fonts": True,
        "format": "pdf",
        "pdf_standards": ["ua-1"],
        "timestamp": epoch,
    }

    def refused(path: Path) -> str:
        try:
            typst.compile(path, **given)
        except typst.TypstError as error:
            return str(error.message)
        return ""

    try:
        root = str(Path(source).parent)
        pdf, warnings = typst.compile_with_warnings(source, root=root, **given)
    except typst.TypstError as error:
        letters = _undisplayed(Path(source), error.message, refused)
        return {"refused": [error.message, error.hints, letters]}
    Path(target).write_bytes(pdf)
    return {"warnings": [warning.message for warning in warnings]}


def _undisplayed(
    source: Path, message: str, refused: Callable[[Path], str]
) -> list[str]:
    """Find all letters that no font has; typst tells of one, wherever it stands."""
    found: list[str] = []
    seen = _UNSEEN.sub("", source.read_text("utf-8"))
    tried = [c for c in dict.fromkeys(seen) if not c.isascii() and _stands_alone(c)]
    alone = source.with_name("letters.typ")
    while (lacking := _UNDISPLAYED.search(message)) and len(found) < _MOST_LETTERS:
        if lacking[1] in found:
            break
        found.append(lacking[1])
        tried = [letter for letter in tried if letter not in lacking[1]]
        shown = "\n\n".join(f'#"{letter}"' for letter in tried)
        alone.write_text(f'#set document(title: "-")\n{shown}', "utf-8")
        message = refused(alone)
    return found


def _stands_alone(letter: str) -> bool:
    return letter.isprintable() and not unicodedata.combining(letter)


if __name__ == "__main__":
    json.dump(_compile(*json.load(sys.stdin)), sys.stdout)
