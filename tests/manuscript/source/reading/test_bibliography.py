"""Works are read alike from CSL-JSON, BibTeX and RIS, with their places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from manuscript.source import read_works

WORK = {
    "id": "nissen2007",
    "type": "article-journal",
    "title": "Effect of rosiglitazone on the risk of myocardial infarction",
    "author": [
        {"family": "Nissen", "given": "Steven E."},
        {"family": "Wolski", "given": "Kathy"},
    ],
    "container-title": "New England Journal of Medicine",
    "issued": {"date-parts": [[2007]]},
    "volume": "356",
    "page": "2457-2471",
    "DOI": "10.1056/NEJMoa072761",
}
TEXTS = {
    "works.json": json.dumps([WORK], indent=1),
    "works.bib": """\
% as a manager of references exports it
@string{nejm = "New England Journal of Medicine"}

@article{nissen2007,
  author = {Nissen, Steven E. and Wolski, Kathy},
  title = {Effect of rosiglitazone on the risk of myocardial infarction},
  journal = nejm, year = {2007}, volume = {356}, pages = {2457--2471},
  doi = {10.1056/NEJMoa072761}
}
""",
    "works.ris": """\
TY  - JOUR
ID  - nissen2007
AU  - Nissen, Steven E.
AU  - Wolski, Kathy
TI  - Effect of rosiglitazone on the risk of myocardial infarction
T2  - New England Journal of Medicine
PY  - 2007
VL  - 356
SP  - 2457
EP  - 2471
DO  - 10.1056/NEJMoa072761
ER  -
""",
}
OTHER = {
    "id": "ärzte2020",
    "type": "article-journal",
    "title": "Of β-blockers & <i>others</i>",
    "author": [{"family": "Müller", "given": "Ä."}, {"literal": "A Group"}],
    "container-title": "BMJ",
    "issued": {"date-parts": [[2020, 3, 1]]},
    "DOI": "10.1000/x_y%z",
}
LINES = {"works.json": 3, "works.bib": 4, "works.ris": 2}


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("name", TEXTS)
def test_one_work_is_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    works = read_works(tmp_path, written(tmp_path, name, TEXTS[name]))
    assert works.keys == ("nissen2007",)
    assert works.lines() == {"nissen2007": LINES[name]}
    (record,) = works.records
    assert {key: record[key] for key in WORK} == WORK
    assert works.repeated() == []


@pytest.mark.parametrize("name", TEXTS)
def test_an_entry_more_is_read_again_beside_the_first(
    tmp_path: Path, name: str
) -> None:
    works = read_works(tmp_path, written(tmp_path, name, TEXTS[name]))
    again = read_works(tmp_path, written(tmp_path, name, works.extended([OTHER])))
    assert works.extended([]) == TEXTS[name]
    assert set(again.keys) == {"nissen2007", "ärzte2020"}
    by_key = {str(one["id"]): one for one in again.records}
    assert by_key["nissen2007"] == works.records[0]
    found = by_key["ärzte2020"]
    assert "blockers" in str(found["title"])
    for part in ("DOI", "container-title"):
        assert found[part] == OTHER[part]
    assert [p.get("family", p.get("literal")) for p in found["author"]] == [
        "Müller",
        "A Group",
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", "{}", r"a\.json:1: not CSL-JSON: it is no list"),
        ("a.json", '[\n{"id": "a"},\n{"title"]', r"a\.json:3: not CSL-JSON"),
        ("a.json", r'[{"id": "\ud83d half"}]', r"a\.json:1: not CSL-JSON: .*surrog"),
        ("a.json", '[{"title": "x"}]', "an entry without `id`"),
        ("a.bib", "@article{a,\n title = {x}\n", r"a\.bib:3: is no BibTeX"),
        ("a.bib", "@misc(a, title={x})\n", r"a\.bib:1: is no BibTeX.*unexpected '\('"),
        ("a.ris", "TY  - JOUR\nAU  - X\nno tag\n", r"a\.ris:3: is no RIS"),
        ("a.docx", "x", "of another kind than CSL-JSON, BibTeX and RIS"),
    ],
)
def test_what_is_none_is_refused_with_its_line(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    with pytest.raises(ManuscriptError, match=told):
        read_works(tmp_path, written(tmp_path, name, text))
    with pytest.raises(ManuscriptError, match="cannot be read"):
        read_works(tmp_path, "absent.bib")


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    twice = TEXTS["works.bib"] + "\n@book{nissen2007, title={Another}}\n"
    assert read_works(tmp_path, written(tmp_path, "b.bib", twice)).repeated() == [
        "nissen2007"
    ]
    both = json.dumps([WORK, {**WORK, "title": "Another"}])
    assert read_works(tmp_path, written(tmp_path, "b.json", both)).repeated() == [
        "nissen2007"
    ]
    latin = TEXTS["works.bib"].encode("utf-8") + "é".encode("latin-1")
    (tmp_path / "latin.bib").write_bytes(latin)
    with pytest.raises(ManuscriptError, match="save it as UTF-8"):
        read_works(tmp_path, "latin.bib")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"id": "k", "title": "A", "title": "B"}, {"id": "l"}]'),
        ("a.json", '[{"author": [{"title": 1, "title": 2}], "id": "k"}]'),
        (
            "a.bib",
            "@article{k,\n  title = {A, note = {x} title = {y}},\n  year = 2001,\n"
            '  note = "title = b",\n  Title={B}\n}\n@book{l, title = {C}}\n',
        ),
    ],
)
def test_a_field_that_an_entry_gives_twice_is_found(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert read_works(tmp_path, name).fields_twice() == [("k", "title")]
