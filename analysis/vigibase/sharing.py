"""Which files may be shared: those that hold no reports, or synthetic ones.

A file is judged by what it holds, whatever its name and place: lines that read
as those of a table of VigiBase, names of its identifiers, or a form in which
nobody can see at a glance what is inside.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from analysis.vigibase.errors import PrivacyError
from analysis.vigibase.intake.place import RESTRICTED, is_restricted
from analysis.vigibase.layout import MISSING, SYNTHETIC_MARK, TABLES, Table

# What is written for people or machines to read, where names of columns may stand.
_WRITTEN = (
    *(".py", ".r", ".md", ".qmd", ".rst", ".tex", ".html", ".css", ".js", ".sh"),
    *(".toml", ".yml", ".yaml", ".cfg", ".ini", ".bib", ".csl", ".xml", ".svg", ".typ"),
    *(".lua", ".cff", ".sql"),
)
# Nobody can see at a glance what is in these, by name or by their first bytes.
_CLOSED = (
    *(".duckdb", ".db", ".sqlite", ".parquet", ".feather", ".arrow", ".zip", ".gz"),
    *(".bz2", ".7z", ".rar", ".tar", ".tgz", ".xz", ".zst", ".xlsx", ".xls", ".ods"),
    *(".rds", ".rda", ".rdata", ".dta", ".sav", ".sas7bdat", ".pkl", ".pickle", ".h5"),
)
_MAGIC = (
    *(b"PAR1", b"ARROW1", b"SQLite format 3", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf"),
    *(b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\xd0\xcf\x11\xe0", b"RDX", b"$FL2"),
    *(b"<stata_dta>", b"\x89HDF"),
)
_ZIP = b"PK\x03\x04"
# Word files and arrays are archives that others here check and write.
_OPEN_ZIPS = (".docx", ".npz", ".epub")
_IDENTIFIERS = re.compile(r"\b(UMC_?Report_?Id|Drug_Id|Adr_Id)\b", re.IGNORECASE)

_MOST = 1 << 22
_FEW_LINES = 20
_SHARE = 0.5
# Identifiers of reports are long; short ones are numbers of something else.
_LONG = r"[1-9]\d{5,10}"


def assert_shareable(path: Path) -> None:
    """Refuse a file or folder that holds reports, unless they are synthetic.

    Parameters
    ----------
    path : Path
        A folder is searched to the bottom.

    Raises
    ------
    PrivacyError
        Naming the file and why: it lies in a folder ``restricted``, is a
        database or an archive, holds lines of an extract that are not marked
        synthetic, or names identifiers of VigiBase.
    """
    if is_restricted(path):
        raise PrivacyError(f"{path}: what lies in `{RESTRICTED}` must not be shared")
    if path.is_dir():
        for inside in sorted(path.iterdir()):
            assert_shareable(inside)
    elif reason := reports_in(path):
        raise PrivacyError(f"{path}: {reason}; it must not be shared")


def reports_in(path: Path) -> str:
    """Say why a file may hold reports; nothing if it does not."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        content = file.read(_MOST)
    if suffix in _CLOSED or content[8:12] == b"DUCK" or content.startswith(_MAGIC):
        return "a database or archive may hold reports"
    if content.startswith(_ZIP):
        return _within_zip(path, suffix)
    # Pages are read by other checks; their innards look like anything.
    text = None if content.startswith(b"%PDF-") else _text(content)
    if text is None:
        return ""
    if path.stem.lower() in TABLES and text.lstrip(' "')[:1].isdigit():
        return _unmarked_line(path)
    if suffix not in _WRITTEN and (named := _IDENTIFIERS.search(text)):
        return f"it names identifiers of VigiBase ({named[0]})"
    if ".rejected." in path.name:
        return "it holds lines of an extract"
    return _lines_of_reports(text)


def _text(content: bytes) -> str | None:
    """Decode a text; None for what is none."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    head = content[:4096]
    if 0 not in head:
        return content.decode("utf-8", "replace")
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[offset::2].count(0) > len(head) // 4 and 0 not in head[1 - offset :: 2]:
            return content.decode(encoding, "replace")
    return None


def _within_zip(path: Path, suffix: str) -> str:
    if suffix not in _OPEN_ZIPS:
        return "a database or archive may hold reports"
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xml") and _IDENTIFIERS.search(
                    archive.open(name).read(_MOST).decode("utf-8", "replace")
                ):
                    return "it names identifiers of VigiBase"
                if name.lower().endswith((".csv", ".txt", ".xlsx", ".parquet")):
                    return "a table within it may hold reports"
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return "an archive that cannot be read may hold reports"
    return ""


def _lines_of_reports(text: str) -> str:
    """Find lines that read as those of a table, unless marked synthetic."""
    lines = [
        line for line in text.splitlines() if line.strip() and not _is_marked(line)
    ]
    for table, pattern in _PATTERNS:
        found = [place for place, line in enumerate(lines) if pattern.match(line)]
        if found and (
            len(found) >= _FEW_LINES or len(found) > _SHARE * max(len(lines), 2)
        ):
            return f"it holds {len(found):,} lines as of {table.stem}"
    return ""


def _is_marked(line: str) -> bool:
    return line.rstrip(' "\r\n)').endswith(SYNTHETIC_MARK)


def _patterns() -> Iterator[tuple[Table, re.Pattern[str]]]:
    """Make what lines of a table look like, delimited or in fixed width."""
    for table in TABLES.values():
        fields, fixed = [], []
        for column in table.columns:
            match column.kind:
                case "id":
                    field, cell = _LONG, rf"(?=[1-9]\d{{5}})[\d ]{{{column.width}}}"
                case "number":
                    field = rf"(\d{{1,11}}|{MISSING}|NA)?"
                    cell = rf"[\d {MISSING}]{{{column.width}}}"
                case "date":
                    field = rf"((19|20)\d{{6}}|{MISSING}|NA)?"
                    cell = rf"((19|20)\d{{6}}|{MISSING} {{7}})"
                case "days":
                    field = rf"(-?[\d.]+(e-?\d+)?|{MISSING}|NA)?"
                    cell = rf"[\d. {MISSING}]{{{column.width}}}"
                case "text":
                    field = cell = r"(?=.*[^\W\d_]{3}).+"
                case _:
                    field = rf"\w{{0,{max(column.width, 3)}}}|{MISSING}"
                    cell = rf"[\w .{MISSING}]{{{column.width}}}"
            fields.append(rf'\s*"?\s*({field})\s*"?\s*')
            fixed.append(cell)
        separated = "|".join(sign.join(fields) for sign in (",", ";", "\t", r"\|"))
        tail = r"([,;\t|].*)?" if len(fields) > 3 else ""
        yield table, re.compile(rf"(({separated}){tail}|{''.join(fixed)}\s*)$")


_PATTERNS = tuple(_patterns())


def _unmarked_line(path: Path) -> str:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not _is_marked(line.decode("utf-8", "replace")):
                return f"line {number} is a report that is not marked {SYNTHETIC_MARK}"
    return ""
