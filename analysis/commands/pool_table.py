"""Counts of trials from files as people have them.

The names of R's packages, of RevMan and of Excel exports are known; separators
and encodings are found out; whatever is left out or read in a certain way is said
in ``notes``.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.foreign import MOST_BYTES
from analysis.meta.results import Array
from analysis.schema import DataError, Fault

TWO_ARMS = ("events_treated", "n_treated", "events_control", "n_control")
ONE_ARM = ("events", "n")
MAX_DIGITS = 15  # whole numbers that a float holds

_OTHERS = {"events_treated": "bi", "events_control": "di"}
# In lower case, without what is not a letter or a digit.
_KNOWN: Mapping[str, tuple[str, ...]] = {
    "events_treated": (
        *("eventstreated", "ai", "evente", "events1", "event1", "experimentalevents"),
        *("eventsexperimental", "treatmentevents", "eventstreatment", "r1", "tpos"),
        *("eventsintervention", "interventionevents", "casesexperimental"),
        "experimentalcases",
    ),
    "n_treated": (
        *("ntreated", "n1i", "ne", "total1", "n1", "experimentaltotal", "n1treated"),
        *("totalexperimental", "treatmenttotal", "totaltreatment", "experimentaln"),
        *("totalintervention", "interventiontotal", "interventionn"),
    ),
    "events_control": (
        *("eventscontrol", "ci", "eventc", "events2", "event2", "controlevents"),
        *("r2", "cpos", "controlcases"),
    ),
    "n_control": (
        *("ncontrol", "n2i", "nc", "total2", "n2", "controltotal", "totalcontrol"),
        "controln",
    ),
    "events": ("events", "event", "xi", "x", "cases", "r"),
    "n": ("n", "ni", "total", "patients", "size", "samplesize"),
    "bi": ("bi", "tneg", "noneventstreated"),
    "di": ("di", "cneg", "noneventscontrol"),
    "mi": ("mi", "nonevents"),
    "trial": (
        *("trial", "study", "studlab", "slab", "studyid", "studyname", "author"),
        *("name", "trials", "studies", "studyorsubgroup"),
    ),
}
_TOTAL = re.compile(r"\W*(sub)?(total|overall|sum|pooled|all|gesamt|summe)\b", re.I)


@dataclass(frozen=True)
class Table:
    """Counts read from a file.

    Attributes
    ----------
    counts : tuple of (k,) arrays
        In the order of their columns.
    trial : tuple of k str
    group : tuple of k str
        Empty without a grouping column.
    covariate : (k,) array or None
        Numbers to regress on.
    bias : tuple of k str
        Judgements of the risk of bias; empty without a column of them.
    notes : tuple of str
        What the reader of the answer must know of the reading.
    """

    counts: tuple[Array, ...]
    trial: tuple[str, ...]
    group: tuple[str, ...] = ()
    covariate: Array | None = None
    bias: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def groups(self) -> dict[str, tuple[Array, ...]]:
        """Return the counts of each group, in the order of the file."""
        of = np.array(self.group)
        return {
            name: tuple(count[of == name] for count in self.counts)
            for name in dict.fromkeys(self.group)
        }

    def without(self, row: int) -> Table:
        """Return the table less a row."""
        kept = np.arange(len(self.trial)) != row
        return replace(
            self,
            counts=tuple(count[kept] for count in self.counts),
            trial=tuple(np.array(self.trial, dtype=object)[kept]),
            group=tuple(np.array(self.group, dtype=object)[kept]) if self.group else (),
            covariate=None if self.covariate is None else self.covariate[kept],
            bias=tuple(np.array(self.bias, dtype=object)[kept]) if self.bias else (),
        )


@dataclass(frozen=True)
class Sheet:
    """The cells of a file: a header and rows, each with its line."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    notes: tuple[str, ...]

    @property
    def named(self) -> str:
        """The columns, for messages."""
        return ", ".join(name for name in self.header if name) or "none with a name"


