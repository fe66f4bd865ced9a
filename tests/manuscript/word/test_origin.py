"""Which sources a copy was made from, and which it is not allowed to name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from manuscript.word.origin import base_of
from manuscript.word.package import EditedDocument, Paragraph, Run

FIRST = (
    "Of all the patients ten were followed for a year and two were not seen again.\n"
)
SECOND = FIRST.replace("were not seen again", "moved to another town far away")


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A. Writer", "-c", "user.email=a@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A text that was committed, changed and committed again."""
    git(tmp_path, "init", "-q")
    for text in (FIRST, SECOND):
        (tmp_path / "a.qmd").write_text(text, "utf-8")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", "x")
    return tmp_path


def copy(text: str, revision: str = "") -> EditedDocument:
    properties = {"source-revision": revision} if revision else {}
    paragraph = Paragraph((Run(text),))
    return EditedDocument(
        "copy.docx", (paragraph,), (), 0, properties, {}, frozenset(), {}
    )


def test_a_commit_before_the_one_checked_out_is_taken(root: Path) -> None:
    commit = git(root, "rev-parse", "HEAD~1")
    assert base_of(root, copy(SECOND, commit), ["a.qmd"]) == (commit, "")


def test_the_commit_checked_out_is_merged_as_it_is(root: Path) -> None:
    commit = git(root, "rev-parse", "HEAD")
    assert base_of(root, copy(SECOND, commit), ["a.qmd"]) == ("", "")


def test_a_commit_that_was_only_fetched_never_runs(root: Path) -> None:
    tree = git(root, "rev-parse", "HEAD^{tree}")
    foreign = git(root, "commit-tree", "-m", "from afar", tree)
    assert base_of(root, copy(SECOND, foreign), ["a.qmd"]) == ("", "")


@pytest.mark.parametrize("named", ["HEAD", "main", "--upload-pack=x", "0" * 40])
def test_what_is_no_commit_of_the_past_is_not_taken(root: Path, named: str) -> None:
    assert base_of(root, copy(SECOND, named), ["a.qmd"]) == ("", "")


@pytest.mark.parametrize("named", ["", "0" * 40])
def test_the_base_of_a_copy_without_revision_is_found_by_its_words(
    root: Path, named: str
) -> None:
    commit, how = base_of(root, copy(FIRST.replace("ten", "nine"), named), ["a.qmd"])
    assert commit == git(root, "rev-parse", "HEAD~1")
    assert commit[:12] in how


def test_sources_that_are_not_committed_are_a_base_too(root: Path) -> None:
    text = SECOND.replace("far away", "in the far north of the country")
    (root / "a.qmd").write_text(text, "utf-8")
    assert base_of(root, copy(text), ["a.qmd"]) == ("", "")


def test_a_revision_that_the_user_names_must_exist(root: Path) -> None:
    with pytest.raises(ManuscriptError, match="no revision"):
        base_of(root, copy(SECOND), ["a.qmd"], "nothing")
