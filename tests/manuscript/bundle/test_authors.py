"""Authors of the front matter reach JATS and the crate."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from manuscript.bundle import jats
from manuscript.bundle.authors import persons
from manuscript.bundle.described import crate
from manuscript.bundle.described.licenses import License, Licenses
from manuscript.compose.formats.article import compose
from manuscript.execute.cells import Execution, Options
from manuscript.source.metadata import for_templates
from tests.manuscript.compose.conftest import write
from tests.manuscript.compose.test_title_page import FRONT

ROOT = Path(__file__).parents[3]


def test_jats_has_them_in_full(tmp_path: Path) -> None:
    project = write(tmp_path, "Text.", FRONT)
    (document,) = project.documents
    article = compose(project, document, Execution((), {}), Options())
    root = etree.fromstring(jats.build(article, {}))
    ada, bo = root.findall(".//contrib")
    assert (ada.get("corresp"), ada.get("equal-contrib")) == ("yes", "yes")
    assert ada.findtext("contrib-id") == "https://orcid.org/0000-0000-0000-0001"
    assert (ada.findtext("name/surname"), ada.findtext("email")) == (
        "North",
        "ada@example.org",
    )
    assert [role.text for role in ada.findall("role")] == [
        "conceptualization",
        "writing",
    ]
    assert [x.get("rid") for x in bo.findall("xref")] == ["aff-2", "aff-1"]
    first, second = root.findall(".//aff")
    assert [i.text for i in first.findall("institution")] == ["Charts", "Harbour Board"]
    assert (second.findtext("institution"), second.findtext("city")) == (
        "Institute of Shores",
        "Northport",
    )


def test_the_crate_names_people_by_their_orcid(tmp_path: Path) -> None:
    project = write(tmp_path, "Text.", FRONT)
    values = for_templates(project, project.documents[0], "html")
    ada, bo = persons(values["by-author"])
    assert ada["@id"] == "https://orcid.org/0000-0000-0000-0001"
    assert (ada["familyName"], ada["email"]) == ("North", "ada@example.org")
    assert bo["affiliation"] == "Institute of Shores; Harbour Board"


def test_a_group_is_no_person(tmp_path: Path) -> None:
    project = write(tmp_path, "Text.", "title: T\nauthor: The study group\n")
    values = for_templates(project, project.documents[0], "html")
    assert persons(values["by-author"]) == []


def test_named_authors_stand_in_the_place_of_the_group(tmp_path: Path) -> None:
    project = write(tmp_path, "Text.", FRONT)
    values = for_templates(project, project.documents[0], "html")
    people = persons(values["by-author"])
    facts = {
        "title": "T",
        "date": "2026-11-22",
        "commit": "c",
        "engine": "builtin",
        "data": {},
    }
    stated = Licenses(License("CC-BY-4.0"), License("MIT"))
    told = crate.write(ROOT, tmp_path, facts, people, licenses=stated)
    graph = json.loads(told)["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    assert "#authors" not in entities
    names = [one["@id"] for one in people]
    assert [one["@id"] for one in entities["./"]["author"]] == names
    assert set(names) <= entities.keys()
