"""Patches are written whole or not at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from manuscript.word.compare import report
from manuscript.word.compare.report import Merged, Note

OLD = {"a.qmd": "One.\n", "b.qmd": "Two.\r\nThree."}
NEW = {"a.qmd": "One!\n", "b.qmd": "Two!\r\nThree."}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in OLD.items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in sorted(root.iterdir())}


def test_all_files_are_written(root: Path) -> None:
    assert Merged(OLD, NEW, ()).apply(root) == ["a.qmd", "b.qmd"]
    assert contents(root) == NEW


def test_patch_keeps_line_ends_and_a_missing_last_one(root: Path) -> None:
    patch = Merged(OLD, NEW, ()).patch()
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=root, check=True)
    assert contents(root) == NEW


def test_byte_order_mark_is_kept(root: Path) -> None:
    (root / "a.qmd").write_bytes(b"\xef\xbb\xbfOne.\n")
    Merged(OLD, NEW, ()).apply(root)
    assert (root / "a.qmd").read_bytes() == b"\xef\xbb\xbfOne!\n"


def test_nothing_is_written_over_a_later_edit(root: Path) -> None:
    (root / "b.qmd").write_text("Other.\n")
    with pytest.raises(ManuscriptError, match="changed during the merge"):
        Merged(OLD, NEW, ()).apply(root)
    assert contents(root)["a.qmd"] == "One.\n"


def test_failing_halfway_undoes_the_first_half(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = report._replace

    def full(path: Path, content: bytes) -> None:
        if path.name == "b.qmd":
            raise OSError("no space left")
        replace(path, content)

    monkeypatch.setattr(report, "_replace", full)
    with pytest.raises(OSError, match="no space"):
        Merged(OLD, NEW, ()).apply(root)
    assert contents(root) == OLD


def test_every_note_is_shown_with_its_place_and_advice() -> None:
    notes = (
        Note("edit", "a.qmd:1", "one"),
        Note("refused", "a.qmd:2", "two", "do it"),
        Note("refused", "", "three", "do it"),
        Note("comment", "a.qmd:3", "who: what\nand more"),
    )
    said = Merged({}, {}, notes).report()
    assert said.count("→ do it") == 1
    for words in ("a.qmd:1: one", "a.qmd:2: two", "three", "who: what", "and more"):
        assert words in said
    assert all(line.startswith("#") for line in said.splitlines())


def test_json_there_and_back() -> None:
    import json

    merged = Merged(OLD, NEW, (Note("edit", "a.qmd:1", "one"),))
    assert Merged.from_json(json.loads(merged.as_json())) == merged
