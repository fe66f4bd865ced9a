"""Quarto as the engine, played by a script that notes how it was called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUARTO = """#!/bin/sh
echo "$@" >> calls.txt
echo "$QUARTO_PYTHON" >> calls.txt
mkdir -p _output
echo new > _output/index.html
echo new > _output/index.pdf
exit {status}
"""


@pytest.fixture
def quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Put a Quarto on the PATH that ends with a status."""

    def install(status: int) -> None:
        command = tmp_path / "bin" / "quarto"
        command.parent.mkdir()
        command.write_text(QUARTO.format(status=status), "utf-8")
        command.chmod(0o755)
        monkeypatch.delenv("QUARTO_PATH", raising=False)
        monkeypatch.setenv("PATH", f"{command.parent}:/bin:/usr/bin")

    return install


def test_auto_takes_quarto_with_this_interpreter(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    quarto: Callable[[int], None],
) -> None:
    root = paper()
    quarto(0)
    assert command(root, "render").status == 0
    assert command(root, "render", "--to", "pdf", "index.qmd").status == 0
    assert command(root, "render", "--to", "html", "--output", "out").status == 0
    assert (root / "calls.txt").read_text("utf-8").splitlines()[::2] == [
        "render . --to html,typst,docx",
        "render index.qmd --to typst",
        f"render . --to html --output-dir {root / 'out'}",
    ]
    assert (root / "calls.txt").read_text("utf-8").splitlines()[1] == sys.executable
    assert (root / "_output" / "index.html").read_text("utf-8") == "new\n"


def test_a_failure_of_quarto_leaves_the_last_good_output(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    quarto: Callable[[int], None],
) -> None:
    root = paper()
    (root / "_output").mkdir()
    (root / "_output" / "index.html").write_text("old", "utf-8")
    quarto(3)
    answer = command(root, "render", "--engine", "quarto")
    assert answer.status == 1
    assert "Quarto ended with status 3" in answer.complained
    assert [p.name for p in (root / "_output").iterdir()] == ["index.html"]
    assert (root / "_output" / "index.html").read_text("utf-8") == "old"


def test_without_quarto_it_is_named(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    answer = command(paper(), "render", "--engine", "quarto")
    assert answer.status == 1
    assert "Quarto is not on the PATH; install it (make quarto)" in answer.complained
