"""Quarto as the engine: a stand-in that refuses what the real one refuses, and it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# As Quarto 1.10.18 takes its arguments: one format, `all`, or none.
QUARTO = """#!{python}
import os, pathlib, sys
name, verb, *rest = sys.argv
if verb != "render":
    sys.exit(2)
targets, to, out = [], "", "_output"
while rest:
    word = rest.pop(0)
    if word == "--to":
        to = rest.pop(0)
    elif word == "--output-dir":
        out = rest.pop(0)
    else:
        targets.append(word)
known = {{"html": "html", "typst": "pdf", "docx": "docx"}}
if to and to != "all" and to not in known:
    print("ERROR: Unknown format", to, file=sys.stderr)
    sys.exit(1)
for target in targets:
    if not pathlib.Path(target).exists():
        print("ERROR: No valid input files passed to render", file=sys.stderr)
        sys.exit(1)
names = [t.removesuffix(".qmd") for t in targets] or ["index", "supplement"]
with open("calls.txt", "a") as calls:
    print(" ".join(sys.argv[1:]), file=calls)
    print(os.environ["QUARTO_PYTHON"], file=calls)
pathlib.Path(out).mkdir(exist_ok=True)
for one in names:
    for suffix in [known[to]] if to in known else known.values():
        pathlib.Path(out, f"{{one}}.{{suffix}}").write_text("<!--/body-->new\\n")
sys.exit({status})
"""


@pytest.fixture
def quarto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Put a Quarto on the PATH that ends with a status."""

    def install(status: int) -> None:
        command = tmp_path / "bin" / "quarto"
        command.parent.mkdir()
        text = QUARTO.format(status=status, python=sys.executable)
        command.write_text(text, "utf-8")
        command.chmod(0o755)
        monkeypatch.delenv("QUARTO_PATH", raising=False)
        monkeypatch.setenv("PATH", f"{command.parent}:/bin:/usr/bin")

    return install


@pytest.mark.parametrize(
    ("arguments", "calls"),
    [
        ((), ["render"]),
        (("--to", "html,pdf,docx"), ["render"]),
        (("--to", "pdf"), ["render --to typst"]),
        (("--to", "html,docx"), ["render --to html", "render --to docx"]),
        (("index.qmd",), ["render index.qmd"]),
        (("--to", "pdf", "index.qmd"), ["render index.qmd --to typst"]),
        (
            ("index.qmd", "supplement.qmd"),
            ["render index.qmd", "render supplement.qmd"],
        ),
        (
            ("--to", "html", "--output", "out"),
            ["render --to html --output-dir {root}/out"],
        ),
    ],
)
def test_auto_takes_quarto_with_this_interpreter_and_a_format_a_call(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    quarto: Callable[[int], None],
    arguments: tuple[str, ...],
    calls: list[str],
) -> None:
    root = paper()
    quarto(0)
    answer = command(root, "render", *arguments)
    assert answer.status == 0, answer.complained
    noted = (root / "calls.txt").read_text("utf-8").splitlines()
    assert noted[::2] == [call.format(root=root) for call in calls]
    assert set(noted[1::2]) == {sys.executable}


def test_a_document_of_one_format_is_asked_for_that_alone(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    quarto: Callable[[int], None],
) -> None:
    root = paper(index_DOT_qmd="---\ntitle: T\nformat: html\n---\n\nText.\n")
    quarto(0)
    assert command(root, "render", "--to", "html,pdf", "index.qmd").status == 0
    noted = (root / "calls.txt").read_text("utf-8").splitlines()
    assert noted[::2] == ["render index.qmd"]


def test_the_stand_in_refuses_a_list_of_formats(
    paper: Callable[..., Path], quarto: Callable[[int], None], tmp_path: Path
) -> None:
    quarto(0)
    done = subprocess.run(
        [tmp_path / "bin" / "quarto", "render", "--to", "html,typst,docx"],
        cwd=paper(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Unknown format html,typst,docx" in done.stderr


def test_a_failure_of_quarto_leaves_the_last_good_output(
    paper: Callable[..., Path],
    command: Callable[..., Any],
    quarto: Callable[[int], None],
) -> None:
    root = paper()
    (root / "_output").mkdir()
    (root / "_output" / "index.html").write_text("<!--/body-->", "utf-8")
    quarto(3)
    answer = command(root, "render", "--engine", "quarto")
    assert answer.status == 1
    assert "Quarto ended with status 3" in answer.complained
    assert [p.name for p in (root / "_output").iterdir()] == ["index.html"]
    assert (root / "_output" / "index.html").read_text("utf-8") == "<!--/body-->"


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


@pytest.mark.skipif(shutil.which("quarto") is None, reason="needs real Quarto")
def test_real_quarto_renders_the_small_paper(
    paper: Callable[..., Path], command: Callable[..., Any]
) -> None:
    root = paper()
    for arguments in ((), ("--to", "html,docx"), ("index.qmd", "--output", "out")):
        answer = command(root, "render", "--engine", "quarto", *arguments)
        assert answer.status == 0, answer.complained
    for name in ("index.html", "index.pdf", "index.docx"):
        assert (root / "_output" / name).exists()
        assert (root / "out" / name).exists()
    with zipfile.ZipFile(root / "_output" / "index.docx") as package:
        assert b"w:tbl" in package.read("word/document.xml")
