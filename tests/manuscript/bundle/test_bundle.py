"""The bundle of a short letter: what it holds, and that it makes itself again."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from pikepdf import Pdf
from PIL import Image

from manuscript.bundle import archive, build, verify
from manuscript.errors import ManuscriptError, faults_of
from tests.manuscript.bundle.conftest import commit, git
from tests.manuscript.conftest import Command

pytestmark = pytest.mark.long

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def silent(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def bundle(short_letter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bundle") / "letter.zip"
    build.build(short_letter, target, "builtin", committed=False, say=silent)
    return target


@pytest.fixture(scope="module")
def files(bundle: Path) -> dict[str, bytes]:
    return dict(verify.check(bundle).files)


def test_everything_is_there(files: dict[str, bytes]) -> None:
    made = {name for name in files if not name.startswith("source/")}
    assert made == {
        *("GUIDE.md", "SHA256SUMS", "bundle.json", "ledger.json"),
        *("ro-crate-metadata.json", "manifest.xml", "REVIEW.json"),
        *(f"documents/index.{kind}" for kind in ("html", "pdf", "docx", "xml")),
        *(f"documents/supplement.{kind}" for kind in ("html", "pdf", "docx")),
        *(f"documents/reproduction.{kind}" for kind in ("html", "pdf", "docx")),
        *(f"figures/Figure-1.{kind}" for kind in ("pdf", "svg", "tif")),
        *(f"figures/Figure-S1.{kind}" for kind in ("pdf", "svg", "tif")),
        *(f"tables/Table-S1.{kind}" for kind in ("csv", "docx")),
        # numbered by the report as the letter numbers its own
        *(f"figures/Reproduction-Figure-1.{kind}" for kind in ("pdf", "svg", "tif")),
        *(f"tables/Reproduction-Table-1.{kind}" for kind in ("csv", "docx")),
    }
    assert "source/data/trials.csv" in files
    assert "source/requirements.txt" in files


def test_figures_are_as_the_journal_takes_them(files: dict[str, bytes]) -> None:
    with Image.open(io.BytesIO(files["figures/Figure-1.tif"])) as image:
        assert image.mode == "RGB"
        assert image.info["dpi"] == (600, 600)
        assert image.width == pytest.approx(183 / 25.4 * 600, abs=1)
    assert files["figures/Figure-1.pdf"].startswith(b"%PDF")
    assert b"<text" in files["figures/Figure-1.svg"]


def test_a_table_as_csv_has_the_cells_that_print(files: dict[str, bytes]) -> None:
    text = files["tables/Table-S1.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {6}
    first = next(row for row in rows if row[0] == "P5")
    assert first[1:4] == ["4 / 114", "1 / 124", "3.70 (0.63–21.71)"]


def test_a_table_in_word_has_its_page_caption_and_values(
    files: dict[str, bytes],
) -> None:
    with zipfile.ZipFile(io.BytesIO(files["tables/Table-S1.docx"])) as document:
        root = etree.fromstring(document.read("word/document.xml"))
    (size,) = root.iter(f"{W}pgSz")
    assert int(size.get(f"{W}w")) > int(size.get(f"{W}h"))
    lines = [
        "".join(text.text or "" for text in line.iter(f"{W}t"))
        for line in root.iter(f"{W}p")
    ]
    assert lines[0] == "Table S1: Counts. As analyzed1."
    assert "References are numbered as in the document" in lines[-1]
    (table,) = root.iter(f"{W}tbl")
    assert "3.70 (0.63–21.71)" in ["".join(c.itertext()) for c in table.iter(f"{W}tc")]


def test_each_pdf_carries_the_ledger_and_the_data(files: dict[str, bytes]) -> None:
    for name in ("index", "supplement", "reproduction"):
        content = files[f"documents/{name}.pdf"]
        pdf = Pdf.open(io.BytesIO(content))
        held = {key: spec.get_file() for key, spec in pdf.attachments.items()}
        assert held["ledger.json"].read_bytes() == files["ledger.json"]
        data = held["data/trials.csv"].read_bytes()
        assert data == files["source/data/trials.csv"]
        assert bool(pdf.Root.MarkInfo.Marked)
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        document = pypdfium2.PdfDocument(content)
        page = document[len(document) - 1]
        last = " ".join(page.get_textpage().get_text_bounded().split())
        assert "carries its evidence as attachments: ledger.json" in last


def test_a_table_keeps_its_rows_and_counts_its_caption(files: dict[str, bytes]) -> None:
    for name in ("tables/Table-S1.docx", "documents/supplement.docx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as document:
            root = etree.fromstring(document.read("word/document.xml"))
        rows = [*root.iter(f"{W}tr")]
        assert rows
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        fields = [field.text for field in root.iter(f"{W}instrText")]
        assert r" SEQ Table_S \* ARABIC " in fields


def test_jats_has_numbers_references_and_the_figure(files: dict[str, bytes]) -> None:
    root = etree.fromstring(files["documents/index.xml"])
    assert root.findtext(".//article-title") == "A short letter"
    assert root.findtext(".//contrib/collab") == "Contributors"
    figure = root.find(".//fig[@id='fig-forest']")
    assert figure.findtext("label") == "Figure\N{NO-BREAK SPACE}1"
    (graphic,) = figure.iter("graphic")
    place = graphic.get("{http://www.w3.org/1999/xlink}href")
    assert place == "../figures/Figure-1.svg"
    assert place.removeprefix("../") in files
    kinds = [reference.get("ref-type") for reference in root.iter("xref")]
    assert kinds == ["bibr", "fig"]
    assert root.findtext(".//ref//pub-id") == "10.1038/s41408-024-01154-z"
    text = "".join(root.find("body").itertext())
    assert "shows in Table S1, the ratio is 3.82 (Figure" in text


def test_the_crate_describes_files_that_are_there(files: dict[str, bytes]) -> None:
    crate = json.loads(files["ro-crate-metadata.json"])
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    for entity in entities.values():
        if entity["@type"] == "File":
            assert entity["@id"] in files
            assert "/" in entity["encodingFormat"]
    referred = {
        part["@id"]
        for entity in entities.values()
        for value in entity.values()
        for part in (value if isinstance(value, list) else [value])
        if isinstance(part, dict) and "@id" in part
    }
    assert referred - entities.keys() == {"https://w3id.org/ro/crate/1.1"}
    assert entities["./"]["datePublished"] == "2026-11-22T12:00:01+00:00"


def test_nothing_in_it_tells_the_machine(files: dict[str, bytes], bundle: Path) -> None:
    made = [data for name, data in files.items() if not name.startswith("source/")]
    assert not any(str(bundle.parent.parent).encode() in data for data in made)
    assert not any(str(Path(sys.prefix)).encode() in data for data in made)


def test_it_makes_itself_again_to_the_last_byte(bundle: Path) -> None:
    whole = verify.check(bundle)
    result = verify.rerun(whole, Path(sys.executable), silent)
    assert (result.changes, result.differing) == ((), ())
    assert result.exact == result.values > 1000
    said = verify.verdict(whole, result, new=False)
    assert said.startswith("REPEATED: by its own program from its sources alone, in an")
    assert "Not shown: that it computes it" in said


def test_a_value_that_is_not_reproduced_is_named(bundle: Path) -> None:
    whole = verify.check(bundle)
    again = dict(whole.files)
    ledger = json.loads(again["ledger.json"])
    value = next(v for v in ledger["values"] if v["key"] == "risk.placebo.or")
    value["number"] += 1e-6
    again["ledger.json"] = json.dumps(ledger).encode()
    result = verify._compare(whole, again)
    assert result.differing == ("ledger.json",)
    said = verify.verdict(whole, result, new=True)
    assert said.startswith("NOT REPRODUCED:")
    assert "1 values or claims differ" in said
    assert "risk.placebo.or" in said


def test_unpacked_it_satisfies_sha256sum(files: dict[str, bytes], bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as package:
        assert package.testzip() is None
        lines = package.read("SHA256SUMS").decode().splitlines()
    assert len(lines) == len(files) - 1


def test_restricted_data_are_refused_by_name(
    short_letter: Path, tmp_path: Path
) -> None:
    restricted = {
        "restricted/notes.md": ("nothing", "what lies in `restricted`"),
        "data/DEMO.txt": ("1234567 1 2 3\n", "line 1 is a report"),
        "data/links.csv": ("UMCReportId,Drug_Id\n1,2\n", "identifiers of VigiBase"),
        "data/extract.duckdb": ("", "a database"),
    }
    root = tmp_path / "letter"
    shutil.copytree(short_letter, root)
    for name, (text, _) in restricted.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    commit(root)
    target = tmp_path / "letter.zip"
    with pytest.raises(ExceptionGroup) as refused:
        build.build(root, target, "builtin", committed=False, say=silent)
    told = {fault.file: fault.what for fault in faults_of(refused.value)}
    assert told.keys() == {f"source/{name}" for name in restricted}
    for name, (_, why) in restricted.items():
        assert why in told[f"source/{name}"]
    assert list(tmp_path.iterdir()) == [root]


def test_uncommitted_changes_are_refused(
    short_letter: Path, tmp_path: Path, command: Command
) -> None:
    root = tmp_path / "letter"
    shutil.copytree(short_letter, root)
    (root / "index.qmd").write_text("Changed.\n", "utf-8")
    (root / "new.txt").write_text("New.\n", "utf-8")
    answer = command(root, "bundle", "-o", "x.zip")
    assert answer.status == 1
    assert answer.complained == (
        "index.qmd: is not as in the last commit, which is what is bundled; "
        "commit it, or bundle the commit without it: --committed\n"
        "new.txt: is not as in the last commit, which is what is bundled; "
        "commit it, or bundle the commit without it: --committed\n"
    )
    assert not (root / "x.zip").exists()


def test_links_are_refused(short_letter: Path, tmp_path: Path) -> None:
    root = tmp_path / "letter"
    shutil.copytree(short_letter, root)
    (root / "link.txt").symlink_to("README.md")
    commit(root)
    with pytest.raises(ManuscriptError, match=r"link\.txt: is a link"):
        build.build(root, tmp_path / "x.zip", "builtin", committed=False, say=silent)


def test_outside_a_repository_it_says_so(
    short_letter: Path, tmp_path: Path, command: Command
) -> None:
    root = tmp_path / "letter"
    shutil.copytree(short_letter, root)
    shutil.rmtree(root / ".git")
    answer = command(root, "bundle")
    assert answer.status == 1
    assert "git cannot tell the last commit" in answer.complained


def test_a_bundle_is_made_whole_or_not_at_all(
    short_letter: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "letter"
    shutil.copytree(short_letter, root)
    profile = root / "journal.yml"
    text = profile.read_text("utf-8")
    profile.write_text(text.replace("Figure S1", "Supplementary Figure 1"), "utf-8")
    git(root, "commit", "--all", "--quiet", "--message", "Another prefix")
    target = tmp_path / "letter.zip"
    target.write_bytes(b"the last one")
    with pytest.raises(ManuscriptError, match="cannot be made into a bundle"):
        build.build(root, target, "builtin", committed=False, say=silent)
    said = capfd.readouterr().err
    assert "reference-prefix is `Figure S`, and Blood Cancer Journal wants" in said
    assert target.read_bytes() == b"the last one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter", "letter.zip"]


def test_dates_are_those_of_zip_files() -> None:
    target = io.BytesIO()
    archive.write({"a": b"1"}, target, 1763812801)
    with zipfile.ZipFile(target) as package:
        assert package.infolist()[0].date_time == (2025, 11, 22, 12, 0, 0)
