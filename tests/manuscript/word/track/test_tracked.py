"""Tracked changes between two Word files, read back by pandoc and by our reader."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from manuscript.compose import pandoc
from manuscript.word.package.document import read_document
from manuscript.word.package.parts import open_package, tag
from manuscript.word.track.marks import Author
from manuscript.word.track.tracked import track
from tests.manuscript.conftest import Command, Paper

ROOT = Path(__file__).parents[4]
WRITER = Author("A. Writer", "2026-11-22T09:30:00Z")
VALUE = '[{}]{{.value key="risk.or"}}'

START = f"""
## Findings

One *finding* of {VALUE.format("3.82")} stands, as [others](#x) say.

A second paragraph.

| Arm | Cases |
|:----|------:|
| A   | 1     |
| B   | 2     |

The end.
"""

CASES = {
    "nothing": START,
    "a word": START.replace("stands", "remains"),
    "a number": START.replace("3.82", "4.00"),
    "emphasis": START.replace("*finding*", "**result**"),
    "a link": START.replace("[others](#x)", "[some others](#x)"),
    "first word": START.replace("One *f", "Another one, a *f"),
    "last word": START.replace("say.", "say, too."),
    "a paragraph gone": START.replace("A second paragraph.\n\n", ""),
    "a paragraph come": START.replace("The end", "A third one.\n\nThe end"),
    "a paragraph at the end": START + "\nMore.\n",
    "a heading": START.replace("Findings", "What was found"),
    "a cell": START.replace("2     |", "22    |"),
    "a row come": START.replace("| B   | 2     |", "| B   | 2     |\n| C   | 3     |"),
    "a row gone": START.replace("| A   | 1     |\n", ""),
    "a column": START.replace("Cases |", "Cases | P |")
    .replace("------:|", "------:|---|")
    .replace("1     |", "1     | 2 |")
    .replace("2     |\n\n", "2     | 3 |\n\n"),
    "a table gone": START[: START.index("| Arm")] + "The end.\n",
    "a list": START.replace("The end", "- one\n- two\n\nThe end"),
    "all": "## Else\n\nNothing of it is left.\n",
}


def made(text: str, path: Path) -> Path:
    pandoc.run(
        [
            *("-f", "markdown", "-t", "docx", "-o", str(path)),
            f"--lua-filter={ROOT / 'partials' / 'values.lua'}",
            f"--reference-doc={ROOT / 'partials' / 'reference.docx'}",
        ],
        text,
        path.parent,
    )
    return path


def plain_text(path: Path, changes: str) -> str:
    return pandoc.run(
        ["-f", "docx", "-t", "plain", f"--track-changes={changes}", str(path)],
        "",
        path.parent,
    )


# pandoc keeps rows and items whose deletion or insertion was accepted, empty.
UNREAD_BY_PANDOC = (
    "a row come",
    "a row gone",
    "a column",
    "a table gone",
    "a list",
    "all",
)


def texts_of(path: Path) -> list[str]:
    return [p.text for p in read_document(path).paragraphs if p.text]


def inverted(path: Path) -> Path:
    """Make deletions of insertions and the reverse, to read what was rejected."""
    package = open_package(path)
    root = package.xml("word/document.xml")
    assert root is not None
    opposite = {
        "w:ins": "w:del",
        "w:del": "w:ins",
        "w:t": "w:delText",
        "w:delText": "w:t",
    }
    names = {tag(name): tag(other) for name, other in opposite.items()}
    for element in root.iter(*map(tag, opposite)):
        element.tag = names[str(element.tag)]
    target = path.with_name("inverted.docx")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in package.parts.items():
            changed = name == "word/document.xml"
            archive.writestr(name, etree.tostring(root) if changed else content)
    return target


Tracked = Callable[[str, str], Path]


@pytest.fixture
def tracked(tmp_path: Path) -> Tracked:
    def run(old: str, new: str) -> Path:
        target = tmp_path / "tracked.docx"
        paths = made(old, tmp_path / "old.docx"), made(new, tmp_path / "new.docx")
        track(*paths, target, lambda index: WRITER)
        return target

    return run


@pytest.mark.parametrize("back", [False, True], ids=["to", "from"])
@pytest.mark.parametrize("case", CASES)
def test_accepted_it_is_the_new_text_and_rejected_the_old(
    tracked: Tracked, case: str, back: bool
) -> None:
    texts = (CASES[case], START) if back else (START, CASES[case])
    path = tracked(*texts)
    old, new = (path.parent / f"{name}.docx" for name in ("old", "new"))
    assert texts_of(path) == texts_of(new)
    assert texts_of(inverted(path)) == texts_of(old)
    if case not in UNREAD_BY_PANDOC:
        assert plain_text(path, "accept") == plain_text(new, "accept")
        assert plain_text(path, "reject") == plain_text(old, "accept")


def test_author_and_date_are_those_of_the_change(tracked: Tracked) -> None:
    path = tracked(START, CASES["a number"])
    found = pandoc.run(
        [
            *("-f", "docx", "-t", "markdown", "--wrap=none"),
            *("--track-changes=all", str(path)),
        ],
        "",
        path.parent,
    )
    assert '[3.82]{.deletion author="A. Writer" date="2026-11-22T09:30:00Z"}' in found
    assert '[4.00]{.insertion author="A. Writer" date="2026-11-22T09:30:00Z"}' in found


def test_each_paragraph_has_the_author_of_its_own_changes(tmp_path: Path) -> None:
    new = START.replace("Findings", "Results").replace("The end", "That is all")
    paths = made(START, tmp_path / "old.docx"), made(new, tmp_path / "new.docx")
    target = tmp_path / "tracked.docx"
    track(*paths, target, lambda index: Author(f"{index}", WRITER.date))
    root = open_package(target).xml("word/document.xml")
    assert root is not None
    marks = root.iter(tag("w:ins"), tag("w:del"))
    last = len(read_document(paths[1]).paragraphs) - 1
    assert {mark.get(tag("w:author")) for mark in marks} == {"0", f"{last}"}


def test_only_changed_words_are_marked(tracked: Tracked) -> None:
    root = open_package(tracked(START, CASES["a word"])).xml("word/document.xml")
    assert root is not None
    marked = [
        "".join(str(t.text) for t in mark.iter(tag("w:t"), tag("w:delText")))
        for mark in root.iter(tag("w:ins"), tag("w:del"))
    ]
    assert marked == ["stands", "remains"]


def test_unchanged_values_stay_locked_and_changed_ones_can_be_decided(
    tracked: Tracked,
) -> None:
    for case, controls in (("a word", 1), ("a number", 0)):
        root = open_package(tracked(START, CASES[case])).xml("word/document.xml")
        assert root is not None
        assert sum(1 for _ in root.iter(tag("w:sdt"))) == controls


def test_ids_are_unique(tracked: Tracked) -> None:
    root = open_package(tracked(START, CASES["all"])).xml("word/document.xml")
    assert root is not None
    marks = root.iter(tag("w:ins"), tag("w:del"), tag("w:bookmarkStart"))
    ids = [mark.get(tag("w:id")) for mark in marks]
    assert len(ids) == len(set(ids))


def test_changed_pictures_are_both_there(tmp_path: Path) -> None:
    paths = []
    for name, colour in (("old", "red"), ("new", "blue")):
        picture = tmp_path / f"{name}.png"
        Image.new("RGB", (9, 9), colour).save(picture)
        paths.append(made(f"![]({picture.name})\n", tmp_path / f"{name}.docx"))
    target = tmp_path / "tracked.docx"
    assert track(*paths, target, lambda index: WRITER) == 2
    root = open_package(target).xml("word/document.xml")
    assert root is not None
    assert sum(1 for _ in root.iter(tag("w:drawing"))) == 2
    names = zipfile.ZipFile(target).namelist()
    assert sum(name.startswith("word/media/") for name in names) == 2


def test_equal_files_give_equal_bytes(tracked: Tracked) -> None:
    one = tracked(START, CASES["all"]).read_bytes()
    assert tracked(START, CASES["all"]).read_bytes() == one


@pytest.mark.long
def test_word_command_names_the_author_of_each_section(
    paper: Paper, command: Command
) -> None:
    root = paper()

    def commit(author: str, date: str) -> None:
        identity = f"{author} <one@example.org>"
        command_line = ["git", "-c", f"user.name={author}", "-c", "user.email=a@b.org"]
        environment = os.environ | {"GIT_COMMITTER_DATE": date}
        for arguments in (
            ["add", "-A"],
            ["commit", "-q", "-m", "x", f"--author={identity}", f"--date={date}"],
        ):
            subprocess.run(
                [*command_line, *arguments], cwd=root, check=True, env=environment
            )

    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    commit("First Observer", "2026-11-01T10:00:00Z")
    section = root / "sections" / "_findings.qmd"
    text = section.read_text("utf-8")
    word = next(w for w in text.split("\n\n")[-1].split() if w.isalpha())
    section.write_text(text.replace(word, "Certainly", 1), "utf-8")
    commit("Second Observer", "2026-11-02T10:00:00Z")
    for _ in range(2):  # a file of before is replaced
        answer = command(root, "word", "--since", "HEAD~1", "-o", str(root / "t.docx"))
    assert answer.status == 0, answer.complained
    document = open_package(root / "t.docx").xml("word/document.xml")
    assert document is not None
    marks = [*document.iter(tag("w:ins"), tag("w:del"))]
    assert {_who(mark) for mark in marks} == {
        ("Second Observer", "2026-11-02T10:00:00Z")
    }
    assert command(root, "word", "--since", "nothing").status == 1


def _who(mark: etree._Element) -> tuple[str | None, str | None]:
    return mark.get(tag("w:author")), mark.get(tag("w:date"))
