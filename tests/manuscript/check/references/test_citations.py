from functools import partial

from manuscript import check as checks
from tests.manuscript.check.conftest import Found
from tests.manuscript.conftest import Write
from tests.manuscript.papers import ABOVE, KnownLetter


def test_citations_that_match_pass(found: Found) -> None:
    body = "As shown [@jones2023; see @kim2021, p. 3] by @lee2020."
    references = ("jones2023", "kim2021", "lee2020")
    assert found("citations", body, references=references) == []


def test_an_unknown_key_is_found_with_the_nearest(found: Found) -> None:
    findings = found(
        "citations", "[@jones2023x]. [@jones2023]", references=("jones2023",)
    )
    assert [(f.file, f.line, f.column) for f in findings] == [
        ("index.qmd", ABOVE + 1, 1)
    ]
    assert "did you mean jones2023" in findings[0].what


def test_an_unused_and_a_repeated_reference_are_found(found: Found) -> None:
    findings = found("citations", "Text [@a].", references=("a", "a", "b"))
    assert {f.file for f in findings} == {"references.json"}
    assert sorted(f.what for f in findings) == [
        "reference `a` is listed twice",
        "reference `b` is never cited",
    ]


def test_a_reference_to_a_figure_is_no_citation(found: Found) -> None:
    assert found("citations", "See @fig-one and [@tbl-two].") == []


SUPERSCRIPT = '<style><citation><layout vertical-align="sup"/></citation></style>'


def test_a_raised_number_behind_a_digit_is_found(project: Write) -> None:
    made = project("It began in 20 [@a] and in PRISMA 2020 [@a].", references=("a",))
    check = partial(checks.outcomes, made, ["citations"], KnownLetter())
    assert not check()["citations"].findings
    (made.root / "style.csl").write_text(SUPERSCRIPT, "utf-8")
    (finding,) = check()["citations"].findings
    assert (finding.name, finding.level) == ("citations/after-digit", "warning")
    assert "“20”" in finding.what
