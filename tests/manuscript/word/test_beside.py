"""What lies beside the sources is there when a patch is proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from manuscript.errors import ManuscriptError
from manuscript.word.base import prepare, readings, reprint, write
from manuscript.word.package import read_document
from manuscript.word.proof import proved
from tests.manuscript.word.conftest import changed
from tests.manuscript.word.editing import Editor

_STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text"
 version="1.0">
<info><title>T</title><id>t</id><updated>2020-01-01T00:00:00Z</updated></info>
<citation><layout><text variable="title"/></layout></citation></style>"""
_PICTURE = '![The {0}.]({1}){{#fig-{0} fig-alt="A red field."}}\n\n'
_FILES = {
    "_quarto.yml": "project: {render: [index.qmd]}\nbibliography: lists/works.json\n"
    "csl: lists/style.csl\nfilters: [parts/short.lua]\nlang: en\n",
    "_variables.yml": "site: the north\n",
    "index.qmd": "---\ntitle: A letter\n---\n\nWe followed all [@one].\n\n"
    f"This was in Kelvin, {{{{< var site >}}}}.\n\n"
    f"{_PICTURE.format('root', 'root.png')}"
    f"{_PICTURE.format('deep', '<a/b/my c.png>')}{{{{< include parts/_more.qmd >}}}}\n",
    "parts/_more.qmd": "We walked along.\n\n"
    + _PICTURE.format("in", "/a/b/my%20c.png"),
    "parts/short.lua": 'function Str(e) if e.text == "Kelvin," then return "K," end '
    "end",
    "lists/style.csl": _STYLE,
}


def _works(*keys: str) -> str:
    return json.dumps([{"id": key, "type": "book", "title": key} for key in keys])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A paper that reads files of all kinds, in folders and beside the letter."""
    root = tmp_path / "paper"
    for name, text in {**_FILES, "lists/works.json": _works("one")}.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text, "utf-8")
    for name in ("root.png", "a/b/my c.png"):
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        Image.new("RGB", (20, 20), "red").save(root / name)
    return root


def test_edits_are_carried_over_beside_files_of_all_kinds(
    root: Path, tmp_path: Path
) -> None:
    [reading] = readings(root)
    base = prepare(root, reading)
    editor = Editor(write(base, tmp_path))
    for old, new in (("followed", "watched"), ("walked", "strolled")):
        editor.replace(old, new)
    merged = proved(base, read_document(editor.save(tmp_path / "copy.docx")))
    assert not merged.refused
    assert [new for _, new in changed(merged)] == [
        "We watched all [@one].",
        "We strolled along.",
    ]


def test_a_work_that_the_patch_adds_is_cited(root: Path) -> None:
    [reading] = readings(root)
    base = prepare(root, reading)
    texts = {
        "lists/works.json": _works("one", "another"),
        "index.qmd": base.texts["index.qmd"].replace("[@one]", "[@another]"),
    }
    printed = [paragraph.text for paragraph in reprint(base, texts).paragraphs]
    assert {"We followed all another.", "This was in K, the north."} <= {*printed}


def test_a_link_to_a_picture_elsewhere_is_refused(root: Path, tmp_path: Path) -> None:
    (root / "root.png").rename(tmp_path / "moved.png")
    (root / "root.png").symlink_to(tmp_path / "moved.png")
    with pytest.raises(ManuscriptError, match="lies outside the project"):
        prepare(root, readings(root)[0])


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        (
            "| A | B |\n|---|---|\n| Brief row | 1 |\n\n: C. {#tbl-a}\n",
            "row in the source",
        ),
        ("| A brief\n| poem of two lines\n", "a line block"),
        ("> Outer words.\n>\n> > A brief saying within.\n", "a quotation within"),
    ],
)
def test_what_is_not_carried_back_is_said_to_be_in_the_source(
    root: Path, tmp_path: Path, text: str, mend: str
) -> None:
    with (root / "index.qmd").open("a", encoding="utf-8") as file:
        file.write(f"\n{text}")
    base = prepare(root, readings(root)[0])
    editor = Editor(write(base, tmp_path))
    editor.replace("rief", "ref")
    merged = proved(base, read_document(editor.save(tmp_path / "copy.docx")))
    assert not changed(merged)
    assert any(mend in note.mend for note in merged.notes if note.kind == "refused")
