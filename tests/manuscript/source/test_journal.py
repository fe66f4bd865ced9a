"""Another journal is one file, and both engines read of it in _quarto.yml."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from analysis.letter.figures.page import page
from analysis.plots import Page
from manuscript.errors import ManuscriptError
from manuscript.source import journal
from manuscript.source.settings import parse
from tests.manuscript.conftest import Command

ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("journal.yml", "_quarto.yml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "journals", tmp_path / "journals")
    (tmp_path / "partials").mkdir()
    for style_ in (ROOT / "partials").glob("*.csl"):
        shutil.copy(style_, tmp_path / "partials")
    return tmp_path


def disagreements(root: Path) -> list[ManuscriptError]:
    text = (root / "_quarto.yml").read_text("utf-8")
    return journal.disagreements(journal.load(root), parse(text, "_quarto.yml"))


def test_the_shipped_profile_is_the_one_that_quarto_reads() -> None:
    assert disagreements(ROOT) == []
    profile = journal.load(ROOT)
    assert page() == Page.of_mm(profile.double, profile.height)


def test_every_shipped_profile_is_sound() -> None:
    assert journal.others(ROOT) == [
        *("blood", "nature-communications", "turkish-journal-of-hematology")
    ]
    for name in journal.others(ROOT):
        journal.load(ROOT, f"journals/{name}.yml")


def test_a_limit_names_where_and_when_it_was_read(root: Path) -> None:
    blood = journal.load(root, "journals/blood.yml")
    assert {name: limit.value for name, limit in blood.limits.items()} == {
        "words": 1200,
        "references": None,
        "display-items": 2,
        "title-characters": 120,
    }
    assert all(limit.source and limit.checked for limit in blood.limits.values())


def test_there_and_back_again_changes_nothing(root: Path, command: Command) -> None:
    before = {p: p.read_bytes() for p in sorted(root.rglob("*.yml"))}
    assert command(root, "profile", "nature-communications").status == 0
    quarto = (root / "_quarto.yml").read_text("utf-8")
    assert "csl: partials/nature.csl\n" in quarto
    assert "reference-prefix: Supplementary Table\n" in quarto
    assert quarto.count("space-before-numbering: true\n") == 2
    assert journal.load(root).name == "Nature Communications"
    assert journal.others(root) == [
        *("blood", "blood-cancer-journal", "turkish-journal-of-hematology")
    ]
    assert disagreements(root) == []
    assert command(root, "profile", "blood-cancer-journal").status == 0
    assert {p: p.read_bytes() for p in sorted(root.rglob("*.yml"))} == before


def test_a_profile_goes_where_no_other_lies(root: Path) -> None:
    active = root / "journal.yml"
    other = root / "journals/blood-cancer-journal.yml"
    other.write_bytes(active.read_bytes() + b"# Changed.\n")
    before = {p: p.read_bytes() for p in sorted(root.rglob("*.yml"))}
    with pytest.raises(ManuscriptError, match="is another profile than"):
        journal.adopt(root, "blood")
    assert {p: p.read_bytes() for p in sorted(root.rglob("*.yml"))} == before


def test_a_changed_profile_is_noticed_until_it_is_adopted(root: Path) -> None:
    path = root / "journal.yml"
    text = path.read_text("utf-8").replace("table: Table S1", "table: Table W 1")
    path.write_text(text, "utf-8")
    first, second = map(str, disagreements(root))
    assert first.startswith("_quarto.yml:31: reference-prefix is `Table S`, and Blood")
    assert second.startswith("_quarto.yml:32: space-before-numbering is `false`")
    journal.adopt(root, None)
    assert disagreements(root) == []


def test_faults_are_named_together_and_nothing_changes(root: Path) -> None:
    path = root / "journals" / "mine.yml"
    path.write_text(
        "name: Mine\ndocument: index.qmd\ncitation-style: no.csl\n"
        "limits:\n  words: {value: many, checked: today}\n  weight: {}\n"
        "figures: {single: 80, double: wide, height: 200}\n"
        "supplement: {figure: Figure, table: Table S1}\n",
        "utf-8",
    )
    before = (root / "journal.yml").read_bytes()
    with pytest.raises(ExceptionGroup) as faults:
        journal.adopt(root, "mine")
    assert [str(fault) for fault in faults.value.exceptions] == [
        "journals/mine.yml:6: `limits.weight` is nothing that is measured; name one "
        f"of {', '.join(journal.MEASURES)}",
        "journals/mine.yml:1: `statements` is missing; write a list of headings",
        "journals/mine.yml:7: `figures.double` is `wide`; "
        "write a number of millimetres",
        "journals/mine.yml:8: `supplement.figure` is `Figure`; "
        "write how the first is called, such as Figure S1",
        "journals/mine.yml:5: `limits.words.value` is `many`; "
        "write a whole number, or null where it is not known",
        "journals/mine.yml:5: `limits.words.source` is missing; write text",
        "journals/mine.yml:3: `no.csl` does not exist; "
        "name a CSL style, by its path from the project",
    ]
    assert (root / "journal.yml").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("limits:\n", "`limits` is empty; name some of words, references, "),
        ("identity: {}\n", "`identity` is empty; name some of abbreviation, "),
        ("comparable: {words: many}\n", "`comparable.words` is `many`; write a whole"),
        ("comparable: {weight: 1}\n", "`comparable.weight` is nothing that is compar"),
        ("statement: {Ethics: yes}\n", "`statement` is nothing that a profile holds"),
        ("statements: [{Ethics: x}]\n", "`statements` is `[{'Ethics': 'x'}]`; write a"),
    ],
)
def test_what_means_nothing_is_named(root: Path, line: str, message: str) -> None:
    path = root / "journal.yml"
    name = line.partition(":")[0]
    given = parse(path.read_text("utf-8"), "").values
    kept = {key: value for key, value in given.items() if key != name}
    path.write_text(line + yaml.safe_dump(kept), "utf-8")
    with pytest.raises(ManuscriptError) as fault:
        journal.load(root)
    assert str(fault.value).startswith(f"journal.yml:1: {message}")


def test_an_unknown_profile_is_refused_with_those_there_are(root: Path) -> None:
    with pytest.raises(ManuscriptError, match="name one of blood, nature-comm"):
        journal.adopt(root, "../journal")
