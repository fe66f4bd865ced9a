"""Where the tables of an extract lie: folders as delivered, flat, or an archive.

The Uppsala Monitoring Centre delivers ``main/`` (tables), ``sub/`` (code lists
and SUSPECTEDDUPLICATES) and ``who/`` (the dictionary, with an SRCE of its own).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import archives
from analysis.vigibase.layout import CODE_LISTS, TABLES

TEXTS = (".csv", ".txt", ".tsv", ".dat", ".asc")
PARQUET = ".parquet"
# Names that other versions and tools give to tables.
OTHER_TABLES = {"suspdup": "suspectedduplicates"}
# Tables of the dictionary: a folder with two of them is no place for reports.
_DICTIONARY = {"mp", "thg", "atc", "ing", "sun", "ccode", "org", "prt", "pf", "str"}
_DEPTH = 3


@dataclass(frozen=True)
class Files:
    """The files of an extract.

    Attributes
    ----------
    folder : Path
    tables : dict of str to Path
        By name of the table; those that were found.
    code_lists : dict of str to Path
        By name of the code list; those that were found.
    scratch : Path
        A folder for what is needed while the extract is read.
    dictionary : Path or None
        Folder of the drug dictionary, if it came along.
    missing : tuple of str
        Tables that are not there and need not be, as the user said.
    """

    folder: Path
    tables: dict[str, Path]
    code_lists: dict[str, Path]
    scratch: Path
    dictionary: Path | None = None
    missing: tuple[str, ...] = field(default=())

    @property
    def bytes(self) -> int:
        """Size of the tables together."""
        return sum(path.stat().st_size for path in self.tables.values())

    def name(self, table: str) -> str:
        """Name the file of a table, as it is called within the extract."""
        path = self.tables.get(table)
        return path.name if path else TABLES[table].stem


@contextmanager
def files_of(
    place: Path, accept: Collection[str] = (), scratch: Path | None = None
) -> Iterator[Files]:
    """Find the tables and code lists of an extract, unpacking it if need be.

    Parameters
    ----------
    place : Path
        The folder of the extract, its ``main/``, or an archive of either.
    accept : collection of str
        Tables that may be missing.
    scratch : Path, optional
        Folder in which unpacked or recoded copies are made for as long as the
        files are in use; that for temporary files unless said.

    Raises
    ------
    ExtractError
        If the place does not exist, a table is missing, or is there twice.
    """
    if not place.exists():
        raise ExtractError(f"{place}: no such folder; expected that of an extract")
    with TemporaryDirectory(prefix=".vigibase-", dir=scratch) as name:
        copies = Path(name)
        if place.is_file():
            if not archives.is_archive(place):
                raise ExtractError(
                    f"{place}: neither a folder nor an archive; "
                    "expected the folder of an extract"
                )
            archives.unpack(place, copies / "unpacked")
            yield _find(copies / "unpacked", place, copies, accept)
            return
        # Alone or beside the others, a table may be packed by itself.
        lying = {_table(path) for path in _files(place)}
        packed = [path for path in _files(place) if archives.is_archive(path)]
        if "demo" in lying:
            packed = [path for path in packed if _lacks(path, lying)]
        for number, path in enumerate(packed):
            archives.unpack(path, copies / "unpacked" / f"{number}-{path.name}")
        yield _find(place, place, copies, accept)


def _find(folder: Path, place: Path, scratch: Path, accept: Collection[str]) -> Files:
    paths = [*_files(folder)]
    if folder != scratch / "unpacked":
        paths += _files(scratch / "unpacked")
    if folder.name.lower() == "main" and folder == place:
        paths += _files(folder.parent / "sub")
    dictionaries = _dictionaries(paths)
    paths = [path for path in paths if path.parent not in dictionaries]
    found: dict[str, list[Path]] = {}
    for path in paths:
        if name := _table(path):
            found.setdefault(name, []).append(path)
    tables = {
        name: _one(place, folder, found[name]) for name in TABLES if name in found
    }
    missing = [name for name in TABLES if name not in tables]
    if refused := [name for name in missing if name not in accept]:
        raise ExtractError(_missing(place, refused, bool(tables)))
    _check_one_delivery(place, tables)
    lists: dict[str, Path] = {}
    for path in paths:
        for name in CODE_LISTS:
            stem = path.stem.lower().removesuffix("_lx")
            listed = path.stem.lower() == f"{name.lower()}_lx"
            if stem == name.lower() and (listed or path.suffix.lower() == PARQUET):
                lists.setdefault(name, path)
    return Files(
        folder=folder,
        tables=tables,
        code_lists=lists,
        scratch=scratch,
        dictionary=next(iter(sorted(dictionaries)), None),
        missing=tuple(missing),
    )


def _files(folder: Path, depth: int = _DEPTH) -> Iterator[Path]:
    """Yield files down to a depth; what is hidden or a link elsewhere stays out."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and depth > 1:
            yield from _files(path, depth - 1)


def _table(path: Path) -> str:
    """Name the table that a file is by its name; empty for another."""
    if path.suffix.lower() not in (*TEXTS, PARQUET):
        return ""
    stem = path.stem.lower().rstrip("_")
    stem = OTHER_TABLES.get(stem, stem)
    return stem if stem in TABLES else ""


def _lacks(path: Path, lying: set[str]) -> bool:
    """Whether a packed file is a table that does not lie there unpacked."""
    name = _table(path.with_suffix("")) or _table(Path(f"{path.stem}.csv"))
    return bool(name) and name not in lying


def _dictionaries(paths: list[Path]) -> set[Path]:
    stems: dict[Path, set[str]] = {}
    for path in paths:
        stems.setdefault(path.parent, set()).add(path.stem.lower())
    return {
        folder
        for folder, names in stems.items()
        if "demo" not in names
        and (folder.name.lower() == "who" or len(names & _DICTIONARY) > 1)
    }


def _one(place: Path, folder: Path, paths: list[Path]) -> Path:
    """Choose the file of a table: as delivered, before what was made of it."""
    delivered = [path for path in paths if path.suffix.lower() != PARQUET]
    chosen = delivered or paths
    if len(chosen) > 1:
        names = ", ".join(
            str(path.relative_to(folder) if path.is_relative_to(folder) else path)
            for path in chosen
        )
        raise ExtractError(f"{place}: one table in several files ({names}); keep one")
    return chosen[0]


def _missing(place: Path, names: list[str], some: bool) -> str:
    stems = ", ".join(TABLES[name].stem for name in names)
    plural = "s" * (len(names) > 1)
    if not some:
        return (
            f"{place}: no file for any table of an extract; expected DEMO, DRUG, ADR "
            "and the others as .csv, .txt or .parquet, in it or in main/ and sub/"
        )
    hint = ""
    if names == ["suspectedduplicates"]:
        hint = " (it lies in sub/, beside main/; without it, duplicates are counted)"
    return (
        f"{place}: no file for the table{plural} {stems} (as .csv, .txt or .parquet)"
        f"{hint}; put every table of the extract there, or pass --accept "
        f"{','.join(TABLES[name].stem for name in names)} if there is none"
    )


def _check_one_delivery(place: Path, tables: dict[str, Path]) -> None:
    kinds: dict[bool, list[str]] = {}
    for name, path in tables.items():
        kinds.setdefault(path.suffix.lower() == PARQUET, []).append(TABLES[name].stem)
    if len(kinds) > 1:
        raise ExtractError(
            f"{place}: {', '.join(kinds[True])} as Parquet only, the others as text; "
            "an extract comes in one form"
        )
