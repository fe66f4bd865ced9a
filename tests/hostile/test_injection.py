"""Names that would be markup or formulas, through the whole press."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from analysis.vigibase import convert
from analysis.vigibase.layout import TABLES
from manuscript.bundle.tables import as_csv
from manuscript.compose import pandoc
from manuscript.values.markdown import escape

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

NAMES = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</td></table></svg><iframe src=//example.org>",
    "](javascript:alert(1))",
    "[a](javascript:alert(1))",
    '=HYPERLINK("//example.org")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2--3",
    "@SUM(1)",
    "{{< include x >}}",
    "`{python} 1+1`",
    "$x^2$ \\frac{1}{2}",
    '#import "x.typ": y',
    "a | b || c",
    '"quoted" & &amp; &#60; \'',
    ":::{.notice} *b* _i_ ~s~ ^p^",
    "```{=html}<b>``` \\",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letter and supplement of this project, its trials renamed."""
    root = tmp_path_factory.mktemp("hostile") / "project"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        **{"cwd": ROOT, "capture_output": True, "check": True, "text": True},
    ).stdout.split("\0")
    for name in listed:
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    table = root / "data/trials.csv"
    with table.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[0] == "trial"
    assert len(rows) == len(NAMES)
    with table.open("w", encoding="utf-8", newline="") as file:
        renamed = [[name, *row[1:]] for name, row in zip(NAMES, rows, strict=True)]
        csv.writer(file).writerows([header, *renamed])
    command = [sys.executable, "-m", "manuscript", "render", "--engine", "builtin"]
    run = subprocess.run(
        [*command, "--to", "html,pdf,docx", "index.qmd", "supplement.qmd"],
        **{"cwd": root, "capture_output": True, "text": True, "check": False},
    )
    assert run.returncode == 0, run.stderr
    return root / "_output"


# Typography, not markup: straight quotes are set as curly ones.
_CURLY = str.maketrans("“”‘’", "\"\"''")


def said(text: str) -> str:
    return " ".join(text.translate(_CURLY).split())


def cells(rows: list[list[str]]) -> list[str]:
    """First cells of the rows in which a trial is named."""
    return [row[0] for row in rows if row and row[0] in map(said, NAMES)]


def test_names_are_text_in_html(outputs: Path) -> None:
    page: Any = html.parse(str(outputs / "supplement.html")).getroot()
    for tag in ("img", "iframe", "embed", "object", "link", "base", "form"):
        assert not page.findall(f".//{tag}"), tag
    own = "".join(
        p.read_text("utf-8")
        for p in [
            *(ROOT / "partials").glob("*.html"),
            *(ROOT / "manuscript/compose/templates").glob("*.html"),
        ]
    )
    for script in page.iter("script"):
        if script.get("type") == "application/json":  # data: no browser runs it
            json.loads(script.text)
        else:
            assert (script.text or "") in own
    for element in page.iter():
        for name, value in element.items():
            assert not name.startswith("on"), (name, value)
            assert not value.strip().lower().startswith("javascript:")
    rows = [[said(c.text_content()) for c in row] for row in page.iter("tr")]
    assert set(cells(rows)) == set(map(said, NAMES))
    letter: Any = html.parse(str(outputs / "index.html")).getroot()
    drawn = said(" ".join("".join(svg.itertext()) for svg in letter.iter("svg")))
    for name in NAMES:
        assert said(name) in drawn, name


def test_names_are_text_in_word(outputs: Path) -> None:
    with zipfile.ZipFile(outputs / "supplement.docx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    document = etree.fromstring(parts["word/document.xml"])
    rows = [
        [
            said("".join(t.text or "" for t in cell.iter(f"{W}t")))
            for cell in row.iter(f"{W}tc")
        ]
        for row in document.iter(f"{W}tr")
    ]
    assert set(cells(rows)) == set(map(said, NAMES))
    fields = "".join(field.text or "" for field in document.iter(f"{W}instrText"))
    links = b"".join(data for name, data in parts.items() if name.endswith(".rels"))
    for harm in ("javascript", "calc", "example.org"):
        assert harm not in fields
        assert harm.encode() not in links


def test_names_are_text_in_csv() -> None:
    head = "| Trial | Risk |\n|:--|--:|\n"
    rows = "".join(f"| {escape(name)} | −0.5 |\n" for name in NAMES)
    tree = pandoc.run(["--from=markdown-smart", "--to=json"], head + rows, ROOT)
    (table,) = json.loads(tree)["blocks"]
    written = as_csv(table)
    read = [*csv.reader(io.StringIO(written.removeprefix("\ufeff")))][1:]
    assert [row[0].removeprefix("'") for row in read] == [said(name) for name in NAMES]
    assert not [cell for row in read for cell in row if cell[:1] in "=+-@\t\r"]


def test_rows_set_aside_are_text_in_csv(tmp_path: Path) -> None:
    extract = tmp_path / "restricted"
    extract.mkdir()
    for table in TABLES.values():
        lines = (ROOT / f"data/vigibase/{table.stem}.txt").read_text("utf-8")
        harmful = "=1+1\n@SUM(1)\n-1\n" if table.name == "demo" else ""
        (extract / f"{table.stem}.txt").write_text(harmful + lines, "utf-8")
    convert(extract, extract / "x.duckdb")
    with (extract / "x.duckdb.rejected.csv").open(encoding="utf-8") as file:
        read = [row["content"] for row in csv.DictReader(file)]
    assert read[:3] == ["'=1+1", "'@SUM(1)", "'-1"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext")
def test_names_are_text_in_pdf(outputs: Path) -> None:
    path = outputs / "supplement.pdf"
    command = ["pdftotext", "-raw", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # Lines break anywhere, words are hyphenated, quotes are set as curly ones.
    squeezed = re.sub(r"\s|[\u00ad\u200b]|-", "", text.translate(_CURLY))
    for name in NAMES:
        assert re.sub(r"\s|-", "", name.translate(_CURLY)) in squeezed, name
    assert b"/JavaScript" not in path.read_bytes()
    assert b"/Launch" not in path.read_bytes()
