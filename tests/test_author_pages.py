"""What the pages for authors say is done in a new paper, page after page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from manuscript.__main__ import main

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("value", "claim", "table", "figure", "references", "co-authors", "submit")
# A fence whose first line names a file as well, or a command.
BLOCK = re.compile(r"^(`{3,})(\w+)(?: (\S+))?\n(.*?)^\1$", re.M | re.S)
STATEMENTS = "## Data and code availability"
SLOW = "bundle"


def put(paper: Path, file: str, text: str) -> None:
    """Bring a block into its file: prose before the statements, else at the end."""
    path = paper / file
    there = path.read_text("utf-8") if path.exists() else ""
    if path.suffix == ".qmd":
        new = there.replace(STATEMENTS, f"{text}\n{STATEMENTS}", 1)
    elif path.suffix == ".yml":
        entry = re.escape(text.partition(":")[0])
        was = re.compile(rf"^{entry}:.*\n(?:[ ]+.*\n)*", re.M)
        assert was.search(there), f"{file} has no {entry}"
        new = was.sub(lambda _: text, there)
    else:
        new = f"{there}\n\n{text}" if there else text
    path.write_text(new, "utf-8")


def follow(page: str, paper: Path, *, slow: bool = False) -> str:
    """Do what a page says; return what its commands printed."""
    said = []
    for _, language, file, text in BLOCK.findall((DOCS / f"{page}.md").read_text()):
        if language == "sh":
            script = "\n".join(
                line for line in text.splitlines() if slow or SLOW not in line
            )
            done = subprocess.run(
                ["bash", "-euc", script],
                cwd=paper,
                capture_output=True,
                text=True,
                env=environment(paper),
            )
            assert done.returncode == 0, f"{page}: {done.stdout}{done.stderr}"
            said.append(done.stdout + done.stderr)
        else:
            assert file, f"{page}: a block of {language} names no file"
            put(paper, file, text)
    return "\n".join(said)


def environment(paper: Path) -> dict[str, str]:
    """Let ``python`` be this one, and git know a committer."""
    programs = paper.parent / "bin"
    programs.mkdir(exist_ok=True)
    python = programs / "python"
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    names = {"NAME": "T", "EMAIL": "t@example.org", "DATE": "2026-11-22T12:00:01Z"}
    git = {
        f"GIT_{who}_{what}": text
        for who in ("AUTHOR", "COMMITTER")
        for what, text in names.items()
    }
    return os.environ | git | {"PATH": f"{programs}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new paper to which every page but the last has been applied."""
    paper = tmp_path_factory.mktemp("author") / "paper"
    assert main(["new", str(paper)]) == 0
    for page in PAGES[:-1]:
        said = follow(page, paper)
        if page == "co-authors":
            assert "no edits" in said or "nothing" in said, said
        else:
            assert "no findings" in said, f"{page}: {said}"
    return paper


def test_what_they_say_is_printed(written: Path) -> None:
    page = (written / "_output" / "index.html").read_text("utf-8")
    plain = re.sub(r"<[^>]+>", "", page)
    for said in (
        "The paper tells of 20 patients, two of them controls",
        "At least 60 years old were 12 (60%).",
        "Patients by age.",
        "Absence of evidence is not evidence of absence",
    ):
        assert said in " ".join(plain.split()), said


def test_the_last_page_packs_it(written: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    shutil.copytree(written, paper)
    follow("submit", paper)
    assert any((paper / "_output").glob("*submission*.docx"))


@pytest.mark.long
def test_the_last_page_as_a_whole(written: Path, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    shutil.copytree(written, paper)
    (paper / "edited.docx").unlink()
    assert "INTACT" in follow("submit", paper, slow=True)


def test_pages_are_short_and_the_readme_leads_to_them() -> None:
    listed = re.findall(r"\]\((\S+\.md)\)", (DOCS / "README.md").read_text())
    assert listed == [f"{page}.md" for page in PAGES]
    for page in PAGES:
        assert len((DOCS / f"{page}.md").read_text().splitlines()) <= 60
    readme = (DOCS.parent / "README.md").read_text()
    assert "docs/README.md" in readme
    # On one screen before its first heading of detail.
    assert len(readme.partition("\n## ")[0].splitlines()) <= 24
