from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from manuscript.compose.output import kept, staged
from manuscript.errors import ManuscriptError

KILLED_WHILE_BUILDING = """
import os, sys
from pathlib import Path
from manuscript.compose.output import staged
with staged(Path(sys.argv[1])) as built:
    (built / "a.html").write_text("new")
    os.kill(os.getpid(), 9)
"""
KILLED_WHILE_MOVING = """
import os, sys
from pathlib import Path
from manuscript.compose.output import staged
replace = Path.replace
def once(self, target):
    replace(self, target)
    os.kill(os.getpid(), 9)
Path.replace = once
with staged(Path(sys.argv[1])) as built:
    (built / "a.html").write_text("new")
    (built / "b.html").write_text("new")
"""
WAITING = """
import sys, time
from pathlib import Path
from manuscript.compose.output import staged
with staged(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(60)
"""


def contents(directory: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in directory.iterdir()}


def hidden(directory: Path) -> list[Path]:
    return list(directory.parent.glob(".*"))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with two files of an earlier render."""
    outputs = tmp_path / "_output"
    outputs.mkdir()
    for name in ("a.html", "b.html"):
        (outputs / name).write_text("old")
    return outputs


def run(code: str, directory: Path) -> int:
    command = [sys.executable, "-c", code, str(directory)]
    return subprocess.run(command, check=False).returncode


def test_files_appear_when_the_block_has_succeeded(directory: Path) -> None:
    with staged(directory) as built:
        (built / "a.html").write_text("new")
        assert contents(directory) == {"a.html": "old", "b.html": "old"}
    assert contents(directory) == {"a.html": "new", "b.html": "old"}
    assert not hidden(directory)


@pytest.mark.parametrize(
    "error", [ManuscriptError("a", 1, "b", "c"), KeyboardInterrupt]
)
def test_a_failure_leaves_all_as_it_was(
    directory: Path, error: BaseException | type[BaseException]
) -> None:
    def fail() -> None:
        with staged(directory) as built:
            (built / "a.html").write_text("new")
            raise error

    with pytest.raises((ManuscriptError, KeyboardInterrupt)):
        fail()
    assert contents(directory) == {"a.html": "old", "b.html": "old"}
    assert not hidden(directory)


def test_a_process_killed_while_it_builds_leaves_all_as_it_was(directory: Path) -> None:
    assert run(KILLED_WHILE_BUILDING, directory) == -9
    assert contents(directory) == {"a.html": "old", "b.html": "old"}
    with staged(directory):
        pass
    assert contents(directory) == {"a.html": "old", "b.html": "old"}
    assert not hidden(directory)


def test_a_move_that_was_cut_short_is_finished_by_the_next_render(
    directory: Path,
) -> None:
    assert run(KILLED_WHILE_MOVING, directory) == -9
    assert contents(directory) == {"a.html": "new", "b.html": "old"}
    with pytest.raises(KeyboardInterrupt), staged(directory):
        raise KeyboardInterrupt
    assert contents(directory) == {"a.html": "new", "b.html": "new"}
    assert not hidden(directory)


def test_two_renders_at_once_are_refused(directory: Path) -> None:
    command = [sys.executable, "-c", WAITING, str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ManuscriptError, match="another render"), staged(directory):
            pass
        other.kill()
    with staged(directory) as built:
        (built / "a.html").write_text("new")
    assert contents(directory) == {"a.html": "new", "b.html": "old"}


def test_what_writes_in_place_is_undone_when_it_fails(directory: Path) -> None:
    def fail() -> None:
        with kept(directory):
            (directory / "a.html").write_text("half")
            (directory / "c.html").write_text("half")
            raise ManuscriptError("a", 1, "b", "c")

    with pytest.raises(ManuscriptError):
        fail()
    assert contents(directory) == {"a.html": "old", "b.html": "old"}
    with kept(directory):
        (directory / "a.html").write_text("new")
    assert contents(directory) == {"a.html": "new", "b.html": "old"}
    assert not hidden(directory)
