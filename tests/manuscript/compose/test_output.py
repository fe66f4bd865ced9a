from __future__ import annotations

import shutil
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
KILLED_AT_A_CALL = """
import os, sys
from pathlib import Path
from manuscript.compose import output
count = int(sys.argv[2])
def audit(event, arguments):
    global count
    if event in ("os.rename", "os.link", "os.mkdir", "os.rmdir", "os.remove",
                 "shutil.rmtree", "shutil.copymode", "open", "os.scandir", "os.chmod",
                 "ctypes.dlsym"):
        count -= 1
        if not count:
            os.kill(os.getpid(), 9)
if len(sys.argv) > 3:
    output.ctypes.CDLL = lambda *given, **more: None
with output.staged(Path(sys.argv[1])) as built:
    for name in ("a.html", "b.html"):
        (built / name).write_text("new")
    sys.addaudithook(audit)
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


def run(code: str, directory: Path, *more: str) -> int:
    command = [sys.executable, "-c", code, str(directory), *more]
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


@pytest.mark.long
@pytest.mark.parametrize("more", [(), ("no exchange",)])
def test_a_kill_at_any_call_leaves_one_state(
    directory: Path, more: tuple[str, ...]
) -> None:
    states = set()
    for count in range(1, 60):
        for path in directory.parent.glob(".*"):
            shutil.rmtree(path)
        directory.mkdir(exist_ok=True)
        for name in ("a.html", "b.html", "c.html"):
            (directory / name).unlink(missing_ok=True)
            (directory / name).write_text("old")
        status = run(KILLED_AT_A_CALL, directory, str(count), *more)
        if directory.exists():
            found = contents(directory)
            assert found.pop("c.html") == "old"
            assert found in (
                {"a.html": "old", "b.html": "old"},
                {"a.html": "new", "b.html": "new"},
            )
            states.add(found["a.html"])
        else:
            assert more
        with staged(directory):
            pass
        assert contents(directory).keys() == {"a.html", "b.html", "c.html"}
        assert len({contents(directory)[name] for name in ("a.html", "b.html")}) == 1
        assert not hidden(directory)
        if status == 0:
            break
    assert status == 0
    assert states == {"old", "new"}


def test_what_else_lies_there_stays(directory: Path) -> None:
    (directory / "site/libs").mkdir(parents=True)
    (directory / "site/libs/a.js").write_text("old")
    (directory / "link").symlink_to("a.html")
    directory.chmod(0o750)
    with staged(directory) as built:
        (built / "site").mkdir()
        (built / "site/b.js").write_text("new")
    assert (directory / "site/libs/a.js").read_text() == "old"
    assert (directory / "site/b.js").read_text() == "new"
    assert (directory / "link").is_symlink()
    assert directory.stat().st_mode & 0o777 == 0o750


def test_a_folder_that_links_elsewhere_is_followed(
    directory: Path, tmp_path: Path
) -> None:
    link = tmp_path / "other"
    link.symlink_to(directory)
    with staged(link) as built:
        (built / "a.html").write_text("new")
    assert link.is_symlink()
    assert contents(directory) == {"a.html": "new", "b.html": "old"}


def test_the_folder_that_a_process_stands_in_stays(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(directory)
    before = directory.stat().st_ino
    with staged(directory) as built:
        (built / "a.html").write_text("new")
    assert directory.stat().st_ino == before
    assert Path("a.html").read_text() == "new"


def test_a_file_system_of_its_own_is_refused(tmp_path: Path) -> None:
    code = """
import subprocess, sys
from pathlib import Path
from manuscript.compose.output import staged
from manuscript.errors import ManuscriptError
subprocess.run(["mount", "-t", "tmpfs", "none", sys.argv[1]], check=True)
try:
    with staged(Path(sys.argv[1])):
        pass
except ManuscriptError as error:
    assert "a file system of its own" in str(error)
    with staged(Path(sys.argv[1], "manuscript")) as built:
        (built / "a.html").write_text("new")
    sys.exit(7)
"""
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"]).returncode:
        pytest.skip("needs namespaces")
    (tmp_path / "_output").mkdir()
    command = [*alone, sys.executable, "-c", code, str(tmp_path / "_output")]
    assert subprocess.run(command).returncode == 7


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


def test_beside_sources_the_names_that_are_written_are_undone_alone(
    directory: Path,
) -> None:
    def fail() -> None:
        with kept(directory, ("a.html", "c.html")):
            (directory / "a.html").write_text("half")
            (directory / "c.html").write_text("half")
            (directory / "notes.md").write_text("mine")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    found = {"a.html": "old", "b.html": "old", "notes.md": "mine"}
    assert contents(directory) == found
    assert not hidden(directory)
