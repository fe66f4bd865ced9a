"""A render of the preview that a save has outdated does not hold up the next."""

import itertools
import threading
import time
from pathlib import Path

import pytest

from manuscript.preview import renders
from manuscript.preview.renders import Renders


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renders, "PATIENCE", 0.2)
    monkeypatch.setattr(renders, "INTERVAL", 0.05)


def press(root: Path, seconds: float) -> Path:
    """Write one that renders for a while; return the file that says it has begun."""
    package = root / "manuscript"
    package.mkdir()
    (package / "__init__.py").touch()
    started = root / "started"
    (package / "__main__.py").write_text(
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"try:\n    pathlib.Path({str(started)!r}).touch()\n    time.sleep({seconds})\n"
        "except KeyboardInterrupt:\n    sys.exit('left')\n",
        "utf-8",
    )
    return started


def test_a_render_without_end_is_left_after_a_save(tmp_path: Path) -> None:
    source = tmp_path / "index.qmd"
    source.write_text("first", "utf-8")
    started = press(tmp_path, 60)

    def save() -> None:
        while not started.exists():
            time.sleep(0.01)
        source.write_text("second", "utf-8")

    threading.Thread(target=save).start()
    began = time.monotonic()
    assert Renders(tmp_path, tmp_path / "out")._process(tmp_path, "html") == "left"
    assert time.monotonic() - began < 30


def test_who_saves_without_end_sees_a_page_all_the_same(tmp_path: Path) -> None:
    press(tmp_path, 0.5)
    ended = threading.Event()

    def save() -> None:
        for text in map(str, itertools.count()):
            (tmp_path / "index.qmd").write_text(text, "utf-8")
            if ended.wait(0.02):
                return

    threading.Thread(target=save).start()
    preview = Renders(tmp_path, tmp_path / "out")
    said = [preview._process(tmp_path, "html") for _ in range(8)]
    ended.set()
    assert said[0] == "left"
    assert "" in said
