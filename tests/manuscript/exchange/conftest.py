"""The real letter as a Word file, edited copies of it, and what they come to."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.letter import letter as values
from manuscript.exchange import base
from manuscript.exchange.document import read_document
from manuscript.exchange.merge import merge
from manuscript.exchange.model import EditedDocument
from manuscript.exchange.report import Merged, Note
from manuscript.exchange.site import read_texts
from manuscript.source.documents import Project
from manuscript.source.reading.passages import Passage
from manuscript.source.reading.printed import read
from tests.manuscript.exchange.editing import Editor

ROOT = Path(__file__).parents[3]
# Opens a paragraph of the letter.
FINDING = "A finding of this weight"
SOFFICE = shutil.which("soffice")


@dataclass(frozen=True)
class Letter:
    """The letter, its Word file, and the folder for edited copies."""

    path: Path
    printed: EditedDocument
    passages: tuple[Passage, ...]
    texts: dict[str, str]

    def merge(self, path: Path) -> Merged:
        return merge(self.printed, read_document(path), self.passages, self.texts)


@pytest.fixture(scope="session")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Letter:
    project = Project.load(ROOT)
    path = base.build(ROOT, "index.qmd", tmp_path_factory.mktemp("letter"))
    [reading] = [r for r in read(project, values()) if r.document.path == "index.qmd"]
    texts = read_texts(ROOT, reading.document.files)
    return Letter(path, read_document(path), reading.passages, texts)


Edited = Callable[..., Merged]


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
def office() -> Callable[[Path, Path, str], Path]:
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
