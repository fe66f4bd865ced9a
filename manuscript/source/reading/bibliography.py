"""Works that can be cited, read from CSL-JSON, BibTeX or RIS as pandoc reads them.

Pandoc turns BibTeX and RIS into the records that citations are printed from, so that
checks, citations and pages speak of the same works under the same keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from manuscript.errors import ManuscriptError
from manuscript.source import foreign
from manuscript.source.reading import pandoc

Record = Mapping[str, Any]

# As pandoc's citeproc takes them by their names' ends.
FORMATS: Final[Mapping[str, str]] = {
    ".json": "csljson",
    ".bib": "biblatex",
    ".bibtex": "bibtex",
    ".ris": "ris",
}
_KEYS: Final[Mapping[str, re.Pattern[str]]] = {
    ".json": re.compile(r'"id"\s*:\s*"?([^",\s}]+)'),
    ".bib": re.compile(r"@(?!comment|preamble|string)\w+\s*\{\s*([^,\s]+)", re.I),
    ".ris": re.compile(r"^ID  - (\S+)", re.M),
}
_PLACE = re.compile(r"\(line (\d+), column \d+\):\s*(.*)", re.DOTALL)
_BIBTEX = re.compile(r"\\.|[{}\"]|([A-Za-z][\w-]*)\s*=")
_EXPECTED = "a list of entries in CSL-JSON, each with an `id`"


@dataclass(frozen=True)
class Works:
    """The works of a bibliography.

    Attributes
    ----------
    file : str
    text : str
        As it stands.
    records : tuple of mapping
        In CSL, in the order of the file; each has an ``id``.
    """

    file: str
    text: str
    records: tuple[Record, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys by which the works are cited."""
        return tuple(str(record["id"]) for record in self.records)

    def lines(self) -> dict[str, int]:
        """Lines at which entries name their keys; 1 for one that names none."""
        found: dict[str, int] = {}
        line, end = 1, 0
        for match in _keys(self.file).finditer(self.text):
            line += self.text.count("\n", end, match.start(1))
            end = match.start(1)
            found.setdefault(match[1], line)
        return {key: found.get(key, 1) for key in self.keys}

    def repeated(self) -> list[str]:
        """Keys that more than one entry names."""
        named = [match[1] for match in _keys(self.file).finditer(self.text)]
        known = set(self.keys)
        return sorted({key for key in named if key in known and named.count(key) > 1})

    def fields_twice(self) -> list[tuple[str, str]]:
        """Keys of entries, each with a field that it gives more than once."""
        if _suffix(self.file) == ".json":
            found = _json_fields_twice(self.text)
        elif _suffix(self.file) == ".ris":
            return []  # where tags are repeated for each author
        else:
            found = _bibtex_fields_twice(self.text)
        known = set(self.keys)
        return [(key, name) for key, name in found if key in known]

    def extended(self, more: Iterable[Record]) -> str:
        """Write the file with entries more at its end, in its own format."""
        entries = list(more)
        if not entries:
            return self.text
        if _suffix(self.file) == ".json":
            return _more_json(self.text, entries)
        if _suffix(self.file) == ".ris":
            added = "\n".join(map(_ris, entries))
        else:
            form = FORMATS[_suffix(self.file)]
            given = json.dumps(entries, ensure_ascii=False)
            added = pandoc.run(("-f", "csljson", "-t", form), given, Path.cwd())
        return f"{self.text.rstrip()}\n\n{added.rstrip()}\n"


def read_works(root: Path, file: str) -> Works:
    """Read a bibliography.

    Parameters
    ----------
    root : Path
        The project.
    file : str
        Its path in the project; the end of the name tells the format.

    Raises
    ------
    ManuscriptError
        For what cannot be read, with the line where that is known.
    """
    suffix = _suffix(file)
    if suffix not in FORMATS:
        raise ManuscriptError(
            file,
            0,
            "is a bibliography of another kind than CSL-JSON, BibTeX and RIS",
            "export it as .json, .bib or .ris",
        )
    try:
        text = foreign.read_bytes(root / file).decode("utf-8-sig")
    except (foreign.UnreadableError, UnicodeDecodeError) as error:
        what = f"cannot be read: {error}"
        raise ManuscriptError(file, 0, what, "save it as UTF-8 text") from error
    if suffix == ".json":
        return Works(file, text, _csl(file, text))
    try:
        said = pandoc.run(("-f", FORMATS[suffix], "-t", "csljson"), text, root)
    except pandoc.PandocError as error:
        place = _PLACE.search(str(error))
        what = " ".join((place[2] if place else str(error)).split())
        kind = "RIS" if suffix == ".ris" else "BibTeX"
        raise ManuscriptError(
            file,
            min(int(place[1]), text.count("\n") + 1) if place else 0,
            f"is no {kind} that pandoc can read: {what}",
            "correct the entry, or export the file again",
        ) from error
    return Works(file, text, tuple(json.loads(said)))


