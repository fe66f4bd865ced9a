"""The codes of a study: which drugs, which reactions, which groups to report.

They come from the user in a small YAML file, since MedDRA and WHODrug are
licensed. ``data/vigibase/codes.yml`` shows its form, with invented codes;
``data/vigibase/README.md`` lists what it may hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis.vigibase.errors import CodesError
from analysis.vigibase.lists import ROLE_LETTERS, reserved_keys
from analysis.vigibase.study.dictionaries import (
    LEVELS,
    PRODUCTS,
    SCOPES,
    Dictionaries,
)
from analysis.vigibase.study.reader import Reader, load
from analysis.vigibase.study.restriction import Restriction

# Unless a study says otherwise: 1 shows all counts.
SMALLEST_CELL = 5
COVARIATES = ("age", "sex", "region", "type", "year")

_DRUG = ("key", "label", "drecno", *PRODUCTS)
_TERM = ("key", "label", "meddra", *LEVELS, "smq", "scope")
_TOP = (
    *("drug", "drugs", "reaction", "reactions", "indications", "unknown_indication"),
    *("co_reported", "restrict", "comparator", "interacting", "sensitivity", "adjust"),
    *("dictionaries", "extracted", "smallest_cell", "ebgm"),
)
_DICTIONARIES = ("meddra", "meddra_version", "whodrug", "whodrug_version")


@dataclass(frozen=True)
class Group:
    """Codes, or pieces of text, that are counted together under one label."""

    key: str
    label: str
    codes: tuple[int, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """The same question asked of other reports, to see what changes.

    Attributes
    ----------
    key, label : str
    roles : str
        Roles in which the drug counts; empty for those of the study.
    restriction : Restriction
        Besides that of the study.
    """

    key: str
    label: str
    roles: str = ""
    restriction: Restriction = field(default_factory=Restriction)


@dataclass(frozen=True)
class Codes:
    """One question of a study: a drug and a reaction, and what to count.

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
        Its terms by MedDRA_Id, which is a code of a lowest level term, the most
        specific first; a report counts once, at the first that it has.
    indications : tuple of Group
        Groups of indications by pieces of text, in lower case; a report counts
        once, at the first that matches, else as other.
    unknown_indication : tuple of str
        Pieces of text that say that the indication is not known.
    co_reported : tuple of Group
        Other drugs of interest, by DrecNo.
    smallest_cell : int
        Counts from 1 to below this are not shown; 1 shows all.
    restriction : Restriction
        Reports that are looked at.
    comparator : Group or None
        A drug to compare with, instead of all others.
    interacting : tuple of Group
        Drugs whose interaction with the drug is measured.
    sensitivity : tuple of Variant
    adjust : tuple of str
        Covariates of the logistic regression, of ``COVARIATES`` or keys of
        ``co_reported``.
    ebgm : bool
        Whether to shrink by an empirical prior of all drugs and reactions.
    dictionaries : Dictionaries
    extracted : str
        Day of the extract, as 2024-03-01; empty if not stated.
    """

    drug: Group
    roles: str
    reaction: Group
    terms: tuple[Group, ...]
    indications: tuple[Group, ...] = ()
    unknown_indication: tuple[str, ...] = ()
    co_reported: tuple[Group, ...] = ()
    smallest_cell: int = 1
    restriction: Restriction = field(default_factory=Restriction)
    comparator: Group | None = None
    interacting: tuple[Group, ...] = ()
    sensitivity: tuple[Variant, ...] = ()
    adjust: tuple[str, ...] = ("age", "sex")
    ebgm: bool = False
    dictionaries: Dictionaries = field(default_factory=Dictionaries)
    extracted: str = ""

    @property
    def groups(self) -> tuple[Group, ...]:
        """Every group; their labels are words that may be printed."""
        return (
            self.drug,
            self.reaction,
            *self.terms,
            *self.indications,
            *self.co_reported,
            *self.interacting,
            *((self.comparator,) if self.comparator else ()),
        )


def read_codes(path: Path) -> Codes:
    """Read the codes of a study that asks one question.

    Parameters
    ----------
    path : Path
        A YAML file.

    Raises
    ------
    CodesError
        If it cannot be read, an entry is missing, unknown or not a code, or it
        asks more than one question.
    """
    questions = read_questions(path)
    if len(questions) > 1:
        raise CodesError(
            f"{path}: asks {len(questions)} questions (drugs times reactions), "
            "expected one"
        )
    return questions[0]


def read_questions(path: Path) -> tuple[Codes, ...]:
    """Read the questions of a study: each of its drugs with each reaction.

    Raises
    ------
    CodesError
        If it cannot be read, or an entry is missing, unknown or not a code.
    """
    reader = Reader(path)
    top = reader.mapping(load(path), "the file", _TOP)
    for one, many in (("drug", "drugs"), ("reaction", "reactions")):
        if (one in top) == (many in top):
            found = "both" if one in top else "no " + one
            raise reader.fail("the file", found, one, top)
    books = _dictionaries(reader, top.get("dictionaries", {}))
    groups = _Groups(reader, books)
    drugs = [
        (groups.drug(entry, where, roles=True), groups.roles(entry, where))
        for entry, where in _one_or_many(reader, top, "drug")
    ]
    reactions = [
        groups.reaction(entry, where)
        for entry, where in _one_or_many(reader, top, "reaction")
    ]
    common = Codes(
        drug=drugs[0][0],
        roles=drugs[0][1],
        reaction=reactions[0][0],
        terms=reactions[0][1],
        indications=groups.indications(top.get("indications", [])),
        unknown_indication=tuple(
            reader.word(item, "unknown_indication")
            for item in reader.entries(
                top.get("unknown_indication", []), "unknown_indication"
            )
        ),
        co_reported=groups.drugs(top.get("co_reported", []), "co_reported"),
        smallest_cell=reader.whole(
            top.get("smallest_cell", str(SMALLEST_CELL)), "smallest_cell", least=1
        ),
        restriction=reader.restriction(top.get("restrict", {}), "restrict"),
        comparator=(
            groups.drug(top["comparator"], "comparator")
            if "comparator" in top
            else None
        ),
        interacting=groups.drugs(top.get("interacting", []), "interacting"),
        sensitivity=groups.variants(top.get("sensitivity", [])),
        ebgm=reader.flag(top.get("ebgm", "no"), "ebgm"),
        dictionaries=books,
        extracted=reader.day(top["extracted"], "extracted")
        if "extracted" in top
        else "",
    )
    common = replace(common, adjust=_adjust(reader, top, common))
    questions = tuple(
        replace(common, drug=drug, roles=roles, reaction=reaction, terms=terms)
        for drug, roles in drugs
        for reaction, terms in reactions
    )
    for codes in questions:
        reader.distinct(
            [
                *(
                    group.key
                    for group in codes.groups
                    if group not in codes.interacting
                ),
                *(group.key for group in codes.interacting),
                *(variant.key for variant in codes.sensitivity),
            ],
            reserved_keys(),
        )
        _check_apart(reader, codes)
    _check_different(reader, questions)
    return questions


def _check_apart(reader: Reader, codes: Codes) -> None:
    """Refuse to set a drug against itself."""
    others = [(group, "interacting") for group in codes.interacting]
    if codes.comparator:
        others.append((codes.comparator, "comparator"))
    for group, where in others:
        if shared := sorted(set(group.codes) & set(codes.drug.codes)):
            raise reader.fail(
                f"{where}, {group.key}",
                shared[0],
                f"no code of {codes.drug.key}, which it is set against",
            )


def _check_different(reader: Reader, questions: tuple[Codes, ...]) -> None:
    """Refuse two questions that go by the same keys, since answers do too."""
    asked = [(codes.drug.key, codes.reaction.key) for codes in questions]
    for drug, reaction in asked:
        if asked.count((drug, reaction)) > 1:
            raise reader.fail(
                "key",
                f"{drug} with {reaction} twice",
                "a key for each drug and each reaction that no other has",
            )


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


def _one_or_many(
    reader: Reader, top: dict[str, Any], name: str
) -> list[tuple[Any, str]]:
    if name in top:
        return [(top[name], name)]
    many = reader.entries(top[f"{name}s"], f"{name}s")
    if not many:
        raise reader.fail(f"{name}s", many, "one at least")
    return [(entry, f"{name}s, entry {n}") for n, entry in enumerate(many, start=1)]


def _dictionaries(reader: Reader, content: object) -> Dictionaries:
    entries = reader.mapping(content, "dictionaries", _DICTIONARIES)
    folders: dict[str, Path] = {}
    for name in ("meddra", "whodrug"):
        if name in entries:
            word = reader.word(entries[name], f"dictionaries, {name}")
            folders[name] = reader.path.parent / word
            if not folders[name].is_dir():
                raise reader.fail(f"dictionaries, {name}", word, "a folder that exists")
    return Dictionaries(
        folders.get("meddra"),
        folders.get("whodrug"),
        str(entries.get("meddra_version", "")),
        str(entries.get("whodrug_version", "")),
    )


def _adjust(reader: Reader, top: dict[str, Any], codes: Codes) -> tuple[str, ...]:
    if "adjust" not in top:
        return codes.adjust
    known = [*COVARIATES, *(group.key for group in codes.co_reported)]
    names = dict.fromkeys(reader.words(top["adjust"], "adjust"))
    return tuple(
        reader.one_of(name, dict(zip(known, known, strict=True)), "adjust")
        for name in names
    )


class _Groups:
    """Reads groups of codes, looking up what is given by name."""

    def __init__(self, reader: Reader, books: Dictionaries) -> None:
        self.reader = reader
        self.books = books

    def drug(self, content: object, where: str, *, roles: bool = False) -> Group:
        known = (*_DRUG, "roles") if roles else _DRUG
        entry = self.reader.mapping(content, where, known, ("key", "label"))
        key, label = self._names(entry, where)
        place = f"{self.reader.path}: {where}"
        codes: dict[int, None] = {}
        for name in ("drecno", *PRODUCTS):
            if name in entry:
                words = self.reader.words(entry[name], f"{where}, {name}")
                found = (
                    [
                        self.reader.whole(code, f"{where}, {name}")
                        for code in entry[name]
                    ]
                    if name == "drecno"
                    else self.books.drugs(name, words, f"{place}, {name}")
                )
                codes |= dict.fromkeys(found)
        if not codes:
            raise self.reader.fail(
                where,
                "no drecno",
                "drecno, or a name, substance or atc to look up",
                entry,
            )
        return Group(key, label, tuple(codes))

    def roles(self, content: dict[str, Any], where: str) -> str:
        if "roles" not in content:
            return "sci"
        return self.reader.roles(content["roles"], f"{where}, roles")

    def drugs(self, content: object, where: str) -> tuple[Group, ...]:
        return tuple(
            self.drug(item, f"{where}, entry {n}")
            for n, item in enumerate(self.reader.entries(content, where), start=1)
        )

    def reaction(self, content: object, where: str) -> tuple[Group, tuple[Group, ...]]:
        entry = self.reader.mapping(
            content, where, ("key", "label", "terms"), ("label", "terms")
        )
        items = self.reader.entries(entry["terms"], "terms")
        if not items:
            raise self.reader.fail(f"{where}, terms", items, "one term at least")
        terms = tuple(
            self._term(item, f"terms, entry {n}")
            for n, item in enumerate(items, start=1)
        )
        codes = dict.fromkeys(code for term in terms for code in term.codes)
        key = self.reader.word(entry.get("key", "reaction"), where)
        label = self.reader.word(entry["label"], where)
        return Group(key, label, tuple(codes)), terms

    def _term(self, content: object, where: str) -> Group:
        entry = self.reader.mapping(content, where, _TERM, ("key", "label"))
        key, label = self._names(entry, where)
        place = f"{self.reader.path}: {where}"
        codes: dict[int, None] = {}
        for name in ("meddra", *LEVELS, "smq"):
            if name not in entry:
                continue
            words = self.reader.words(entry[name], f"{where}, {name}")
            if name == "meddra":
                found: Any = [
                    self.reader.whole(code, f"{where}, {name}") for code in entry[name]
                ]
            elif name == "smq":
                scope = entry.get("scope", "narrow")
                self.reader.one_of(scope, dict.fromkeys(SCOPES, ""), f"{where}, scope")
                found = self.books.query(words, scope, f"{place}, smq")
            else:
                found = self.books.terms(name, words, f"{place}, {name}")
            codes |= dict.fromkeys(found)
        if not codes:
            raise self.reader.fail(
                where,
                "no meddra",
                "meddra, or terms of a level or an smq to look up",
                entry,
            )
        return Group(key, label, tuple(codes))

    def indications(self, content: object) -> tuple[Group, ...]:
        groups = []
        items = self.reader.entries(content, "indications")
        for number, item in enumerate(items, start=1):
            where = f"indications, entry {number}"
            names = ("key", "label", "contains")
            entry = self.reader.mapping(item, where, names, names)
            pieces = self.reader.words(entry["contains"], f"{where}, contains")
            groups.append(
                Group(*self._names(entry, where), (), tuple(map(str.lower, pieces)))
            )
        return tuple(groups)

    def variants(self, content: object) -> tuple[Variant, ...]:
        found = []
        items = self.reader.entries(content, "sensitivity")
        for number, item in enumerate(items, start=1):
            where = f"sensitivity, entry {number}"
            known = ("key", "label", "roles", "restrict")
            entry = self.reader.mapping(item, where, known, known[:2])
            roles = self.roles(entry, where) if "roles" in entry else ""
            restriction = self.reader.restriction(entry.get("restrict", {}), where)
            found.append(Variant(*self._names(entry, where), roles, restriction))
        return tuple(found)

    def _names(self, entry: dict[str, Any], where: str) -> tuple[str, str]:
        return (
            self.reader.word(entry["key"], where),
            self.reader.word(entry["label"], where),
        )
