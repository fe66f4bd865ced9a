"""A render of the preview that a save has outdated does not hold up the next."""

import threading
import time
from pathlib import Path

import pytest

from manuscript.preview import renders
from manuscript.preview.renders import Renders


def test_a_render_without_end_is_left_after_a_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "index.qmd"
    source.write_text("first", "utf-8")
    package = tmp_path / "manuscript"
    package.mkdir()
    (package / "__init__.py").touch()
    started = tmp_path / "started"
    (package / "__main__.py").write_text(
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"try:\n    pathlib.Path({str(started)!r}).touch()\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    sys.exit('left')\n",
        "utf-8",
    )
    monkeypatch.setattr(renders, "PATIENCE", 0.2)
    monkeypatch.setattr(renders, "INTERVAL", 0.05)

    def save() -> None:
        while not started.exists():
            time.sleep(0.01)
        source.write_text("second", "utf-8")

    threading.Thread(target=save).start()
    began = time.monotonic()
    assert Renders(tmp_path, tmp_path / "out")._process(tmp_path, "html") == "left"
    assert time.monotonic() - began < 30
