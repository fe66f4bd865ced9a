"""The tables of a VigiBase Extract Case Level: names, columns, positions.

An extract holds one file a table, in one of two forms: header-less quoted CSV
(since March 2026) or fixed-width text, where ``-`` stands for missing. The
positions are those that the R package vigicaen reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

Form = Literal["csv", "txt"]
Kind = Literal["id", "number", "code", "date", "days", "text"]

SYNTHETIC_MARK = "synthetic"
# The form without room for a mark in its lines comes with this file instead.
SYNTHETIC_FILE = "SYNTHETIC.txt"
MISSING = "-"
# What stands for nothing in an extract, and in what other tools write of one.
BLANKS = ("", MISSING, ".", "NA", "N/A", "<NA>", "NULL", "null", "NaN", "\\N")

SQL_TYPES: dict[Kind, str] = {
    "id": "BIGINT",
    "number": "BIGINT",
    "code": "VARCHAR",
    "date": "DATE",
    "days": "DOUBLE",
    "text": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
    first, last : int
        Positions in a fixed-width line, from 1, both included.
    kind : {"id", "number", "code", "date", "days", "text"}
        An ``id`` links tables and must be a whole number; a ``number`` is a
        whole number that may be missing; a ``date`` is written YYYYMMDD;
        ``days`` may have decimals.
    code_list : str
        List of codes, as a rule a file ``<name>_Lx``, that a ``code`` belongs to;
        empty if it has none.
    optional : bool
        Whether an extract with named columns may lack it: no analysis needs it.
    """

    name: str
    first: int
    last: int
    kind: Kind
    code_list: str = ""
    optional: bool = False

    @property
    def sql_type(self) -> str:
        """Type of the column once converted."""
        return SQL_TYPES[self.kind]

    @property
    def width(self) -> int:
        """Characters in a fixed-width line."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Table:
    """A table of the extract.

    Attributes
    ----------
    name : str
        Its name in lower case; the file is called so in capitals.
    columns : tuple of Column
    key : str
        Column that may not repeat. Only that of DEMO would alter a count: all
        else is counted by report.
    """

    name: str
    columns: tuple[Column, ...]
    key: str = ""

    @property
    def stem(self) -> str:
        """Name of the file, without its extension."""
        return self.name.upper()

    @property
    def width(self) -> int:
        """Characters in a full line of the fixed-width form."""
        return self.columns[-1].last

    @property
    def padded(self) -> bool:
        """Whether every line is padded to the full width; free text is not."""
        return self.columns[-1].kind != "text"

    def column(self, name: str) -> Column:
        """Return a column by its name, in any case."""
        return next(c for c in self.columns if c.name.lower() == name.lower())


_OPTIONAL = "optional"


def _columns(*parts: str) -> tuple[Column, ...]:
    columns: list[Column] = []
    for part in parts:
        name, last, kind, *code_list = part.split()
        first = columns[-1].last + 1 if columns else 1
        optional = _OPTIONAL in code_list
        lists = "".join(word for word in code_list if word != _OPTIONAL)
        columns.append(
            Column(name, first, int(last), cast(Kind, kind), lists, optional)
        )
    return tuple(columns)


# Name, last position in a fixed-width line, kind, code list.
_TABLES = (
    Table(
        "demo",
        _columns(
            "UMCReportId 11 id",
            "AgeGroup 12 code AgeGroup",
            "Gender 13 code Gender",
            "DateDatabase 21 date",
            "Type 22 code ReportType",
            "Region 23 code Region",
            "FirstDateDatabase 31 date",
        ),
        key="UMCReportId",
    ),
    Table(
        "drug",
        _columns(
            "UMCReportId 11 id",
            "Drug_Id 22 id",
            "Record_Id 33 number optional",
            "DrecNo 39 number",
            "Seq1 41 code optional",
            "Seq2 44 code optional",
            "Route 46 code RouteOfAdm optional",
            "Basis 47 code RepBasis",
            "Amount 52 code optional",
            "AmountU 54 code SizeUnit optional",
            "Frequency 56 code optional",
            "FrequencyU 59 code Frequency optional",
        ),
    ),
    Table(
        "adr",
        _columns(
            "UMCReportId 11 id",
            "Adr_Id 22 id",
            "MedDRA_Id 30 number",
            "Outcome 31 code Outcome",
        ),
    ),
    Table(
        "link",
        _columns(
            "Drug_Id 11 id",
            "Adr_Id 22 id",
            "Dechallenge1 23 code Dechallenge",
            "Dechallenge2 24 code Dechallenge2",
            "Rechallenge1 25 code Rechallenge",
            "Rechallenge2 26 code Rechallenge2",
            "TimeToOnsetMin 37 days",
            "TimeToOnsetMax 48 days",
        ),
    ),
    Table("ind", _columns("Drug_Id 11 id", "Indication 266 text")),
    Table(
        "out",
        _columns(
            "UMCReportId 11 id",
            "Seriousness 13 code Seriousness",
            "Serious 14 code Serious",
        ),
    ),
    Table("srce", _columns("UMCReportId 11 id", "Type 13 code Notifier")),
    Table("followup", _columns("UMCReportId 11 id", "ReplacedUMCReportId 22 id")),
    Table(
        "suspectedduplicates",
        _columns("UMCReportId 11 id", "SuspectedduplicateReportId 22 id"),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}

# Ids that must be found in another table: (table, column) -> (table, column).
# FOLLOWUP and SUSPECTEDDUPLICATES name reports that may have left the database.
LINKS: dict[tuple[str, str], tuple[str, str]] = {
    ("drug", "UMCReportId"): ("demo", "UMCReportId"),
    ("adr", "UMCReportId"): ("demo", "UMCReportId"),
    ("out", "UMCReportId"): ("demo", "UMCReportId"),
    ("srce", "UMCReportId"): ("demo", "UMCReportId"),
    ("link", "Drug_Id"): ("drug", "Drug_Id"),
    ("link", "Adr_Id"): ("adr", "Adr_Id"),
    ("ind", "Drug_Id"): ("drug", "Drug_Id"),
}

# Names that other versions and tools give to columns.
OTHER_COLUMNS: dict[str, tuple[str, ...]] = {"Record_Id": ("MedicinalProd_Id",)}

# Characters of the code in a line of a fixed-width code list; the text follows.
CODE_LISTS: dict[str, int] = {
    "AgeGroup": 1,
    "Dechallenge": 1,
    "Dechallenge2": 1,
    "Frequency": 3,
    "Gender": 1,
    "Notifier": 2,
    "Outcome": 1,
    "Rechallenge": 1,
    "Rechallenge2": 1,
    "Region": 1,
    "RepBasis": 1,
    "ReportType": 1,
    "RouteOfAdm": 2,
    "Seriousness": 2,
    "SizeUnit": 2,
}
