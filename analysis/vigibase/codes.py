"""The codes of a study: which drug, which reaction, which groups to report.

They come from the user in a small YAML file, since MedDRA and WHODrug are
licensed. ``data/vigibase/codes.yml`` shows its form, with invented codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis.reading import read_yaml
from analysis.schema import DataError
from analysis.vigibase.errors import CodesError
from analysis.vigibase.lists import ROLE_LETTERS, reserved_keys

_KEYS = {
    "drug": ("key", "label", "drecno", "roles"),
    "reaction": ("label", "terms"),
    "terms": ("key", "label", "meddra"),
    "indications": ("key", "label", "contains"),
    "co_reported": ("key", "label", "drecno"),
}
_TOP = ("drug", "reaction", "indications", "unknown_indication", "co_reported")
_SETTINGS = ("smallest_cell",)
_ROLES = {"suspect": "s", "concomitant": "c", "interacting": "i"}


@dataclass(frozen=True)
class Group:
    """Codes, or pieces of text, that are counted together under one label."""

    key: str
    label: str
    codes: tuple[int, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codes:
    """What a study counts.

    Attributes
    ----------
    drug : Group
        The drug, by DrecNo.
    roles : str
        Roles in which it counts: some of ``s`` (suspect), ``c`` (concomitant)
        and ``i`` (interacting).
    reaction : Group
        The reaction: every code of ``terms``.
    terms : tuple of Group
        Its terms by MedDRA_Id, the most specific first; a report counts once,
        at the first that it has.
    indications : tuple of Group
        Groups of indications by pieces of text, in lower case; a report counts
        once, at the first that matches, else as other.
    unknown_indication : tuple of str
        Pieces of text that say that the indication is not known.
    co_reported : tuple of Group
        Other drugs of interest, by DrecNo.
    smallest_cell : int
        Counts from 1 to below this are not shown; 1 shows all.
    """

    drug: Group
    roles: str
    reaction: Group
    terms: tuple[Group, ...]
    indications: tuple[Group, ...] = ()
    unknown_indication: tuple[str, ...] = ()
    co_reported: tuple[Group, ...] = ()
    smallest_cell: int = 1

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group; their labels are words that may be printed."""
        return (
            self.drug,
            self.reaction,
            *self.terms,
            *self.indications,
            *self.co_reported,
        )


def read_codes(path: Path) -> Codes:
    """Read the codes of a study.

    Parameters
    ----------
    path : Path
        A YAML file.

    Raises
    ------
    CodesError
        If it cannot be read, or an entry is missing, unknown or not a code.
    """
    try:
        content = read_yaml(path, as_text=True)
    except DataError as error:
        [fault] = error.faults
        line = f"line {fault.row}: " if fault.row else ""
        raise CodesError(
            f"{path}: cannot be read: {line}got {fault.got}, expected {fault.expected}"
        ) from error
    reader = _Reader(path)
    top = reader.mapping(content, "the file", (*_TOP, *_SETTINGS), ("drug", "reaction"))
    drug = reader.mapping(top["drug"], "drug", _KEYS["drug"], _KEYS["drug"][:3])
    reaction = reader.mapping(top["reaction"], "reaction", _KEYS["reaction"])
    terms = reader.groups(reaction["terms"], "terms", "meddra")
    codes = Codes(
        drug=reader.group(drug, "drug", "drecno"),
        roles=reader.roles(drug.get("roles", list(_ROLES))),
        reaction=Group(
            "reaction",
            reader.word(reaction["label"], "reaction"),
            tuple(code for term in terms for code in term.codes),
        ),
        terms=terms,
        indications=reader.groups(top.get("indications", []), "indications", ""),
        unknown_indication=reader.words(
            top.get("unknown_indication", []), "unknown_indication"
        ),
        co_reported=reader.groups(top.get("co_reported", []), "co_reported", "drecno"),
        smallest_cell=reader.whole(top.get("smallest_cell", "1"), "smallest_cell"),
    )
    reader.distinct(group.key for group in codes.groups)
    return codes


class _Reader:
    """Reads parts of the file and names the place where one is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, where: str, got: object, expected: str) -> CodesError:
        return CodesError(f"{self.path}: {where}: got {got!r}, expected {expected}")

    def mapping(
        self,
        content: object,
        where: str,
        known: tuple[str, ...],
        required: tuple[str, ...] | None = None,
    ) -> dict[str, Any]:
        if not isinstance(content, dict):
            raise self.fail(where, content, "entries such as " + ", ".join(known))
        for name in content:
            if name not in known:
                near = get_close_matches(str(name), known, n=1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise self.fail(where, name, "one of " + ", ".join(known) + hint)
        for name in known if required is None else required:
            if name not in content:
                raise self.fail(where, "no " + name, name)
        return content

    def groups(self, content: object, where: str, codes: str) -> tuple[Group, ...]:
        if not isinstance(content, list):
            raise self.fail(where, content, "a list of groups")
        return tuple(
            self.group(
                self.mapping(item, f"{where}, entry {number}", _KEYS[where]),
                f"{where}, entry {number}",
                codes,
            )
            for number, item in enumerate(content, start=1)
        )

    def group(self, content: dict[str, Any], where: str, codes: str) -> Group:
        key, label = (self.word(content[name], where) for name in ("key", "label"))
        if not codes:
            contains = self.words(content["contains"], where)
            return Group(key, label, contains=tuple(map(str.lower, contains)))
        numbers = self.words(content[codes], where)
        return Group(
            key, label, tuple(self.whole(n, f"{where}, {codes}") for n in numbers)
        )

    def words(self, content: object, where: str) -> tuple[str, ...]:
        if not isinstance(content, list):
            raise self.fail(where, content, "a list, as in [a, b]")
        return tuple(self.word(item, where) for item in content)

    def word(self, content: object, where: str) -> str:
        if not isinstance(content, str) or not content.strip():
            raise self.fail(where, content, "a word")
        return content.strip()

    def whole(self, content: object, where: str) -> int:
        if not isinstance(content, str) or not content.isdecimal():
            raise self.fail(where, content, "a whole number")
        return int(content)

    def roles(self, content: object) -> str:
        names = self.words(content, "drug, roles")
        for name in names:
            if name not in _ROLES:
                raise self.fail("drug, roles", name, "one of " + ", ".join(_ROLES))
        return "".join(_ROLES[name] for name in names)

    def distinct(self, keys: Iterable[str]) -> None:
        taken = set(reserved_keys())
        for key in keys:
            if key in taken:
                raise self.fail("key", key, "a key that nothing else has")
            taken.add(key)


def role_codes(roles: str) -> tuple[str, ...]:
    """Turn role letters such as ``sci`` into codes of ``Basis``.

    Raises
    ------
    ValueError
        For an empty string or an unknown letter.
    """
    if not roles or set(roles) - set(ROLE_LETTERS):
        raise ValueError(f"roles: got {roles!r}, expected some of the letters s, c, i")
    return tuple(ROLE_LETTERS[letter] for letter in roles)
