"""Codes looked up in MedDRA and WHODrug, where the user has them; none ship.

MedDRA as distributed (``llt.asc``, ``mdhier.asc``, ``smq_list.asc``,
``smq_content.asc``), WHODrug as the folder ``who/`` of an extract (``MP.csv``,
``ThG.csv``, ``ING.csv``, ``SUN.csv``), or what vigicaen makes of either
(``meddra_hierarchy.parquet``, ``mp.parquet``, ...).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from analysis.vigibase.errors import CodesError
from analysis.vigibase.intake.reading import quoted

LEVELS = ("llt", "pt", "hlt", "hlgt", "soc")
SCOPES = {"narrow": ("2",), "broad": ("1", "2")}
PRODUCTS = ("name", "substance", "atc")

_LLT = ("llt_code", "llt_name", "pt_code", *(f"l{n}" for n in range(9)))
_HIERARCHY = (
    *("pt_code", "hlt_code", "hlgt_code", "soc_code", "pt_name", "hlt_name"),
    *("hlgt_name", "soc_name", "soc_abbrev", "null_field", "pt_soc_code"),
    *("primary_soc_fg", "empty_col"),
)
_SMQ_LIST = (
    *("smq_code", "smq_name", "smq_level", "smq_description", "smq_source"),
    *("smq_note", "MedDRA_version", "status", "smq_algorithm", "empty_col"),
)
_SMQ_CONTENT = (
    *("smq_code", "term_code", "term_level", "term_scope", "term_category"),
    *("term_weight", "term_status", "term_addition_version"),
    *("term_last_modified_version", "empty_col"),
)
_MP = (
    *("Record_Id", "Umc_Product_Id", "DrecNo", "Seq1", "Seq2", "Seq3", "Seq4"),
    *("synonym", "name", *(f"m{n}" for n in range(13))),
)
_THG = ("Therapgroup_Id", "atc", "Create_date", "official", "Record_Id")
_ING = ("Ingredient_Id", "Created", "Substance_Id", "Q1", "Q2", "Unit", "Record_Id")
_SUN = ("Substance_Id", "CAS", "Language", "name", "Year", "Reference")


@dataclass(frozen=True)
class Dictionaries:
    """Folders of the licensed dictionaries, and their versions.

    Attributes
    ----------
    meddra, whodrug : Path or None
    meddra_version, whodrug_version : str
        As the user states them; empty if not.
    """

    meddra: Path | None = None
    whodrug: Path | None = None
    meddra_version: str = ""
    whodrug_version: str = ""

    def terms(self, level: str, wanted: Sequence[str], where: str) -> tuple[int, ...]:
        """Look up lowest level terms under terms of a level, by name or code.

        Parameters
        ----------
        level : {"llt", "pt", "hlt", "hlgt", "soc"}
        wanted : sequence of str
        where : str
            For messages.

        Raises
        ------
        CodesError
            If MedDRA is not there, or a term is not in it.
        """
        connection = self._hierarchy(where)
        codes: set[int] = set()
        for term in wanted:
            found = connection.execute(
                f"SELECT DISTINCT llt_code FROM hierarchy WHERE {level}_code = ? "
                f"OR lower({level}_name) = lower(?)",
                [term, term],
            ).fetchall()
            if not found:
                names = _column(
                    connection, f"SELECT DISTINCT {level}_name FROM hierarchy"
                )
                raise _unknown(where, term, names, f"a MedDRA {level.upper()}")
            codes |= {int(code) for (code,) in found}
        return tuple(sorted(codes))

    def query(self, wanted: Sequence[str], scope: str, where: str) -> tuple[int, ...]:
        """Look up the lowest level terms of Standardised MedDRA Queries.

        An SMQ that holds others takes theirs along; of a preferred term, all
        lowest level terms are taken.

        Raises
        ------
        CodesError
            If MedDRA is not there, or a query is not in it.
        """
        connection = self._hierarchy(where)
        _load(connection, "smq_list", self.meddra, ("smq_list",), _SMQ_LIST, "$", where)
        _load(
            *(connection, "smq_content", self.meddra, ("smq_content",)),
            *(_SMQ_CONTENT, "$", where),
        )
        codes: set[int] = set()
        for name in wanted:
            bare = name.removesuffix("(SMQ)").strip().lower()
            found = _column(
                connection,
                "SELECT DISTINCT smq_code FROM smq_list WHERE smq_code = ? OR "
                "lower(trim(replace(smq_name, '(SMQ)', ''))) = ?",
                [name, bare],
            )
            if not found:
                names = _column(connection, "SELECT smq_name FROM smq_list")
                raise _unknown(where, name, names, "an SMQ")
            codes |= _content(connection, found, SCOPES[scope])
        return tuple(sorted(codes))

    def missed(self, codes: Sequence[int]) -> tuple[tuple[int, str, int, int], ...]:
        """Find preferred terms of which only some lowest level terms are listed.

        Returns
        -------
        tuple of (code, name, listed, of)
            Of each such preferred term whose own code is listed.
        """
        if self.meddra is None or not codes:
            return ()
        listed = ", ".join(f"'{code}'" for code in codes)
        rows = self._hierarchy("terms").execute(
            "SELECT pt_code::BIGINT, min(pt_name), "
            f"count(DISTINCT llt_code) FILTER (llt_code IN ({listed})) AS listed, "
            "count(DISTINCT llt_code) AS n FROM hierarchy "
            f"WHERE pt_code IN ({listed}) GROUP BY pt_code HAVING listed < n "
            "ORDER BY 1"
        )
        return tuple((int(a), str(b), int(c), int(d)) for a, b, c, d in rows.fetchall())

    def names(self, level: str) -> dict[int, tuple[int, str]]:
        """Map codes of lowest level terms to the code and name at a level."""
        if self.meddra is None:
            return {}
        rows = self._hierarchy("level").execute(
            f"SELECT DISTINCT llt_code::BIGINT, {level}_code::BIGINT, {level}_name "
            "FROM hierarchy WHERE coalesce(primary_soc_fg, 'Y') = 'Y'"
        )
        return {int(llt): (int(code), str(name)) for llt, code, name in rows.fetchall()}

    def drugs(self, by: str, wanted: Sequence[str], where: str) -> tuple[int, ...]:
        """Look up drug record numbers by name, by substance or by ATC code.

        Parameters
        ----------
        by : {"name", "substance", "atc"}
            A name finds the products called so, and combinations that name it;
            a substance all that contain it; an ATC code all in its class.
        wanted : sequence of str
        where : str

        Raises
        ------
        CodesError
            If WHODrug is not there, or a drug is not in it.
        """
        if self.whodrug is None:
            raise CodesError(
                f"{where}: {by} has to be looked up in WHODrug; give its folder as "
                "dictionaries, whodrug"
            )
        connection = duckdb.connect()
        _load_products(connection, self.whodrug, where)
        codes: set[int] = set()
        for drug in wanted:
            found = _drugs_by(connection, self.whodrug, by, drug, where)
            if not found:
                names = _column(connection, "SELECT DISTINCT name FROM mp LIMIT 50000")
                raise _unknown(where, drug, names, f"a {by} in WHODrug")
            codes |= found
        return tuple(sorted(codes))

    def _hierarchy(self, where: str) -> duckdb.DuckDBPyConnection:
        if self.meddra is None:
            raise CodesError(
                f"{where}: has to be looked up in MedDRA; give its folder as "
                "dictionaries, meddra"
            )
        connection = duckdb.connect()
        made = _found(self.meddra, ("meddra_hierarchy",), (".parquet",))
        if made:
            connection.execute(_typed_text("hierarchy", made))
            return connection
        _load(connection, "llt", self.meddra, ("llt",), _LLT, "$", where)
        _load(connection, "mdhier", self.meddra, ("mdhier",), _HIERARCHY, "$", where)
        connection.execute(
            "CREATE TABLE hierarchy AS SELECT llt_code, llt_name, mdhier.* "
            "FROM llt JOIN mdhier USING (pt_code)"
        )
        return connection


def _content(
    connection: duckdb.DuckDBPyConnection, queries: Sequence[str], scopes: Sequence[str]
) -> set[int]:
    done: set[str] = set()
    todo, codes = list(queries), set()
    listed = ", ".join(f"'{scope}'" for scope in scopes)
    while todo:
        query = todo.pop()
        if query in done:
            continue
        done.add(query)
        rows = connection.execute(
            "SELECT term_code, term_level, term_scope "
            "FROM smq_content WHERE smq_code = ? "
            f"AND (term_scope IN ({listed}) OR term_level = '0') "
            "AND coalesce(term_status, 'A') <> 'I'",
            [query],
        ).fetchall()
        for code, level, _ in rows:
            if level == "0":
                todo.append(code)
                continue
            codes.add(int(code))
            if level == "4":
                codes |= {
                    int(llt)
                    for llt in _column(
                        connection,
                        "SELECT DISTINCT llt_code FROM hierarchy WHERE pt_code = ?",
                        [code],
                    )
                }
    return codes


def _load_products(
    connection: duckdb.DuckDBPyConnection, folder: Path, where: str
) -> None:
    if made := _found(folder, ("mp",), (".parquet",)):
        connection.execute(_typed_text("made", made))
        connection.execute(
            "CREATE TABLE mp AS SELECT Record_Id, DrecNo, "
            '"Sequence.number.1" AS Seq1, "Sequence.number.2" AS Seq2, '
            "drug_name_t AS name FROM made"
        )
        return
    _load(connection, "mp", folder, ("mp",), _MP, ",", where)


def _drugs_by(
    connection: duckdb.DuckDBPyConnection, folder: Path, by: str, drug: str, where: str
) -> set[int]:
    if by == "name":
        # As vigicaen: the name, or a combination in which it stands as a word.
        word = rf"(^|[^a-z]){re.escape(drug.strip().lower())}($|[^\sa-z])"
        named = _column(
            connection,
            "SELECT DISTINCT DrecNo FROM mp WHERE regexp_matches(lower(trim(name)), ?)",
            [word],
        )
    elif by == "substance":
        _load(connection, "ing", folder, ("ing",), _ING, ",", where)
        _load(connection, "sun", folder, ("sun",), _SUN, ",", where)
        named = _column(
            connection,
            "SELECT DISTINCT DrecNo FROM mp JOIN ing USING (Record_Id) JOIN sun "
            "ON sun.Substance_Id = ing.Substance_Id WHERE lower(trim(sun.name)) = ?",
            [drug.strip().lower()],
        )
    else:
        if made := _found(folder, ("thg",), (".parquet",)):
            connection.execute(_typed_text("groups", made))
            connection.execute(
                'CREATE OR REPLACE TABLE thg AS SELECT "ATC.code" AS atc, Record_Id '
                "FROM groups"
            )
        else:
            _load(connection, "thg", folder, ("thg",), _THG, ",", where)
        named = _column(
            connection,
            "SELECT DISTINCT DrecNo FROM mp JOIN thg USING (Record_Id) "
            "WHERE starts_with(trim(atc), ?)",
            [drug.strip().upper()],
        )
    return {int(float(code)) for code in named if code}


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    folder: Path | None,
    stems: Sequence[str],
    columns: Sequence[str],
    sign: str,
    where: str,
) -> None:
    path = (
        _found(folder, stems, (".parquet", ".asc", ".csv", ".txt")) if folder else None
    )
    if path is None:
        raise CodesError(f"{where}: {folder}: no file {stems[0]} of the dictionary")
    if path.suffix.lower() == ".parquet":
        connection.execute(_typed_text(table, path))
        return
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    quote = "" if sign == "$" else '"'
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT trim(COLUMNS(*)) FROM read_csv("
            f"{quoted(str(path))}, columns = {{{types}}}, header = false, "
            f"auto_detect = false, delim = '{sign}', quote = '{quote}', "
            f"escape = '{quote}', null_padding = true, strict_mode = false, "
            "encoding = 'utf-8', ignore_errors = false)"
        )
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise CodesError(f"{where}: {path} cannot be read: {reason}") from error


def _typed_text(table: str, path: Path) -> str:
    return (
        f"CREATE OR REPLACE TABLE {table} AS SELECT COLUMNS(*)::VARCHAR "
        f"FROM read_parquet({quoted(str(path))})"
    )


def _found(folder: Path, stems: Sequence[str], endings: Sequence[str]) -> Path | None:
    if not folder.is_dir():
        return None
    paths = {path.name.lower(): path for path in folder.iterdir()}
    names = (f"{stem}{ending}" for stem in stems for ending in endings)
    return next((paths[name] for name in names if name in paths), None)


def _column(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[str] = ()
) -> list[str]:
    return [str(x) for (x,) in connection.execute(sql, list(values)).fetchall() if x]


def _unknown(where: str, term: str, names: Sequence[str], what: str) -> CodesError:
    near = get_close_matches(term.lower(), [name.lower() for name in names], n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return CodesError(f"{where}: got {term!r}, expected {what}{hint}")
