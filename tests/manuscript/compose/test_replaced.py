"""A render replaces what was generated, and nothing else."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from manuscript.compose import output
from manuscript.errors import ManuscriptError

Paper = Callable[..., Path]
Command = Callable[..., Any]

TEXT = "---\ntitle: S\n---\n\nText.\n"
OTHERS = ("supplement.html", "supplement.pdf", "supplement.docx")


@pytest.fixture
def plain(paper: Paper) -> Callable[..., Path]:
    """A paper whose supplement runs no code, with its outputs somewhere."""

    def make(folder: str) -> Path:
        root = paper(supplement_DOT_qmd=TEXT)
        quarto = root / "_quarto.yml"
        text = quarto.read_text("utf-8")
        text = text.replace("output-dir: _output", f"output-dir: {folder}")
        quarto.write_text(text.replace("[index.qmd, ", "["), "utf-8")
        return root

    return make


def saved_in_word(path: Path) -> None:
    """Save a file as an editor does, which says so in its properties."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    core = parts["docProps/core.xml"]
    by = b"<cp:lastModifiedBy>A reader</cp:lastModifiedBy></cp:coreProperties>"
    parts["docProps/core.xml"] = core.replace(b"</cp:coreProperties>", by)
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)


def saved_by_a_program(path: Path) -> None:
    """Save a file as programs do that leave its properties as they are."""
    docx.Document(str(path)).save(str(path))


def noted_in_a_reader(path: Path) -> None:
    """Append to a PDF, as readers do that save notes."""
    with path.open("ab") as file:
        file.write(b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n")


def written_by_hand(path: Path) -> None:
    path.write_text("<!DOCTYPE html><title>My own</title>", "utf-8")


SAVED = (
    ("supplement.html", written_by_hand),
    ("supplement.pdf", noted_in_a_reader),
    ("supplement.docx", saved_in_word),
    ("supplement.docx", saved_by_a_program),
)


def test_outputs_beside_the_sources_are_rendered_anew_and_nothing_else_is(
    plain: Callable[..., Path], command: Command
) -> None:
    root = plain(".")
    before = {path.name for path in root.iterdir()}
    for _ in range(2):
        answer = command(root, "render", "--engine", "builtin")
        assert answer.status == 0, answer.complained
        shutil.rmtree(root / ".manuscript")  # as in a clone
    assert {path.name for path in root.iterdir()} - before == {*OTHERS}
    for name, save in SAVED:
        rendered = (root / name).read_bytes()
        save(root / name)
        content = (root / name).read_bytes()
        answer = command(root, "render", "--engine", "builtin")
        assert answer.status == 1
        assert answer.said == ""
        assert answer.complained == (
            f"{name}: is not as a render writes it, and would be replaced; move it, or "
            "have the outputs elsewhere; a Word file that was edited can be merged\n"
        )
        assert (root / name).read_bytes() == content
        (root / name).write_bytes(rendered)


@pytest.mark.parametrize("engine", ["builtin", "quarto"])
@pytest.mark.parametrize(
    ("folder", "given", "message"),
    [
        ("data", (), "_quarto.yml:3: `data` is a folder of sources (data),"),
        ("partials", (), "_quarto.yml:3: `partials` is a folder of sources (partials/"),
        ("data/new", (), "_quarto.yml:3: `data/new` is a folder of sources (data/new)"),
        (
            "sections",
            (),
            "_quarto.yml:3: `sections` is a folder of sources (sections/_",
        ),
        ("index.qmd", (), "_quarto.yml:3: `index.qmd` is a file; name a folder"),
        ("_output", ("--output", "sections"), "--output: `sections` is a folder of"),
    ],
)
def test_outputs_never_lie_among_sources(
    plain: Callable[..., Path],
    command: Command,
    engine: str,
    folder: str,
    given: tuple[str, ...],
    message: str,
) -> None:
    root = plain(folder)
    before = sorted(root.rglob("*"))
    answer = command(root, "render", "--engine", engine, *given)
    assert answer.status == 1
    assert answer.complained.startswith(message)
    assert answer.complained.endswith(
        "name a folder for outputs alone, such as _output\n"
    )
    assert sorted(root.rglob("*")) == before


def test_a_strangers_file_stays_in_any_folder_with_any_engine(
    plain: Callable[..., Path], command: Command, tmp_path: Path
) -> None:
    root = plain("_output")
    other = tmp_path / "other"
    (other / "supplement.html").mkdir(parents=True)
    (other / "notes.txt").write_text("mine", "utf-8")
    for engine in ("builtin", "quarto"):
        given = ("--engine", engine, "--output", str(other))
        answer = command(root, "render", *given)
        assert answer.status == 1
        assert f"{other}/supplement.html: is not as a render" in answer.complained
    answer = command(root, "render", "--to", "docx", *given[2:], "--engine", "builtin")
    assert answer.status == 0, answer.complained
    names = sorted(path.name for path in other.iterdir())
    assert names == ["notes.txt", "supplement.docx", "supplement.html"]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (
            ("word", "--submission", "--document=supplement.qmd", "-o", "mine.docx"),
            "mine.docx",
        ),
        (("bundle", "-o", "mine.zip"), "mine.zip"),
        (("bundle", "-o", "new.zip"), "runtime.json"),
    ],
)
def test_no_command_replaces_what_is_not_generated(
    plain: Callable[..., Path], command: Command, arguments: tuple[str, ...], name: str
) -> None:
    root = plain("_output")
    (root / name).write_text("mine", "utf-8")
    answer = command(root, *arguments)
    assert answer.status == 1
    assert answer.complained.startswith(f"{name}: is not as a render writes it")
    assert (root / name).read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "content", "generated"),
    [
        ("a.html", b'<meta name="generator" content="quarto-1.7.31">', True),
        ("a.html", b"<p>quarto</p>", False),
        ("a.pdf", b"%PDF-1.7 <xmp:CreatorTool>Typst 0.11</x> startxref", True),
        ("a.pdf", b"%PDF-1.7 <xmp:CreatorTool>Word</x> startxref", False),
        ("a.docx", b"no zip", False),
        ("ledger.json", b'{"version": 1, "claims": [], "floats": []}', True),
        ("runtime.json", b'{"commit": "a", "cpu_seconds": 1.5}', True),
        ("runtime.json", b"{}", False),
        ("runtime.json", b'["commit", "cpu_seconds"]', False),
        ("bundle.zip", b"", False),
        ("trials.csv", b"a,b", False),
    ],
)
def test_what_tells_that_it_was_generated(
    tmp_path: Path, name: str, content: bytes, *, generated: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    if generated:
        output.refuse_others([path])
    else:
        with pytest.raises(ManuscriptError, match=name):
            output.refuse_others([path])
