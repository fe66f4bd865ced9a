"""The state of a project, and what Python keeps of an earlier one."""

import os
import py_compile
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from manuscript import clock
from manuscript.execute import state
from manuscript.execute.state import ChangedError, State, forget_compiled


def test_code_compiled_in_the_second_of_its_edit_is_forgotten(tmp_path: Path) -> None:
    source = tmp_path / "model.py"
    source.write_text("FACTOR = 2\n", "utf-8")
    compiled = Path(py_compile.compile(str(source), doraise=True))
    forget_compiled(tmp_path)
    assert not compiled.exists()
    long_ago = time.time() - 10
    os.utime(source, (long_ago, long_ago))
    py_compile.compile(str(source), doraise=True)
    forget_compiled(tmp_path)
    assert compiled.exists()


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
    digested = state.file_digest

    def seen(path: Path) -> str:
        read.append(path.name)
        return digested(path)

    monkeypatch.setattr(state, "file_digest", seen)
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
