"""``python -m manuscript check FILE``: a reviewer's command, outside any project."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from tests.manuscript.check.papers.made import small_pdf
from tests.manuscript.conftest import Command

WRONG = "It rose (OR 2.50, 95% CI 1.02-6.13, P = 0.30)."
RIGHT = "It rose (OR 2.50, 95% CI 1.02-6.13, P = 0.045)."
MILD = "It rose (OR 2.30, 95% CI 1.45-3.20)."


def write(path: Path, text: str) -> None:
    if path.suffix == ".docx":
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(path))
    elif path.suffix == ".pdf":
        path.write_bytes(small_pdf([text]))
    else:
        path.write_text(f"<p>{text}</p>" if path.suffix == ".html" else text, "utf-8")


@pytest.mark.parametrize("suffix", ["docx", "html", "pdf", "md", "txt"])
def test_each_kind_has_its_exit_status(
    tmp_path: Path, command: Command, suffix: str
) -> None:
    for text, status in ((WRONG, 1), (RIGHT, 0), (MILD, 0)):
        write(tmp_path / f"a.{suffix}", text)
        answer = command(tmp_path, "check", f"a.{suffix}")
        assert (answer.status, answer.complained) == (status, "")
        assert "results recomputed" in answer.said
    assert "warning" in answer.said
    assert command(tmp_path, "check", "--strict", f"a.{suffix}").status == 1


def test_a_finding_names_file_place_rule_and_words(
    tmp_path: Path, command: Command
) -> None:
    write(tmp_path / "a.txt", f"Title\n\n{WRONG}")
    said = command(tmp_path, "check", "a.txt").said.splitlines()
    assert said[0] == (
        "a.txt:3: P = 0.30, and the interval 1.02 to 6.13 leaves 1 out; in “It rose "
        "(OR 2.50, 95% CI 1.02-6.13, P = 0.30).” [p]"
    )
    assert said[1] == "a.txt: 3 results recomputed, 1 finding"


def test_json_holds_all_of_it(tmp_path: Path, command: Command) -> None:
    write(tmp_path / "a.txt", WRONG)
    answer = command(tmp_path, "check", "--json", "a.txt", "lost.pdf")
    report = json.loads(answer.said)
    assert (answer.status, report["passed"]) == (2, False)
    assert report["files"] == {"a.txt": {"recomputed": 3}}
    (finding,) = report["findings"]
    assert (finding["rule"], finding["level"], finding["place"]) == ("p", "error", 1)
    assert report["unread"][0]["file"] == "lost.pdf"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.png", b"", "of no kind that can be read (.png)"),
        ("a", b"", "of no kind that can be read (no suffix)"),
        ("a.docx", b"PK broken", "cannot be read"),
        ("a.pdf", b"%PDF broken", "cannot be read"),
        ("a.txt", b"\xff\xfe", "not UTF-8"),
        ("a.html", b"", "no HTML"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    tmp_path: Path, command: Command, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = command(tmp_path, "check", name)
    assert (answer.status, answer.said) == (2, "")
    assert what in answer.complained
    assert answer.complained.count("\n") == 1


def test_options_of_the_manuscript_are_refused_with_files(
    tmp_path: Path, command: Command
) -> None:
    write(tmp_path / "a.txt", RIGHT)
    answer = command(tmp_path, "check", "--only", "claims", "a.txt")
    assert answer.status == 1
    assert "leave out --only or the files" in answer.complained
