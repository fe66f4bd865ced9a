"""Letter, supplement and report: numbers, order and mention of each item."""

import re
from pathlib import Path

import pytest

from manuscript.source.documents import Project
from manuscript.source.fragments import Document
from manuscript.source.labels import Names

ROOT = Path(__file__).parents[2]
NBSP = "\N{NO-BREAK SPACE}"

TABLES = (
    *("prisma", "search", "eligible", "counts", "cases"),
    *("bias", "grade", "sensitivity", "vigibase", "literature"),
)
FIGURES = ("flow", "placebo", "funnel", "sensitivity")
REPORT = ("reproduction", "ensemble", "checks")
# What the published letter refers to: Supplementary Tables 1-10 and Figures 1-4.
PUBLISHED = [
    *(f"supptbl-{name}" for name in TABLES[:10]),
    *(f"suppfig-{name}" for name in FIGURES[:4]),
]


@pytest.fixture(scope="module")
def project() -> Project:
    return Project.load(ROOT)


def document(project: Project, path: str) -> Document:
    return next(each for each in project.documents if each.path == path)


@pytest.mark.parametrize(
    ("kind", "prefix", "names"),
    [("supptbl", "Table S", TABLES), ("suppfig", "Figure S", FIGURES)],
)
def test_numbers_come_out_as_the_letter_has_them(
    project: Project, kind: str, prefix: str, names: tuple[str, ...]
) -> None:
    printed = Names.of(project).by_document["supplement.qmd"]
    for number, name in enumerate(names, start=1):
        assert printed[f"{kind}-{name}"].replace(NBSP, " ") == f"{prefix}{number}"


def test_the_report_numbers_its_own_tables(project: Project) -> None:
    printed = Names.of(project).by_document["reproduction.qmd"]
    for number, name in enumerate(REPORT, start=1):
        assert printed[f"tbl-{name}"].replace(NBSP, " ") == f"Table {number}"


@pytest.mark.parametrize("label", PUBLISHED)
def test_the_letter_names_what_the_published_letter_names(
    project: Project, label: str
) -> None:
    named = {
        match[1]
        for inline in document(project, "index.qmd").inlines
        for match in re.finditer(r'item\("([^"]+)"\)', inline.expression)
    }
    assert label in named


def test_sections_of_the_supplement_hold_no_mathematics(project: Project) -> None:
    for prose in document(project, "supplement.qmd").prose:
        assert not re.search(r"(?<!\\)\$[^$\n]+\$", prose.text), prose.file
