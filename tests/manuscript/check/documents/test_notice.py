from dataclasses import replace

from manuscript import check as checks
from manuscript.source.documents import Project
from manuscript.values.value import Value
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


class Collected(KnownLetter):
    def __call__(self, key: str) -> Value:
        value = super().__call__(key)
        return replace(value, origin=replace(value.origin, basis="collected"))


TABLE = """

::: {#tbl-a}

```{python}
#| label: a
1
```

**A table.** Of a cell.
:::
"""


def test_collected_data_need_no_notice_and_their_tables_none(project: Write) -> None:
    for body in (VALUE, VALUE + TABLE, TABLE):
        made = project(body)
        index = made.root / "index.qmd"
        index.write_text(index.read_text("utf-8").replace(NOTICE, ""), "utf-8")
        shown = Project.load(made.root)
        assert checks.outcomes(shown, ["notice"], Collected())["notice"].findings == ()
        assert checks.outcomes(shown, ["notice"], KnownLetter())["notice"].findings
