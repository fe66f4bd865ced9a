from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import ABOVE


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
