"""The manuscript that ships passes its own checks, and faults in it do not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from analysis.letter import letter
from manuscript import check as checks
from manuscript.errors import ManuscriptError
from manuscript.record import ledger
from manuscript.source.documents import Project
from tests.manuscript.mutations import Mutation, mutations

ROOT = Path(__file__).parents[2]
TRIED = 120
CAUGHT = 0.95

Report = set[tuple[str, str, str]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, to be changed."""
    root = tmp_path_factory.mktemp("manuscript")
    settings = ("_quarto.yml", "manuscript.yml", "vocabulary.yml")
    named = [ROOT / name for name in (*settings, "references.json")]
    for path in (*ROOT.glob("*.qmd"), *named):
        shutil.copy(path, root)
    shutil.copy(ROOT / "vocabulary.yml", root)
    for folder in ("sections", "data/evidence", "analysis/letter/evidence"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


def findings(root: Path) -> list[tuple[str, int, str]]:
    """File, line and what of each finding, refused sources included."""
    try:
        found = checks.run(Project.load(root))
    except ManuscriptError as error:
        return [(error.file, error.line, error.what)]
    return [(finding.file, finding.line, finding.what) for finding in found]


def printed(method: str, key: str) -> str:
    v = letter()
    value = getattr(v, method)(key) if method else v(key)
    return str(value.text)


def test_the_manuscript_has_no_finding() -> None:
    assert [str(finding) for finding in checks.run(Project.load(ROOT))] == []


@pytest.mark.long
def test_a_fault_is_caught_where_it_stands(copy: Path) -> None:
    every = mutations(copy, printed)
    tried = every[:: max(1, len(every) // TRIED)]
    assert len(tried) >= 100
    clean = {(file, what) for file, _, what in findings(copy)}
    missed: list[str] = []
    elsewhere: list[str] = []
    for mutation in _not_caught_together(copy, tried, clean):
        found = _new(copy, [mutation], clean)
        if not found:
            missed.append(mutation.name)
        elif not any(_is_near(mutation, file, line) for file, line, _ in found):
            elsewhere.append(f"{mutation.name}: {found[0]}")
    assert len(missed) <= (1 - CAUGHT) * len(tried), "\n".join(missed)
    assert len(elsewhere) <= (1 - CAUGHT) * len(tried), "\n".join(elsewhere)


def _not_caught_together(
    root: Path, tried: list[Mutation], clean: set[tuple[str, str]]
) -> Iterator[Mutation]:
    """Try a fault of each file at once; yield what is not found where it stands."""
    of_files: dict[str, list[Mutation]] = {}
    for mutation in tried:
        of_files.setdefault(mutation.file, []).append(mutation)
    for one_of_each in zip_longest(*of_files.values()):
        left = [mutation for mutation in one_of_each if mutation]
        while left:
            found = _new(root, left, clean)
            kept = [m for m in left if not any(_is_near(m, *at) for *at, _ in found)]
            # A source that is refused hides what the others have.
            refused = len(found) == 1 and len(kept) == len(left) - 1
            if not refused:
                yield from kept
                break
            left = kept


def _new(
    root: Path, made: list[Mutation], clean: set[tuple[str, str]]
) -> list[tuple[str, int, str]]:
    """What is found with some faults, one a file, and not without."""
    before = {path: path.read_text("utf-8") for m in made if (path := root / m.file)}
    for mutation in made:
        (root / mutation.file).write_text(mutation.text, "utf-8")
    try:
        return [each for each in findings(root) if (each[0], each[2]) not in clean]
    finally:
        for path, text in before.items():
            path.write_text(text, "utf-8")


# A missing caption or alternative text is reported where its figure begins.
NEAR = 8


def _is_near(mutation: Mutation, file: str, line: int) -> bool:
    return file == mutation.file and abs(line - mutation.line) <= NEAR


def run_as_quarto_does(script: str, **environment: str) -> None:
    """Run a script of the project by its path, in the project's root."""
    command = [sys.executable, f"manuscript/commands/{script}"]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)


def test_quarto_runs_the_checks_first() -> None:
    run_as_quarto_does("prerender.py")


@pytest.mark.long
def test_quarto_writes_the_ledger_last(tmp_path: Path) -> None:
    run_as_quarto_does("postrender.py", QUARTO_PROJECT_OUTPUT_DIR=str(tmp_path))
    written = json.loads((tmp_path / ledger.NAME).read_text("utf-8"))
    assert all(each["digest"] for each in written["floats"])
