"""Records of references: their form, what they lack, what stands twice."""

import json
from typing import Any

import pytest

from manuscript import check as checks
from manuscript.check.finding import Finding
from manuscript.source.documents import Project
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter

WHOLE: dict[str, Any] = {
    "id": "a2020",
    "type": "article-journal",
    "title": "An invented trial of one thing against another thing",
    "author": [{"family": "A", "given": "B"}],
    "container-title": "A Journal",
    "issued": {"date-parts": [[2020]]},
    "volume": "12",
    "page": "101-9",
    "DOI": "10.1000/xyz.123",
    "PMID": "31978945",
    "PMCID": "PMC123",
}


def judged(
    project: Write, *records: dict[str, Any], held: object = None
) -> list[Finding]:
    made = project("Text.")
    (made.root / "references.json").write_text(json.dumps(records), "utf-8")
    if held is not None:
        (made.root / "data").mkdir()
        (made.root / "data" / "held.json").write_text(json.dumps(held), "utf-8")
    outcome = checks.outcomes(Project.load(made.root), ["references"], KnownLetter())
    return list(outcome["references"].findings)


def test_a_whole_record_passes(project: Write) -> None:
    other = {**WHOLE, "id": "b", "title": "Another invented trial of something else"}
    other |= {"DOI": "10.1016/S1470-2045(18)30687-9", "PMID": "1", "page": "e431-e442"}
    assert judged(project, WHOLE, other) == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"DOI": "https://doi.org/10.1000/xyz.123"}, "doi"),
        ({"DOI": "https://doi.org/https://doi.org/10.1000/xyz.123"}, "doi"),
        ({"DOI": "doi: 10.1000/xyz.123"}, "doi"),
        ({"DOI": "10.1000/xyz.123."}, "doi"),
        ({"DOI": "10.1000/xyz 123"}, "doi"),
        ({"DOI": "xyz"}, "doi"),
        ({"URL": "https://doi.org/https://doi.org/10.1000/xyz.123"}, "doi"),
        ({"PMID": "PMID31978945"}, "pmid"),
        ({"PMID": "0"}, "pmid"),
        ({"PMCID": "123"}, "pmcid"),
        ({"title": "Drugs &amp; harms: an invented trial"}, "entity"),
        ({"title": "Harms of <scp>drugs</scp>: an invented trial"}, "markup"),
        ({"author": [{"family": "M&uuml;ller"}]}, "entity"),
        ({"page": "109-101"}, "pages"),
        ({"issued": {"date-parts": [[202]]}}, "year"),
        ({"volume": ""}, "incomplete"),
        ({"page": ""}, "incomplete"),
        ({"author": []}, "incomplete"),
    ],
)
def test_what_is_wrong_is_found_by_its_rule(
    project: Write, changed: dict[str, Any], rule: str
) -> None:
    (finding,) = judged(project, {**WHOLE, **changed})
    assert finding.rule == rule
    assert "`a2020`" in finding.what
    assert finding.level == ("warning" if rule == "incomplete" else "error")


def test_a_right_doi_is_named(project: Write) -> None:
    (finding,) = judged(project, {**WHOLE, "DOI": "https://doi.org/10.1000/xyz.123"})
    assert finding.mend == "write 10.1000/xyz.123"


def test_what_was_left_out_knowingly_is_no_finding(project: Write) -> None:
    told = {"checked": "read at a repository; volume and pages are left out"}
    assert judged(project, {**WHOLE, "volume": "", "page": "", "custom": told}) == []


def test_a_record_that_the_project_holds_completes_it(project: Write) -> None:
    held = [{"title": WHOLE["title"].upper(), "volume": "12"}]
    (finding,) = judged(project, {**WHOLE, "volume": ""}, held=held)
    assert finding.mend == "data/held.json has volume 12"


def test_a_work_that_stands_twice_is_found(project: Write) -> None:
    other = {**WHOLE, "id": "b", "title": "Another title altogether", "PMID": ""}
    (finding,) = judged(project, WHOLE, other)
    assert (finding.rule, "has the DOI of `a2020`" in finding.what) == (
        "repeated",
        True,
    )
    same_title = {**WHOLE, "id": "b", "DOI": "10.1000/other", "PMID": "2"}
    (finding,) = judged(project, WHOLE, same_title)
    assert "has the title of `a2020`" in finding.what


def test_a_preprint_beside_its_article_is_found(project: Write) -> None:
    preprint = {**WHOLE, "id": "pre", "type": "article", "container-title": "medRxiv"}
    preprint |= {"DOI": "10.1101/2020.01.01.20000001", "PMID": "", "PMCID": ""}
    for records in ((WHOLE, preprint), (preprint, WHOLE)):
        (finding,) = judged(project, *records)
        assert finding.rule == "preprint"
        assert "`pre` is a preprint of `a2020`" in finding.what


def test_a_field_that_stands_twice_is_found(project: Write) -> None:
    made = project("Text [@a].", references=("a",))
    text = '[\n{"id": "a", "note": "x", "note": "y"}]'
    (made.root / "references.json").write_text(text, "utf-8")
    found = checks.outcomes(made, ["references"], KnownLetter())["references"].findings
    assert [(f.line, f.level) for f in found if f.rule == "field-twice"] == [
        (2, "error")
    ]


def test_a_bibliography_of_a_document_is_read(project: Write) -> None:
    made = project("Text [@b].", front="title: T\nbibliography: own.json\n")
    (made.root / "own.json").write_text('[{"id": "b", "DOI": "x"}]', "utf-8")
    outcomes = checks.outcomes(made, ["references", "citations"], KnownLetter())
    assert [f.rule for f in outcomes["references"].findings][:1] == ["doi"]
    assert not outcomes["citations"].findings