def sheet(path: Path) -> Sheet:
    """Read the cells of a CSV file.

    Parameters
    ----------
    path : Path
        ``-`` stands for standard input.

    Returns
    -------
    Sheet

    Raises
    ------
    analysis.schema.DataError
        If it is not a table of text.
    """
    file = str(path)
    content, notes = _text(path, file)
    # Lines end as the reader of CSV has it, not where Unicode sees other ends.
    lines = [line.rstrip("\r") for line in content.split("\n")]
    if not lines[-1]:
        lines.pop()
    first = 1
    while lines and not lines[0].strip(" \t;,"):
        lines, first = lines[1:], first + 1
    separator = ""
    if lines and (named := re.fullmatch(r'"?sep=(.)"?', lines[0].strip())):
        separator, lines, first = named[1], lines[1:], first + 1
    separator = separator or max(",;\t|", key="".join(lines[:1]).count)
    if separator != ",":
        word = {";": "semicolons", "\t": "tabs", "|": "bars"}.get(separator, separator)
        notes.append(f"columns are separated by {word}")
    body = [*content.split("\n", first - 1), ""][first - 1]
    # What is blank is the reader's to say, as it knows white space beyond ASCII.
    records = list(_records(body, separator, file, first))
    if not records:
        raise _refused(file, None, None, "an empty file", "a table with a first line")
    header = tuple(_clean(cell) for cell in records[0][1])
    rows = records[1:]
    if not rows:
        raise _refused(file, first + 1, None, "no row", "at least one row of data")
    return Sheet(file, header, tuple(rows), tuple(notes))


