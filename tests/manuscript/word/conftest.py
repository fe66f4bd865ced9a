"""The real letter as a Word file, edited copies of it, and what they come to."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from manuscript.source import Reading
from manuscript.word.base import Base, prepare, readings, write
from manuscript.word.carry import merge
from manuscript.word.compare import Merged, Note
from manuscript.word.package import EditedDocument, read_document
from manuscript.word.proof import proved
from tests.manuscript.word.editing import Editor

ROOT = Path(__file__).parents[3]
# Opens a paragraph of the letter.
FINDING = "A finding of this weight"
SOFFICE = shutil.which("soffice")


@dataclass(frozen=True)
class Letter:
    """The letter, its Word file, and what it takes to merge edited copies."""

    path: Path
    base: Base

    @property
    def printed(self) -> EditedDocument:
        return self.base.printed

    @property
    def texts(self) -> dict[str, str]:
        return self.base.texts

    def merge(self, path: Path) -> Merged:
        """Merge a copy without the proof, which takes a second."""
        base = self.base
        edited = read_document(path)
        return merge(base.printed, edited, base.passages, base.texts)

    def prove(self, path: Path) -> Merged:
        return proved(self.base, read_document(path))


@cache
def documents() -> dict[str, Reading]:
    """The project's documents as they are read, by their paths."""
    return {reading.document.path: reading for reading in readings(ROOT)}


@pytest.fixture(scope="session")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    return made("index.qmd", tmp_path_factory)


@pytest.fixture(scope="session")
def supplement(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    return made("supplement.qmd", tmp_path_factory)


def made(document: str, folders: pytest.TempPathFactory) -> Letter:
    base = prepare(ROOT, documents()[document])
    path = write(base, folders.mktemp("letter"))
    return Letter(path, base)


Edited = Callable[..., Merged]
Office = Callable[[Path, Path, str], Path]


@pytest.fixture(params=["untracked", "tracked"])
def edited(request: pytest.FixtureRequest, letter: Letter, tmp_path: Path) -> Edited:
    """Edit the letter, with and without tracked changes, and merge the copy."""

    def run(*edits: tuple[str, ...]) -> Merged:
        editor = Editor(letter.path, tracked=request.param == "tracked")
        for name, *words in edits:
            getattr(editor, name)(*words)
        return letter.merge(editor.save(tmp_path / "edited.docx"))

    return run


def of(merged: Merged, kind: str) -> list[Note]:
    return [note for note in merged.notes if note.kind == kind]


def changed(merged: Merged) -> list[tuple[str, str]]:
    """Lines that went and came, without what both have in common."""
    pairs = []
    for file in merged.new:
        old, new = merged.old[file].split("\n"), merged.new[file].split("\n")
        gone = [line for line in old if line not in new]
        came = [line for line in new if line not in old]
        pairs.append(("\n".join(gone), "\n".join(came)))
    return pairs


@pytest.fixture
def office() -> Office:
    """Have LibreOffice open a file and save it anew."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")

    def convert(path: Path, folder: Path, to: str) -> Path:
        subprocess.run(
            [
                *(SOFFICE, f"-env:UserInstallation=file://{folder}/profile"),
                *("--headless", "--convert-to", to, "--outdir", str(folder)),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return folder / f"{path.stem}.{to.partition(':')[0]}"

    return convert
