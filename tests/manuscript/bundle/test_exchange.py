"""The manifest names every file and no other; the account says what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from manuscript.bundle.described import crate, exchange, review
from manuscript.errors import ManuscriptError

FILES = [
    *(f"documents/index.{kind}" for kind in ("docx", "html", "pdf", "xml")),
    *("documents/supplement.docx", "figures/Figure-1.pdf", "figures/Figure-1.svg"),
    *("tables/Table-1.csv", "tables/Table-1.docx", "checklists/Table-S1.csv"),
    *("source/index.qmd", "source/requirements.txt", "source/data/a & <b>.csv"),
    *("GUIDE.md", "SHA256SUMS", "bundle.json", "ledger.json", "manifest.xml"),
]
FACTS = {"commit": "c" * 40, "platform": "Linux", "python": "3.13", "engine": "builtin"}
LEDGER = {"values": [1, 2, 3], "claims": [1]}
RUNTIME = {
    "command": "python -m manuscript bundle",
    **{"machine": "x86_64", "system": "Linux", "python": "3.13", "commit": "c"},
    **{"wall_seconds": 61.0, "cpu_seconds": 9.5, "peak_memory_mib": 300},
    **{"processors": 2, "load": 0.5},
}


def manifest(files: list[str] = FILES) -> bytes:
    return exchange.write(files, "index", crate.TYPES, crate.UNKNOWN_TYPE)


def test_its_items_are_as_the_recommended_practice_has_them() -> None:
    root = etree.fromstring(manifest())
    space = {"m": "https://manuscriptexchange.org/schema/manifest"}
    by_kind: dict[str, list[list[str]]] = {}
    order = ["item-title", "item-description", "file-order", "instance"]
    for item in root.iterfind("m:item", space):
        tags = [etree.QName(child).localname for child in item]
        assert tags == sorted(tags, key=order.index)
        assert tags.count("instance") >= 1
        hrefs = [
            each.get("{http://www.w3.org/1999/xlink}href")
            for each in item.iterfind("m:instance", space)
        ]
        by_kind.setdefault(item.get("item-type"), []).append(hrefs)
    assert by_kind["article-metadata"] == [["documents/index.xml"]]
    assert by_kind["manuscript"] == [
        ["documents/index.docx", "documents/index.html", "documents/index.pdf"]
    ]
    assert by_kind["figure"] == [["figures/Figure-1.pdf", "figures/Figure-1.svg"]]
    assert by_kind["article-source"] == [["source/index.qmd"]]
    assert by_kind["article-source-environment"] == [["source/requirements.txt"]]
    assert by_kind["article-source-directory"] == [["source/"]]
    ids = [item.get("id") for item in root.iterfind("m:item", space)]
    assert len(set(ids)) == len(ids)
    assert root.getroottree().docinfo.public_id == "-//MECA//DTD Manifest v1.0//en"


def test_every_file_is_named_and_no_other() -> None:
    assert exchange.differences(manifest(), FILES) == []
    more = [*FILES, "documents/late.pdf", "source/new.py"]
    assert exchange.differences(manifest(), more) == [
        "does not name documents/late.pdf"
    ]
    fewer = [name for name in FILES if name != "figures/Figure-1.svg"]
    (told,) = exchange.differences(manifest(), fewer)
    assert told == "names figures/Figure-1.svg, which is not there"
    without = [name for name in FILES if not name.startswith("source/")]
    assert "names source/, which is not there" in exchange.differences(
        manifest(), without
    )
    assert exchange.differences(b"<a", FILES)[0].startswith("is no XML")
    assert exchange.differences(b"<a/>", FILES) == ["is no manifest of MECA"]


def test_the_account_says_what_to_expect() -> None:
    text = review.write(FACTS, LEDGER, "# a\nnumpy==2.0\n", None, FILES)
    said = json.loads(text)
    assert said["expect"]["values"] == 3
    assert said["expect"]["documents"] == 5
    assert said["software"]["packages"] == [{"name": "numpy", "version": "2.0"}]
    assert said["run"][-1]["seconds"].startswith("not measured")
    assert review.differences(text.encode(), FACTS, LEDGER, FILES) == []
    (told,) = review.differences(text.encode(), FACTS, {**LEDGER, "values": []}, FILES)
    assert told == "expects 3 values, and there are 0"
    other = FACTS | {"commit": "d" * 40}
    assert (
        "another commit" in review.differences(text.encode(), other, LEDGER, FILES)[0]
    )
    for broken in (b"", b"[]", b"{}", b'{"format": 1, "commit": 3}'):
        assert review.differences(broken, FACTS, LEDGER, FILES)


def test_time_is_what_somebody_measured_and_committed(tmp_path: Path) -> None:
    assert review.read_runtime(tmp_path) is None
    path = tmp_path / review.RUNTIME
    path.write_text(json.dumps(RUNTIME))
    runtime = review.read_runtime(tmp_path)
    assert runtime == RUNTIME
    said = json.loads(review.write(FACTS, LEDGER, "", runtime, FILES))
    assert said["run"][-1]["seconds"] == {"wall_seconds": 61.0, "cpu_seconds": 9.5}
    for bad in ("{", "[]", "{}", json.dumps(RUNTIME | {"wall_seconds": -1})):
        path.write_text(bad)
        with pytest.raises(ManuscriptError, match=r"runtime\.json"):
            review.read_runtime(tmp_path)
