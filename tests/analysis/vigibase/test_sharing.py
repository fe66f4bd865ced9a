"""Reports are recognised by what a file holds, whatever it is called."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from analysis.vigibase import PrivacyError, assert_shareable
from analysis.vigibase.sharing import reports_in

# Invented lines in the form of DEMO, DRUG, IND and SUSPECTEDDUPLICATES.
DEMO = [f"9000000{n}   62202402291420200131" for n in range(9)]
CSV = [f'"9000000{n}","6","2","20240229","1","4","20200131"' for n in range(9)]
IND = [f'"9000000{n}","Some condition"' for n in range(9)]
PAIRS = [f"9000000{n},9100000{n}" for n in range(9)]
NAMED = ["UMCReportId,Gender", "1,2"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("DEMO_2023.txt", DEMO),
        ("demo copy.txt", DEMO),
        ("notes.md", DEMO),
        ("table", CSV),
        ("table.log", CSV),
        ("table.csv", [line.replace(",", ";") for line in CSV]),
        ("table.tsv", [line.replace(",", "\t") for line in CSV]),
        ("data.py", ["rows = '''", *CSV, "'''"]),
        ("indications.csv", IND),
        ("pairs.dat", PAIRS),
        ("named.out", NAMED),
        ("named.json", ['{"Drug_Id": [1, 2]}']),
        ("late.csv", ["x,y"] * 9000 + NAMED),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_disguised_extract_is_recognised(
    tmp_path: Path, name: str, lines: list[str], encoding: str
) -> None:
    path = tmp_path / name
    path.write_bytes("\n".join(lines).encode(encoding))
    assert reports_in(path)
    with pytest.raises(PrivacyError, match="must not be shared"):
        assert_shareable(tmp_path)


@pytest.mark.parametrize("name", ["table.bin", "picture.png", "table.xlsx"])
def test_what_hides_in_an_archive_is_not_shared(tmp_path: Path, name: str) -> None:
    (tmp_path / f"gz-{name}").write_bytes(gzip.compress("\n".join(CSV).encode()))
    with zipfile.ZipFile(tmp_path / f"zip-{name}", "w") as archive:
        archive.writestr("xl/sheet.xml", "\n".join(CSV))
    assert all(reports_in(path) for path in tmp_path.iterdir())


def test_restricted_is_restricted_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "Restricted" / "notes.md"
    path.parent.mkdir()
    path.write_text("anything")
    with pytest.raises(PrivacyError, match="`restricted`"):
        assert_shareable(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trials.csv", "trial,events,n\nP1,3,100\nP2,4,200\n"),
        ("years.csv", "2019,20\n2020,31\n2021,17\n"),
        ("counts.csv", "1,2,3,4\n5,6,7,8\n"),
        ("reader.py", "columns = ['UMCReportId', 'Drug_Id']\n"),
        ("page.pdf", "%PDF-1.7\n" + "0000012345 00000 n \n" * 50),
        ("xref.txt", "0000012345 00000 n \n" * 50),
        ("README.md", "The table DEMO has a column UMCReportId.\n"),
    ],
)
def test_other_files_may_be_shared(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert_shareable(tmp_path)
