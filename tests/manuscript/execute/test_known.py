"""Values are known again when nothing has changed that they may rest on."""

from __future__ import annotations

import math
import os
import statistics
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from manuscript.execute import aside, known
from manuscript.execute.kept import FOLDER, Kept
from manuscript.execute.known import computed_letter, kept_letter
from manuscript.execute.state import ChangedError, State
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
        kept = Kept(self.root, fresh=fresh)
        state = State.of(self.root)
        v = kept_letter(state, kept) or computed_letter(state, kept)
        kept.commit()
        return v

    def computes(self) -> bool:
        """Whether values are computed when they are asked for once more."""
        before = self.computed
        assert self.letter()("one.count").text == "three"
        return self.computed > before


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    study = Study(tmp_path / "project")
    sections = {"one": ("one:values",)}
    monkeypatch.setattr(values, "_function", lambda target: study.values)
    monkeypatch.setattr(known, "answers", lambda root: Answers(study, sections))
    return study


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")
@pytest.mark.parametrize("fails", [False, True])
def test_what_is_apart_is_computed_by_a_copy_or_else_here(
    study: Study, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "possible", lambda: True)
    here = os.getpid()

    def read(_: Path) -> float:
        study.found = [1.5]  # type: ignore[attr-defined]
        return 1.5 if not fails or os.getpid() == here else 1 / 0

    study.read = read
    sections = {"one": ("one:values",)}
    v = Answers(study, sections, apart=("one",))
    assert known.begin(v)
    told = known.packed(v, "now")
    assert study.computed == (1 if fails else 0)
    assert vars(study)["found"] == [1.5]
    assert told == known.packed(Answers(study, sections), "now")
    assert not known.begin(Answers(study, sections))


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


@pytest.mark.parametrize(
    "change",
    [
        ("data/a.csv", "9"),
        ("data/new.csv", "9"),
        ("data/b.csv", None),
        ("index.qmd", "Other words."),
        ("data/a.csv", "1.5"),
    ],
    ids=["changed", "added", "gone", "prose", "written anew"],
)
def test_a_change_meanwhile_is_refused(
    study: Study, change: tuple[str, str | None]
) -> None:
    study.change("data/b.csv", "1")
    state = State.of(study.root)
    state.refuse_change(0, "", last=False)
    time.sleep(0.1)
    study.change(*change)
    with pytest.raises(ChangedError, match=change[0]):
        state.refuse_change(0, "", last=False)


def test_another_commit_is_a_change(study: Study) -> None:
    state = State.of(study.root, "a")
    with pytest.raises(ChangedError, match="the commit"):
        state.refuse_change(0, "", last=True)


def test_what_is_written_anew_each_time_is_borne_in_the_end(study: Study) -> None:
    state = State.of(study.root)
    time.sleep(0.1)
    study.change("data/a.csv", "1.5")
    state.refuse_change(0, "", last=True)
    study.change("made.txt", "x")
    state = State.of(study.root)
    time.sleep(0.1)
    study.change("made.txt", "x")
    state.refuse_change(0, "", last=False)


def test_code_that_changed_since_this_process_loaded_it_is_a_change(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.change("loaded_since.py", "")
    state = State.of(study.root)
    state.refuse_change(0, "", last=True)
    module = types.ModuleType("loaded_since")
    module.__file__ = str(study.root / "loaded_since.py")
    monkeypatch.setitem(sys.modules, "loaded_since", module)
    with pytest.raises(ChangedError, match="loaded_since"):
        state.refuse_change(0, "", last=True)
    state.refuse_change(time.time_ns() + 10**9, "", last=True)


def test_a_fault_is_named_by_the_value_asked_for(study: Study) -> None:
    study.change("data/a.csv", "none")
    v = study.letter()
    with pytest.raises(ValueError, match="none"):
        v("one.number")
    study.change("data/a.csv", "1.5")
    assert study.computes()


@pytest.mark.parametrize("spoil", [b"", b"{}", b"[1]", bytes(range(99))])
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
