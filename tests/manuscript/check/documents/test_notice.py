from manuscript import check as checks
from manuscript.source.documents import Project
from tests.manuscript.check.conftest import Found
from tests.manuscript.conftest import Write
from tests.manuscript.papers import NOTICE, KnownLetter

VALUE = '`{python} v("trials.all")` trials.'


def test_numbers_of_a_reconstruction_need_its_notice(
    found: Found, project: Write
) -> None:
    assert found("notice", VALUE) == []
    made = project(VALUE)
    index = made.root / "index.qmd"
    text = index.read_text("utf-8")
    for broken, what in (
        (text.replace(NOTICE, ""), "no notice"),
        (text.replace("{.notice}", "{.note}"), "no notice"),
        (text.replace(NOTICE, "").replace(VALUE, VALUE + "\n\n" + NOTICE), "before"),
        (text.replace("Reconstructed", "Collected"), "does not say"),
    ):
        index.write_text(broken, "utf-8")
        outcome = checks.outcomes(Project.load(made.root), ["notice"], KnownLetter())
        (finding,) = outcome["notice"].findings
        assert what in finding.what


def test_a_document_without_such_numbers_needs_none(found: Found) -> None:
    assert found("notice", "Text.", supplement="More text.") == []
