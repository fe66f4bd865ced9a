"""Guide and crate say of the data what the values say, whoever's they are."""

import json
from pathlib import Path

import pytest

from manuscript.bundle.described import crate, declared, guide
from manuscript.bundle.described.licenses import License, Licenses

FACTS = {
    "title": "Two patients",
    "journal": "A Journal",
    "documents": ["index"],
    "commit": "c" * 40,
    "date": "2026-11-22T12:00:00+00:00",
    "engine": "builtin",
    "python": "3.13",
    "platform": "Linux",
}


STATED = Licenses(License("CC-BY-NC-4.0"), License("Apache-2.0"))


def values(*pairs: tuple[str, str]) -> dict[str, object]:
    return {"values": [{"basis": basis, "data": data} for basis, data in pairs]}


@pytest.mark.parametrize("basis", ["reconstruction", "synthetic", "published"])
def test_only_data_of_nobody_are_said_to_hold_no_patient(basis: str) -> None:
    data = declared.bases(values((basis, "data/a.csv")))
    assert "No value rests on records of individual patients" in declared.paragraph(
        data
    )
    mixed = declared.bases(values((basis, "data/a.csv"), ("collected", "data/b.csv")))
    told = declared.paragraph(mixed)
    assert "No value rests" not in told
    assert "`source/data/a.csv`" in told
    assert "**collected data**: `source/data/b.csv`" in told


def test_collected_data_are_called_nothing_else(tmp_path: Path) -> None:
    facts = FACTS | {"data": declared.bases(values(("collected", "data/a.csv")))}
    text = guide.write(facts, {}, 0, licenses=STATED)
    (tmp_path / "source/data").mkdir(parents=True)
    (tmp_path / "source/data/a.csv").write_text("a\n1\n")
    graph = json.loads(
        crate.write(
            tmp_path, tmp_path, facts, (), ["Ann Author", "Bo Author"], licenses=STATED
        )
    )["@graph"]
    by_id = {entity["@id"]: entity for entity in graph}
    assert by_id["source/data/"]["description"] == "Collected data."
    assert by_id["#authors"]["name"] == "Ann Author, Bo Author"
    assert by_id["./"]["name"] == "Reproducible bundle: Two patients"
    for told in (text, json.dumps(graph)):
        assert "reconstruct" not in told.lower()
        assert "synthetic" not in told.lower()
        assert "supplement" not in told.lower()


def test_licenses_are_those_that_are_stated(tmp_path: Path) -> None:
    facts = FACTS | {"data": {}}
    text = guide.write(facts, {}, 0, licenses=STATED)
    assert "Attribution-NonCommercial 4.0 International. Program: Apache-2.0." in text
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/index.pdf").write_text("x")

    def graph(licenses: Licenses) -> dict[str, dict[str, object]]:
        found = json.loads(crate.write(tmp_path, tmp_path, facts, licenses=licenses))
        return {entity["@id"]: entity for entity in found["@graph"]}

    by_id = graph(STATED)
    cc = "https://creativecommons.org/licenses/by-nc/4.0/"
    assert by_id["./"]["license"] == by_id["documents/"]["license"] == {"@id": cc}
    assert by_id["source/"]["license"] == {
        "@id": "https://spdx.org/licenses/Apache-2.0"
    }
    assert cc in by_id
    none = Licenses(License(""), License(""))
    assert "No license is stated" in guide.write(facts, {}, 0, licenses=none)
    told = graph(none)["#no-license"]
    assert told["name"] == "No license is stated"
    assert "url" not in told


def test_without_values_nothing_is_claimed() -> None:
    data = declared.bases(values())
    assert data == {}
    assert declared.paragraph(data) == (
        "No number in this bundle is a value that names its data."
    )
