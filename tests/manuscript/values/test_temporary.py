"""Folders that do not outlive their process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from manuscript.values import temporary_folder

HOLD = """
import sys, time
from manuscript.values import temporary_folder
with temporary_folder(sys.argv[1]) as folder:
    (folder / "kept").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


def age(folder: Path) -> None:
    long_ago = time.time() - 3600
    os.utime(folder, (long_ago, long_ago))


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as held:
        assert held.stdout is not None
        left = Path(held.stdout.readline().strip())
        age(left)
        with temporary_folder(str(tmp_path)):
            assert (left / "kept").is_file()  # its process runs
        held.send_signal(signal.SIGKILL)
    with temporary_folder(str(tmp_path)):
        assert not left.exists()
    assert not [*tmp_path.iterdir()]


def test_what_is_not_ours_is_left(tmp_path: Path) -> None:
    other, link = tmp_path / "manuscript-other", tmp_path / "manuscript-held-link"
    new = tmp_path / "manuscript-held-new"
    for folder in (other, new):
        folder.mkdir()
    age(other)
    link.symlink_to(other)
    with temporary_folder(str(tmp_path)):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([other, link, new])
