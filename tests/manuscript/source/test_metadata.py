from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from manuscript.errors import ManuscriptError
from manuscript.source import metadata
from manuscript.source.documents import Project


def values(root: Path, front_matter: str, to: str = "html") -> dict[str, Any]:
    (root / "_quarto.yml").write_text("project: {render: [index.qmd]}\n", "utf-8")
    (root / "index.qmd").write_text(f"---\n{front_matter}\n---\n", "utf-8")
    project = Project.load(root)
    return metadata.for_templates(project, project.documents[0], to)


AUTHORS = """
author:
  - name: Ada One
    orcid: 0000-0000-0000-0001
    email: ada@example.org
    attributes: {corresponding: true}
    affiliations:
      - {name: University X, city: Here}
      - ref: y
  - name: {given: Bo, family: Two}
    equal-contributor: true
    affiliation: {name: University X, city: Here}
  - Cy
affiliations:
  - {id: y, name: Institute Y, state: There}
"""


def test_authors_are_as_quarto_gives_them_to_templates(tmp_path: Path) -> None:
    found = values(tmp_path, AUTHORS)
    assert found["author"] == ["Ada One", "Bo Two", "Cy"]
    ada, bo, cy = found["by-author"]
    assert ada["name"] == {"literal": "Ada One", "given": "Ada", "family": "One"}
    assert (ada["number"], ada["letter"]) == ("1", "a")
    assert (ada["orcid"], ada["email"]) == ("0000-0000-0000-0001", "ada@example.org")
    assert ada["attributes"] == {"corresponding": True}
    assert [place["name"] for place in ada["affiliations"]] == [
        "University X",
        "Institute Y",
    ]
    assert bo["attributes"] == {"equal-contributor": True}
    assert bo["affiliations"] == ada["affiliations"][:1]
    assert cy["affiliations"] == []
    assert [(p["number"], p["name"]) for p in found["by-affiliation"]] == [
        ("1", "University X"),
        ("2", "Institute Y"),
    ]
    assert found["by-affiliation"][1]["region"] == "There"
    assert found["labels"]["authors"] == "Authors"


def test_word_gets_no_words_for_templates(tmp_path: Path) -> None:
    found = values(tmp_path, AUTHORS, "docx")
    assert set(found) == {"author", "by-author", "by-affiliation", "lang"}
    assert found["author"] == ["Ada One", "Bo Two", "Cy"]


@pytest.mark.parametrize(
    ("front_matter", "message"),
    [
        ("title: T\ndate: today", "index.qmd:3: date `today` is not supported"),
        ("author:\n  - email: a@b.c", "index.qmd:3: an author has no name"),
        ("author:\n  - name: A\n    nam: B", "index.qmd:4: `nam` of an author is not"),
        ("author:\n  nam: B", "index.qmd:3: `nam` of an author is not known; write"),
        ("author: {name: {first: B}}", "index.qmd:2: `first` of an author is not"),
        ("author:\ntitle: T", "index.qmd:2: `author` holds nothing"),
        ("author:\n  - {name: A, orcid: 123}", "index.qmd:3: `orcid` is `123`"),
        (
            "author:\n  - {name: A, orcid: 0000-0002-1825-0098}",
            "index.qmd:3: `orcid` is `0000-0002-1825-0098`, which is none",
        ),
        (
            "title: T\nauthor:\n  - {name: A, affiliations: [{ref: z}]}",
            "index.qmd:4: affiliation `z` is not defined",
        ),
    ],
)
def test_what_templates_cannot_print_is_refused(
    tmp_path: Path, front_matter: str, message: str
) -> None:
    with pytest.raises(ManuscriptError) as caught:
        values(tmp_path, front_matter)
    assert str(caught.value).startswith(message)
