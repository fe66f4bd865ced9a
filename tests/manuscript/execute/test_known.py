"""Values are known again when nothing has changed that they may rest on."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from manuscript.execute import known
from manuscript.execute.digests import environment
from manuscript.execute.kept import FOLDER, Kept
from manuscript.execute.known import known_letter
from manuscript.values import answers as values
from manuscript.values.answers import Answers, UnknownKeyError
from manuscript.values.value import Origin, Value

ORIGIN = Origin.of(statistics.fmean, "data/a.csv", "all rows", "published")
Section = Callable[[Path], object]


class Study:
    """A project whose only section reads what a test wants it to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.computed = 0
        self.read: Section = lambda root: (root / "data" / "a.csv").read_text()
        self.change("data/a.csv", "1.5")
        self.change("index.qmd", "Words.")
        self.change("sections/one.qmd", "Words.")

    def change(self, name: str, text: str | None) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text)

    def values(self, _: object) -> Iterator[Value]:
        self.computed += 1
        number = float(str(self.read(self.root)))
        yield ORIGIN.ratio("one.number", number)
        yield ORIGIN.ratio("one.unknown", math.nan)
        yield ORIGIN.count("one.count", 3).in_words()

    def letter(self, *, fresh: bool = False) -> Answers:
        return known_letter(self.root, Kept(self.root, fresh=fresh))

    def computes(self) -> bool:
        """Whether values are computed when they are asked for once more."""
        before = self.computed
        assert self.letter()("one.count").text == "three"
        return self.computed > before


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    study = Study(tmp_path / "project")
    monkeypatch.setattr(values, "_function", lambda target: study.values)
    sections = {"one": ("one:values",)}
    monkeypatch.setattr(known, "answers", lambda root: Answers(study, sections))
    # Modules of the tests are no part of the project.
    monkeypatch.setattr(known.Tracer, "_modules", lambda *_: iter(()))
    # Files change after this process has started, and not just now.
    monkeypatch.setattr(known, "STARTED", time.time_ns() + 10**9)
    environment.cache_clear()
    yield study
    environment.cache_clear()


def test_known_values_are_those_computed(study: Study) -> None:
    computed, found = study.letter().all(), study.letter().all()
    assert study.computed == 1
    assert [*found] == [*computed]
    for value, again in zip(computed.values(), found.values(), strict=True):
        assert value._repr_markdown_() == again._repr_markdown_()
        assert value.origin.source == again.origin.source
        assert (value.unit, value.decimals) == (again.unit, again.decimals)
    assert found["one.number"].number == 1.5
    assert math.isnan(found["one.unknown"].number)
    with pytest.raises(UnknownKeyError, match=r"did you mean one\.count"):
        study.letter()("one.counts")


@pytest.mark.parametrize(
    ("name", "text", "computes"),
    [
        ("index.qmd", "Other words.", False),
        ("sections/new.qmd", "Words.", False),
        ("tests/test_it.py", "", False),
        ("data/a.csv", "2.5", True),
        ("data/tests/b.csv", "1", True),
        ("analysis/new.py", "", True),
        ("restricted/extract.duckdb", "", True),
        ("references.json", "[]", True),
    ],
)
def test_values_are_computed_when_a_file_has_changed(
    study: Study, name: str, text: str, computes: bool
) -> None:
    assert study.computes()
    assert not study.computes()
    study.change(name, text)
    assert study.computes() == computes
    assert not study.computes()


def test_values_are_computed_when_a_file_is_gone(study: Study) -> None:
    study.change("data/b.csv", "1")
    assert study.computes()
    study.change("data/b.csv", None)
    assert study.computes()


def test_a_linked_folder_counts(study: Study, tmp_path: Path) -> None:
    extract = tmp_path / "secure" / "deep"
    extract.mkdir(parents=True)
    (extract / "table.csv").write_text("1")
    (extract / "round").symlink_to(tmp_path / "secure")
    (study.root / "restricted").symlink_to(tmp_path / "secure")
    assert study.computes()
    assert not study.computes()
    (extract / "table.csv").write_text("2")
    assert study.computes()


def test_variables_count(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    study.read = lambda root: os.environ.get("PAPER_FACTOR", "1")
    assert study.computes()
    monkeypatch.setenv("PAPER_FACTOR", "2")
    assert study.letter()("one.number").number == 2
    assert study.letter()("one.number").number == 2
    assert study.computed == 2


def _elsewhere(root: Path) -> Path:
    return root.parent / "elsewhere.csv"


@pytest.mark.parametrize(
    "read",
    [
        lambda root: _elsewhere(root).read_text(),
        lambda root: 1 + _elsewhere(root).with_suffix(".none").exists(),
        lambda root: len([*root.parent.iterdir()]),
        lambda root: len((root / "index.qmd").read_text()),
        lambda root: len((root / ".hidden").read_text()),
        lambda root: os.system("exit 0"),
    ],
    ids=["file", "absent file", "folder", "prose", "hidden file", "process"],
)
def test_what_rests_on_anything_else_is_not_kept(study: Study, read: Section) -> None:
    _elsewhere(study.root).write_text("1")
    study.change(".hidden", "1")
    study.read = read
    assert study.computes()
    assert study.computes()


def test_what_changes_meanwhile_is_not_kept(study: Study) -> None:
    def read(root: Path) -> str:
        study.change("data/a.csv", "9")
        return (root / "data" / "a.csv").read_text()

    study.read = read
    study.letter()
    study.change("data/a.csv", "1.5")
    del study.read
    study.read = lambda root: (root / "data" / "a.csv").read_text()
    assert study.letter()("one.number").number == 1.5


def test_what_changed_since_the_start_is_not_kept(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This process may have read it before, or loaded the code.
    monkeypatch.setattr(known, "STARTED", time.time_ns() - 10**10)
    assert study.computes()
    assert study.computes()


def test_a_fault_is_named_by_the_value_asked_for(study: Study) -> None:
    study.change("data/a.csv", "none")
    v = study.letter()
    with pytest.raises(ValueError, match="none"):
        v("one.number")
    study.change("data/a.csv", "1.5")
    assert study.computes()


@pytest.mark.parametrize("spoil", [b"", b"{}", b"[1]", os.urandom(99)])
def test_what_is_kept_and_damaged_is_computed(study: Study, spoil: bytes) -> None:
    study.letter()
    (file,) = (study.root / FOLDER).iterdir()
    file.write_bytes(spoil)
    assert study.computes()


def test_fresh_computes_and_keeps(study: Study) -> None:
    study.letter()
    study.letter(fresh=True)
    assert study.computed == 2
    assert not study.computes()


def test_the_process_looks_for_files_as_before(study: Study) -> None:
    before = os.stat, os.lstat, os.access, os.readlink
    study.letter()
    assert (os.stat, os.lstat, os.access, os.readlink) == before
    found: Any = study.letter()
    assert found("one.count").number == 3