def kinds(found: Sheet, columns: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Say what is missing for each kind of table; nothing where all is there."""
    known = _places(found, columns)
    return {
        names: ", ".join(
            name
            for name in names
            if name not in known
            and not (
                (name == "n_treated" and "bi" in known)
                or (name == "n_control" and "di" in known)
                or (name == "n" and "mi" in known)
            )
        )
        for names in (TWO_ARMS, ONE_ARM)
    }


def read(
    found: Sheet,
    names: Sequence[str],
    columns: Mapping[str, str],
    *,
    by: str | None = None,
    covariate: str | None = None,
    bias: str | None = None,
    keep_total: bool = False,
) -> Table:
    """Read the counts of trials from a sheet.

    Parameters
    ----------
    found : Sheet
    names : sequence of str
        ``TWO_ARMS`` or ``ONE_ARM``.
    columns : mapping from str to str
        The sheet's column for a name, where it is not a known one.
    by, covariate, bias : str, optional
        Columns to group by, to regress on, and of judgements of the risk of bias.
    keep_total : bool
        Whether a row that adds up the others is a trial.

    Returns
    -------
    Table

    Raises
    ------
    analysis.schema.DataError
        With every fault of the file.
    """
    places = _places(found, columns)
    faults: list[Fault] = []
    for name in (by, covariate, bias):
        if name and name not in found.header:
            faults.append(_missing(found, name))
    for name in names:
        if name in places or _others(name) in places:
            continue
        faults.append(_missing(found, name))
    if faults:
        raise DataError(faults)
    used = {
        name: places[name] if name in places else places[_others(name)]
        for name in names
    }
    labelled = {
        "trial": places.get("trial"),
        "by": _at(found, by),
        "bias": _at(found, bias),
    }
    read_at = {*used.values(), *labelled.values(), _at(found, covariate)}
    counts: list[list[float]] = []
    labels: dict[str, list[str]] = {"trial": [], "by": [], "bias": []}
    numbers: list[float] = []
    for line, cells in found.rows:
        if len(cells) < len(found.header) or any(
            cell.strip() for cell in cells[len(found.header) :]
        ):
            got, expected = f"{len(cells)} cells", f"{len(found.header)} cells"
            faults.append(Fault(found.file, line, None, got, expected))
            continue
        row = _row(found, line, cells, used, places, faults)
        counts.append(row)
        for key, column in labelled.items():
            if column is not None:
                label = _label(found, line, cells[column], column, key == "by", faults)
                labels[key].append(label)
        if covariate:
            numbers.append(_number(found, line, cells, covariate, faults))
    if faults:
        raise DataError(faults)
    trial = tuple(
        name or str(i)
        for i, name in enumerate(labels["trial"] or [""] * len(counts), start=1)
    )
    table = Table(
        tuple(np.array(column) for column in zip(*counts, strict=True)),
        trial,
        tuple(labels["by"]),
        np.array(numbers) if covariate else None,
        tuple(labels["bias"]),
        (*found.notes, *_renamed(found, used), *_unread(found, read_at)),
    )
    table = _without_total(table, keep_total)
    _refuse_repeats(found, table)
    return table


def _others(name: str) -> str:
    return {"n_treated": "bi", "n_control": "di", "n": "mi"}.get(name, name)


def _places(found: Sheet, columns: Mapping[str, str]) -> dict[str, int]:
    """Return where the sheet has each thing that is known by name."""
    plain = [re.sub(r"[\W_]", "", name.lower()) for name in found.header]
    places = {}
    for name, known in _KNOWN.items():
        if name in columns:
            if columns[name] not in found.header:
                raise DataError([_missing(found, columns[name])])
            places[name] = found.header.index(columns[name])
            continue
        if name in found.header:
            if found.header.count(name) > 1:
                times = f"the column {found.header.count(name)} times"
                raise _refused(found.file, 1, name, times, "it once")
            places[name] = found.header.index(name)
            continue
        at = [i for i, one in enumerate(plain) if one in known]
        if at:
            places[name] = at[0]
    return places


def _at(found: Sheet, name: str | None) -> int | None:
    return None if name is None else found.header.index(name)


def _row(
    found: Sheet,
    line: int,
    cells: list[str],
    used: Mapping[str, int],
    places: Mapping[str, int],
    faults: list[Fault],
) -> list[float]:
    row: list[float] = []
    for name, column in used.items():
        title, cell = found.header[column], cells[column].strip()
        events = not name.startswith("n")
        least = 0 if events or column != places.get(name) else 1
        number = _count(cell)
        if number is None or number < least:
            got = repr(cell) if cell else "nothing"
            expected = f"a whole number from {least} up"
            faults.append(Fault(found.file, line, title, got, expected))
            row.append(np.nan)
            continue
        if not events:
            if column != places.get(name):
                number += row[-1]  # non-events are given in place of patients
            if number < row[-1]:
                before = found.header[used[list(used)[len(row) - 1]]]
                faults.append(
                    Fault(
                        found.file,
                        line,
                        before,
                        repr(cells[found.header.index(before)].strip()),
                        f"no more events than patients ({title})",
                    )
                )
            if number == 0:
                got = "an arm without patients"
                faults.append(Fault(found.file, line, title, got, "at least one"))
        row.append(number)
    return row


def _count(cell: str) -> float | None:
    """Read 12, 12.0, 1 200 and 1,200; None for what is not a whole number."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", cell)
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", plain):
        plain = plain.replace(",", "")
    if re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}([.,]0*)?", plain):
        return float(re.split(r"[.,]", plain)[0])
    return None


def _number(
    found: Sheet, line: int, cells: list[str], name: str, faults: list[Fault]
) -> float:
    cell = cells[found.header.index(name)].strip()
    plain = cell.replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"-?[0-9]+(,[0-9]+)", plain):
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        got = repr(cell) if cell else "nothing"
        faults.append(Fault(found.file, line, name, got, "a number"))
    return number


def _label(
    found: Sheet, line: int, cell: str, column: int, needed: bool, faults: list[Fault]
) -> str:
    name = _clean(cell)
    if (needed and not name) or len(name) > 200 or not name.isprintable():
        got = repr(name[:60]) if name else "nothing"
        expected = "a name of 1 to 200 printable characters"
        faults.append(Fault(found.file, line, found.header[column], got, expected))
    return name


