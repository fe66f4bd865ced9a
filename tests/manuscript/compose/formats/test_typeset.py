"""A PDF is compiled in a process of its own, which answers whatever happens to it."""

import resource
from pathlib import Path

import pytest

from manuscript.compose.formats import typeset as module
from manuscript.compose.formats.typeset import TypesettingError, typeset

TITLED = '#set document(title: "One")\n'


def written(folder: Path, text: str) -> Path:
    source = folder / "one.typ"
    source.write_text(TITLED + text, "utf-8")
    return source


def test_what_the_source_names_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "two.typ").write_text("Words.", "utf-8")
    made = typeset(written(tmp_path, '#include "two.typ"'), [], 0)
    assert made.pdf.startswith(b"%PDF-1.7")
    assert made.warnings == ()


def test_equal_sources_give_equal_bytes(tmp_path: Path) -> None:
    source = written(tmp_path, "Words.")
    assert typeset(source, [], 0) == typeset(source, [], 0)


def test_warnings_and_refusals_are_those_of_typst(tmp_path: Path) -> None:
    made = typeset(written(tmp_path, '#set text(font: "None such")\nWords.'), [], 0)
    assert made.warnings == ("unknown font family: none such",)
    with pytest.raises(TypesettingError, match="unknown variable: nothing"):
        typeset(written(tmp_path, "#nothing"), [], 0)


def test_all_letters_that_no_font_has_are_told_at_once(tmp_path: Path) -> None:
    text = (
        'A 𓀀 and 漢字, then 漢 with café e\u0301 … “–”.\n#link("https://例")[there]\n'
        '#figure(alt: "一 \\"二", rect())\n'
    )
    with pytest.raises(TypesettingError, match="could not be displayed") as caught:
        typeset(written(tmp_path, text), [], 0)
    assert sorted(caught.value.letters) == ["字", "漢", "𓀀"]


def test_a_process_that_ends_by_itself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    with pytest.raises(TypesettingError, match="status 1: it said nothing"):
        typeset(written(tmp_path, "Words."), [], 0)


def test_its_memory_goes_with_it(tmp_path: Path) -> None:
    source = written(tmp_path, "#for n in range(3000) [#lorem(40)\n\n]")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    typeset(source, [], 0)
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert taken < 50 * 1024  # KiB
