"""Projects as their authors first bring them: settings, text and no template."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from manuscript.compose import render
from manuscript.compose.agreement import page, word
from manuscript.errors import ManuscriptError
from manuscript.source.documents import Project

SETTINGS = """project:
  output-dir: _output
format:
  html: default
  typst:
    citeproc: true
  docx: default
"""


def write(root: Path, text: str, front: str = "title: T\n", **files: str) -> Project:
    """Write a project of one document, and a picture beside it."""
    Image.new("RGB", (4, 4), (0, 70, 140)).save(root / "img.png")
    settings = files.pop("settings", SETTINGS)
    (root / "_quarto.yml").write_text(settings, "utf-8")
    (root / "index.qmd").write_text(f"---\n{front}---\n\n{text}\n", "utf-8")
    for name, content in files.items():
        (root / name.replace("_DOT_", ".")).write_text(content, "utf-8")
    return Project.load(root)


def build(project: Project, *formats: str) -> Path:
    """Render a project; return where its outputs lie."""
    wanted = formats or ("html", "typst", "docx")
    render.render(project, wanted, project.output, 60, lambda line: None)
    return project.output


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., str]:
    """What is said of a text that is refused."""

    def say(text: str, front: str = "title: T\n", **files: str) -> str:
        try:
            build(write(tmp_path, text, front, **files), "html")
        except ManuscriptError as fault:
            return str(fault)
        except ExceptionGroup as group:
            return "\n".join(str(fault) for fault in group.exceptions)
        pytest.fail("nothing was refused")

    return say


def texts(output: Path) -> dict[str, str]:
    """Words of a document in each format, as a reader sees them."""
    found: dict[str, str] = {}
    html = (output / "index.html").read_text("utf-8")
    readings = {
        "html": page.read(html[html.index("<body") :]),
        "docx": word.read(output / "index.docx"),
    }
    for to, reading in readings.items():
        found[to] = " ".join(" ".join((reading.text, *reading.notes)).split())
    if shutil.which("pdftotext"):
        done = subprocess.run(
            ["pdftotext", str(output / "index.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        )
        found["pdf"] = " ".join(done.stdout.split())
    return found


def document_xml(output: Path) -> str:
    with zipfile.ZipFile(output / "index.docx") as package:
        return package.read("word/document.xml").decode()