def _clean(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()


def _unread(found: Sheet, read_at: set[int | None]) -> list[str]:
    titles = [t for i, t in enumerate(found.header) if t and i not in read_at]
    if not titles:
        return []
    column = "column was" if len(titles) == 1 else "columns were"
    return [f"{len(titles)} {column} not read: {', '.join(map(repr, titles))}"]


def _renamed(found: Sheet, used: Mapping[str, int]) -> list[str]:
    read = {
        name: found.header[column]
        for name, column in used.items()
        if found.header[column] != name
    }
    if not read:
        return []
    pairs = ", ".join(f"{name} from {title!r}" for name, title in read.items())
    return [f"columns were recognised: {pairs}"]


def _without_total(table: Table, keep: bool) -> Table:
    """Leave out the row that adds up all others, and say so."""
    k = len(table.trial)
    counts = np.array(table.counts)
    sums = counts.sum(axis=1, keepdims=True)
    adds_up = ((2 * counts == sums) & (counts > 0)).any(axis=0) & (
        2 * counts == sums
    ).all(axis=0)
    named = [bool(_TOTAL.match(name)) for name in table.trial]
    for row in range(k):
        if not (adds_up[row] and k > (2 if named[row] else 3) - named[row]):
            continue
        told = f"row {row + 1} ({table.trial[row]}) is the sum of all others"
        if keep:
            return replace(table, notes=(*table.notes, f"{told} and is kept"))
        left_out = f"{told}: taken for a total and left out (--keep-total keeps it)"
        return replace(table.without(row), notes=(*table.notes, left_out))
    notes = tuple(
        f"row {row + 1} is named {table.trial[row]!r}, but is not the sum of the "
        "others: pooled as a trial"
        for row in range(k)
        if named[row]
    )
    return replace(table, notes=(*table.notes, *notes))


def _refuse_repeats(found: Sheet, table: Table) -> None:
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for i, name in enumerate(table.trial):
        key = (name, table.group[i] if table.group else "")
        if key in seen:
            got = f"{name!r} twice, as trials {seen[key]} and {i + 1}"
            expected = "a name for each trial (add a year or an arm)"
            faults.append(Fault(found.file, None, "trial", got, expected))
        seen.setdefault(key, i + 1)
    if faults:
        raise DataError(faults)


def _missing(found: Sheet, name: str) -> Fault:
    kinds = "; ".join(",".join(names) for names in (TWO_ARMS, ONE_ARM))
    return Fault(
        found.file,
        1,
        name,
        f"no such column (found: {found.named})",
        f"it, or to be told by --columns which one it is (tables: {kinds})",
    )


def _refused(
    file: str, row: int | None, column: str | None, got: str, expected: str
) -> DataError:
    return DataError([Fault(file, row, column, got, expected)])


def _text(path: Path, file: str) -> tuple[str, list[str]]:
    try:
        if str(path) == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        elif path.exists() and not path.is_file():
            raise _refused(file, None, None, "no regular file", "a CSV file")
        else:
            with path.open("rb") as stream:
                raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _refused(file, None, None, reason, "a readable file") from error
    if len(raw) > MOST_BYTES:
        raise _refused(file, None, None, "over 64 MiB", "a table of at most 64 MiB")
    if raw[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        got, expected = "a workbook", "a CSV file (in Excel: save as CSV UTF-8)"
        raise _refused(file, None, None, got, expected)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(raw, "utf-16", file), ["the file is in UTF-16"]
    return _decoded(raw, "utf-8-sig", file), []


def _decoded(raw: bytes, encoding: str, file: str) -> str:
    try:
        content = raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{raw[error.start]:02X}"
        expected = "UTF-8 text (save the file as UTF-8)"
        raise _refused(file, row, None, got, expected) from error
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _records(
    content: str, separator: str, file: str, first: int
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(content, newline=""), delimiter=separator, strict=True
    )
    line = first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = first + reader.line_num
    except csv.Error as error:
        got = f"unreadable CSV ({error})"
        raise _refused(file, line, None, got, "well-formed CSV") from error
