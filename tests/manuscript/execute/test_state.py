"""The state of a project, and what Python keeps of an earlier one."""

import os
import py_compile
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from manuscript import clock
from manuscript.execute import answers, files
from manuscript.execute.files import forget_compiled
from manuscript.execute.state import ChangedError, State


def test_code_compiled_in_the_second_of_its_edit_is_forgotten(tmp_path: Path) -> None:
    source = tmp_path / "model.py"
    source.write_text("FACTOR = 2\n", "utf-8")
    compiled = Path(py_compile.compile(str(source), doraise=True))
    forget_compiled(tmp_path)
    assert not compiled.exists()
    py_compile.compile(str(source), doraise=True)
    later = time.time() + 10
    os.utime(compiled, (later, later))
    forget_compiled(tmp_path)
    assert compiled.exists()


def test_code_of_another_source_is_forgotten_though_size_and_time_are_the_same(
    tmp_path: Path,
) -> None:
    source = tmp_path / "model.py"
    long_ago = time.time() - 100
    for factor in (2, 3):
        source.write_text(f"FACTOR = {factor}\n", "utf-8")
        os.utime(source, (long_ago, long_ago))  # as programs that copy do
        forget_compiled(tmp_path)
        command = [sys.executable, "-c", "import model; print(model.FACTOR)"]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        assert told.stdout == f"{factor}\n".encode()


def test_who_asks_for_values_believes_no_compiled_code_of_another_source(
    tmp_path: Path,
) -> None:
    source = tmp_path / "model.py"
    source.write_text("FACTOR = 2\n", "utf-8")
    told = source.stat()
    compiled = Path(py_compile.compile(str(source), doraise=True))
    source.write_text("FACTOR = 3\n", "utf-8")
    os.utime(source, ns=(told.st_atime_ns, told.st_mtime_ns))
    answers(tmp_path)
    assert not compiled.exists()


def test_links_in_circles_to_the_project_or_to_much_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MANY", 5)
    root, few, many = (tmp_path / name for name in ("paper", "few", "many"))
    data = root / "data"
    for folder, count in ((data, 1), (few, 5), (many, 6)):
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"{number}.csv").write_text("a\n", "utf-8")
    (data / "circle").symlink_to("circle")
    (data / "few").symlink_to(few)
    (data / "self").symlink_to("..")
    found = State.of(root)
    assert {*found.files} == {
        *("data/0.csv", "data/circle"),
        *(f"data/few/{number}.csv" for number in range(5)),
    }
    assert found.files["data/circle"].startswith("unreadable")
    assert [*found.remarks()] == []
    (data / "many").symlink_to(many)
    (data / "up").symlink_to(tmp_path)
    new = State.of(root)
    assert {*new.files} - {*found.files} == {"data/many", "data/up"}
    assert [each.split(" leads")[0] for each in new.remarks()] == [
        "data/many",
        "data/up",
    ]


def test_a_file_of_which_the_system_tells_the_same_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old.csv"
    old.write_text("a\n1\n", "utf-8")
    time.sleep(0.1)  # longer than clocks of files lag behind
    young = tmp_path / "young.csv"
    young.write_text("b\n2\n", "utf-8")
    before = State.of(tmp_path)
    read: list[str] = []
    digested = files.file_digest

    def seen(path: str) -> str:
        read.append(Path(path).name)
        return digested(path)

    monkeypatch.setattr("manuscript.execute.state.file_digest", seen)
    again = State.of(tmp_path, before=before)
    assert read == ["young.csv"]
    assert again.files == before.files


def test_an_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "trials.csv"
    file.write_text("a\n1\n", "utf-8")
    told = file.stat()
    time.sleep(0.1)
    before = State.of(tmp_path)
    file.write_text("a\n2\n", "utf-8")
    os.utime(file, ns=(told.st_atime_ns, told.st_mtime_ns))
    again = State.of(tmp_path, before=before)
    assert again.files == State.of(tmp_path).files != before.files


def test_loaded_code_must_be_older_than_the_start_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "model.py"
    loaded = ModuleType("model")
    loaded.__file__ = str(code)
    monkeypatch.setitem(sys.modules, "model", loaded)
    for _ in range(20):
        code.write_text("FACTOR = 2\n", "utf-8")
        time.sleep(0.012)  # of which Python needs more to start
        started = clock()
        State.of(tmp_path).refuse_change(started, "", last=False)
        code.write_text("FACTOR = 2\n", "utf-8")
        with pytest.raises(ChangedError, match=r"model\.py"):
            State.of(tmp_path).refuse_change(started, "", last=False)