def _csl(file: str, text: str) -> tuple[Record, ...]:
    try:
        found = json.loads(text)
        if not isinstance(found, list):
            raise TypeError("it is no list")
        json.dumps(found, ensure_ascii=False).encode()  # raises at half a character
        return tuple({**entry, "id": str(entry["id"])} for entry in found)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        lacks = "an entry without `id`" if isinstance(error, KeyError) else str(error)
        what = f"not CSL-JSON: {lacks}"
        raise ManuscriptError(file, line, what, f"write {_EXPECTED}") from error


def _json_fields_twice(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    within: list[str] = []  # parts of the entry that is read, which end before it

    def take(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        within.extend(sorted({name for name in names if names.count(name) > 1}))
        entry = dict(pairs)
        if "id" in entry:
            found.extend((str(entry["id"]), name) for name in within)
            within.clear()
        return entry

    json.loads(text, object_pairs_hook=take)
    return found


def _bibtex_fields_twice(text: str) -> list[tuple[str, str]]:
    entries = [*_KEYS[".bib"].finditer(text)]
    ends = [*(entry.start() for entry in entries[1:]), len(text)]
    found = []
    for entry, end in zip(entries, ends, strict=bool(entries)):
        names: list[str] = []
        depth, quoted = 1, False
        for token in _BIBTEX.finditer(text, entry.end(), end):
            depth += {"{": 1, "}": -1}.get(token[0], 0)
            quoted ^= token[0] == '"' and depth == 1
            if token[1] and depth == 1 and not quoted:
                names.append(token[1].lower())
        twice = sorted({name for name in names if names.count(name) > 1})
        found += [(entry[1], name) for name in twice]
    return found


def _suffix(file: str) -> str:
    return Path(file).suffix.lower()


def _keys(file: str) -> re.Pattern[str]:
    suffix = _suffix(file)
    return _KEYS[".bib" if suffix == ".bibtex" else suffix]


def _more_json(text: str, entries: list[Record]) -> str:
    written = (json.dumps(one, ensure_ascii=False, indent=1) for one in entries)
    shown = ",\n".join(written).replace("\n", "\n ")
    head = text.rstrip().removesuffix("]").rstrip()
    comma = "" if head.endswith("[") else ","
    return f"{head}{comma}\n {shown}\n]\n"


_RIS_TYPES: Final = {
    **{"article-journal": "JOUR", "book": "BOOK", "chapter": "CHAP"},
    **{"report": "RPRT", "webpage": "ELEC", "thesis": "THES"},
}
_RIS_TAGS: Final = {
    **{"title": "TI", "container-title": "T2", "volume": "VL", "issue": "IS"},
    **{"page": "SP", "publisher": "PB", "publisher-place": "CY"},
    **{"DOI": "DO", "URL": "UR"},
}


def _ris(entry: Record) -> str:
    """Write a work as RIS, which pandoc does not."""
    lines = [f"TY  - {_RIS_TYPES.get(str(entry.get('type')), 'GEN')}"]
    lines.append(f"ID  - {entry['id']}")
    for person in entry.get("author", ()):
        names = [str(person[n]) for n in ("family", "given") if person.get(n)]
        # A comma ends the surname, so that a group is read as one name.
        lines.append(f"AU  - {', '.join(names) or person.get('literal', '') + ','}")
    dated = (entry.get("issued") or {}).get("date-parts") or [[]]
    if dated[0]:
        lines.append(f"PY  - {dated[0][0]}")
    for name, tag in _RIS_TAGS.items():
        if entry.get(name):
            lines.append(f"{tag}  - {' '.join(str(entry[name]).split())}")
    return "\n".join([*lines, "ER  - ", ""])
