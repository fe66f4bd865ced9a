"""The tool's words, the field's and the project's lie apart, and add up."""

import re
from pathlib import Path

import pytest

from manuscript.check.vocabulary import Words, lowered
from manuscript.errors import ManuscriptError

ROOT = Path(__file__).parents[4]
STUDY = re.compile(
    r"lenalidomid|leuk[a]?emi|myeloma|vigibase|peto\b|TP53|hematol|haematol", re.I
)


def words(tmp_path: Path, text: str) -> Words:
    (tmp_path / "vocabulary.yml").write_text(text, "utf-8")
    return Words.of(tmp_path)


def test_a_project_adds_to_the_lists_of_the_tool(tmp_path: Path) -> None:
    own = words(tmp_path, "names: |\n  Protocol 66\nmine:\n  a: b\n")
    assert own.listed("names").search("as Protocol 66 says")
    assert own.listed("names").search("del(5q)")
    assert own.mapping("mine") == {"a": "b"}
    assert not Words.of(None).listed("names").search("as Protocol 66 says")


def test_a_project_may_name_another_file(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words/own.yml").write_text("mine:\n  a: b\n", "utf-8")
    (tmp_path / "manuscript.yml").write_text("vocabulary: words/own.yml\n", "utf-8")
    assert words(tmp_path, "mine:\n  a: c\n").mapping("mine") == {"a": "b"}
    (tmp_path / "words/own.yml").write_text("names: a(\n", "utf-8")
    with pytest.raises(ManuscriptError, match=r"words/own\.yml:1: "):
        Words.of(tmp_path)


def test_a_project_may_have_no_words(tmp_path: Path) -> None:
    assert Words.of(tmp_path).text("names") == Words.of(None).text("names")
    assert Words.of(tmp_path).mapping("subjects") == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("names: |\n  a(b\n", "no regular expression"),
        ("a: 1\nnames:\n  a: b\n", "vocabulary.yml:2: `names` is not a list"),
        ("complements: a\n", "`complements` is not a mapping"),
        ("names: [", "vocabulary.yml"),
        (
            "findings: |\n  fell||rose\n",
            "vocabulary.yml:1: `fell||rose` in `findings` matches where nothing stands",
        ),
        (
            "findings: |\n  fell)|(rose\n",
            "vocabulary.yml:1: `fell)|(rose` in `findings` is no regular expression",
        ),
    ],
)
def test_bad_words_are_refused_with_their_place(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(ManuscriptError, match=re.escape(what)):
        words(tmp_path, text)


def test_the_tool_has_no_word_of_this_study() -> None:
    folder = ROOT / "manuscript" / "check"
    for path in (*folder.rglob("*.py"), *folder.rglob("*.yml")):
        found = STUDY.findall(path.read_text("utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found}"


def test_every_list_compiles() -> None:
    every = Words.of(ROOT)
    for name in every._entries:
        if isinstance(every._entries[name], str):
            assert every.listed(name)


def test_small_letters_keep_their_places() -> None:
    assert lowered("İSTANBUL 5 OF 10") == "İstanbul 5 of 10"
