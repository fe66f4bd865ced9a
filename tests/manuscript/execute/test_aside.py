"""A copy of this process works aside, tells what it found, and harms nothing."""

import os
import signal
import threading
from pathlib import Path

import pytest

from manuscript.execute import aside

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="processes cannot be copied here"
)


def test_more_than_a_pipe_holds_is_told_whole() -> None:
    told = aside.begin(lambda: b"x" * 10**6)
    assert told() == b"x" * 10**6


def test_work_that_fails_tells_nothing_and_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = aside.begin(lambda: bytes(1 // 0))
    assert told() == b""
    assert capfd.readouterr() == ("", "")


def test_an_interrupt_ends_the_copy_alone(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> bytes:
        os.kill(os.getpid(), signal.SIGINT)
        return b"went on"

    assert aside.begin(work)() == b""
    assert capfd.readouterr() == ("", "")


def test_what_the_copy_changes_is_its_own(tmp_path: Path) -> None:
    known: list[int] = []
    told = aside.begin(lambda: bytes(known + [1] + (known.append(1) or [])))
    assert told() == b"\x01"
    assert known == []


def test_no_copy_is_made_beside_threads_that_may_hold_a_lock() -> None:
    go = threading.Event()
    threads = [threading.Thread(target=go.wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        assert not aside.possible()
    finally:
        go.set()
        for thread in threads:
            thread.join()
