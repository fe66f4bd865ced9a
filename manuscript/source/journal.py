"""The profile of the journal: one file that says what it asks.

``journal.yml`` is the profile in force, ``journals/`` holds the others; each lies
in one place only. What Quarto must know of it, how references are printed and what
the supplement's figures and tables are called, stands in ``_quarto.yml``:
:func:`adopt` writes it there, so that one setting serves both engines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError, refuse
from manuscript.source import settings
from manuscript.source.settings import TEXT, Allowed, Settings

ACTIVE, OTHERS = "journal.yml", "journals"

# What a journal may limit, in words.
MEASURES: Mapping[str, str] = {
    "words": "words",
    "references": "references",
    "display-items": "figures and tables",
    "title-characters": "characters of the title",
    "title-words": "words of the title",
}

_QUARTO = "_quarto.yml"
_SLACK = 0.05  # millimetres, by which sizes in points may differ
_FLOATS = {"suppfig": "figure", "supptbl": "table"}
_FIRST = re.compile(r"(?P<prefix>\S(?:.*\S)?)(?P<space> ?)1")
_LIMIT = Allowed(
    "a whole number, or null where it is not known",
    lambda value: value is None or (type(value) is int and value > 0),
)
_TITLES = Allowed(
    "a list of headings",
    lambda value: isinstance(value, list) and all(map(TEXT.test, value)),
)
_NUMBER = Allowed(
    "a number of millimetres",
    lambda value: type(value) in (int, float) and 0 < value < 1000,
)
_NAME = Allowed(
    "how the first is called, such as Figure S1",
    lambda value: isinstance(value, str) and bool(_FIRST.fullmatch(value)),
)
_KEYS: Mapping[tuple[str, ...], Allowed] = {
    ("name",): TEXT,
    ("document",): TEXT,
    ("citation-style",): TEXT,
    ("statements",): _TITLES,
    ("figures", "single"): _NUMBER,
    ("figures", "double"): _NUMBER,
    ("figures", "height"): _NUMBER,
    ("supplement", "figure"): _NAME,
    ("supplement", "table"): _NAME,
}


_ISSN = Allowed(
    "an ISSN, such as 2044-5385",
    lambda value: (
        isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{3}[\dX]", value))
    ),
)
_IDENTITY: Mapping[str, Allowed] = {
    "abbreviation": TEXT,
    "issn": _ISSN,
    "issn-print": _ISSN,
    "publisher": TEXT,
}
_COMPARABLE: Mapping[str, Allowed] = {
    "name": TEXT,
    **dict.fromkeys(MEASURES, _LIMIT),
}
# Mappings whose entries may be left out, and what an entry is no part of.
_CHOSEN: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "limits": (MEASURES, "that is measured"),
    "identity": (_IDENTITY, "that a journal is known by"),
    "comparable": (_COMPARABLE, "that is compared"),
}
_TOP = {*(keys[0] for keys in _KEYS), *_CHOSEN, "article"}


@dataclass(frozen=True)
class Limit:
    """The most that a journal takes of something.

    Attributes
    ----------
    value : int or None
        None where it is not known.
    source, checked : str
        Where it was read, and when.
    near : str
        What a journal near to it allows, in words; empty where none is known.
    """

    value: int | None
    source: str
    checked: str
    near: str


@dataclass(frozen=True)
class Journal:
    """What a journal asks of a manuscript.

    Attributes
    ----------
    name : str
    document : str
        Path of the letter.
    limits : dict
        By what they limit, one of `MEASURES`.
    statements : tuple of str
        Headings of the closing statements.
    style : str
        Path of the CSL style.
    double, height : float
        Greatest width and height of a figure, in millimetres.
    identity : dict
        What catalogues know it by: ``abbreviation``, ``issn`` (electronic),
        ``issn-print`` and ``publisher``, those that its file names.
    first : dict
        How the first ``figure`` and ``table`` of the supplement are called.
    line : int
        Where it names the letter.
    """

    name: str
    document: str
    limits: Mapping[str, Limit]
    statements: tuple[str, ...]
    style: str
    double: float
    height: float
    first: Mapping[str, str]
    identity: Mapping[str, str] = field(default_factory=dict)
    line: int = 1

    def crowded(self, width: float, height: float) -> str:
        """Say that a figure of a size in millimetres has no room; nothing if it has."""
        if width <= self.double + _SLACK and height <= self.height + _SLACK:
            return ""
        return (
            f"a figure of {width:.0f} × {height:.0f} mm, and {self.name} has room for "
            f"{self.double:g} × {self.height:g} mm"
        )


def load(root: Path, path: str = ACTIVE) -> Journal:
    """Read a profile.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a file that is missing or no YAML, and each setting that it lacks or
        gives in another form.
    """
    given = _settings(root, path)
    refuse([*_faults(root, given)])
    figures, supplement = given.mapping("figures"), given.mapping("supplement")
    return Journal(
        str(given.values["name"]),
        str(given.values["document"]),
        {name: _limit(given, name) for name in given.mapping("limits")},
        tuple(map(str, given.values["statements"])),
        str(given.values["citation-style"]),
        float(figures["double"]),
        float(figures["height"]),
        {name: str(supplement[name]) for name in _FLOATS.values()},
        {name: str(value) for name, value in given.mapping("identity").items()},
        given.line("document"),
    )


def others(root: Path) -> list[str]:
    """Names of the profiles that are not in force."""
    return sorted(path.stem for path in (root / OTHERS).glob("*.yml"))


def disagreements(journal: Journal, quarto: Settings) -> list[ManuscriptError]:
    """Find what ``_quarto.yml`` says otherwise than the profile in force."""
    return [
        quarto.fault(
            keys,
            f"{keys[-1]} is `{_yaml(found)}`, and {journal.name} wants "
            f"`{_yaml(wanted)}`",
            "run python -m manuscript profile, which writes what the journal wants",
        )
        for keys, found, wanted in _wanted(journal, quarto)
        if found != wanted
    ]


def adopt(root: Path, name: str | None) -> Journal:
    """Put a profile in force, or the one in force again.

    The profile that was in force goes to ``journals/``.

    Parameters
    ----------
    root : Path
    name : str or None
        Of a file in ``journals/``; None for the profile in force.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a profile that is not there or has faults, and where ``_quarto.yml``
        lacks a line to write to. Nothing is changed then.
    """
    new = root / OTHERS / f"{name}.yml" if name else root / ACTIVE
    if name and name not in others(root):
        raise ManuscriptError(
            OTHERS,
            0,
            f"there is no profile `{name}`",
            f"name one of {', '.join(others(root)) or 'those you put there'}",
        )
    journal = load(root, new.relative_to(root).as_posix())
    text = _rewritten(root, journal)
    if name:
        old = root / OTHERS / f"{_slug(load(root).name)}.yml"
        content = (root / ACTIVE).read_bytes()
        if old.exists() and old.read_bytes() != content:
            raise ManuscriptError(
                f"{OTHERS}/{old.name}",
                0,
                f"is another profile than {ACTIVE}, which goes there",
                "rename one of the two, or give one of them another `name`",
            )
        old.write_bytes(content)
        new.replace(root / ACTIVE)
    aside = root / f".{_QUARTO}"
    aside.write_text(text, "utf-8")
    aside.replace(root / _QUARTO)
    return journal


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")


def _settings(root: Path, path: str) -> Settings:
    try:
        text = (root / path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ManuscriptError(
            path, 0, f"cannot be read: {reason}", "restore it, or copy another profile"
        ) from error
    return settings.parse(text, path)


def _limit(given: Settings, name: str) -> Limit:
    limit, near = given.mapping("limits")[name], given.mapping("comparable")
    return Limit(
        limit.get("value"),
        str(limit["source"]),
        str(limit["checked"]),
        f"{near.get('name')} allows {near[name]}" if near.get(name) else "",
    )


def _faults(root: Path, given: Settings) -> Iterator[ManuscriptError]:
    for name in given.values:
        if name not in _TOP:
            what = f"`{name}` is nothing that a profile holds"
            yield given.fault((name,), what, f"name one of {', '.join(sorted(_TOP))}")
    asked: dict[tuple[str, ...], Allowed] = dict(_KEYS)
    for key, (known, what) in _CHOSEN.items():
        if key in given.values and not given.mapping(key):
            mend = f"name some of {', '.join(known)}, or take the line out"
            yield given.fault((key,), f"`{key}` is empty", mend)
        for name in given.mapping(key):
            if name not in known:
                mend = f"name one of {', '.join(known)}"
                yield given.fault(
                    (key, name), f"`{key}.{name}` is nothing {what}", mend
                )
            elif key == "limits":
                of_limit = (("value", _LIMIT), ("source", TEXT), ("checked", TEXT))
                asked |= {(key, name, part): allowed for part, allowed in of_limit}
            else:
                asked[key, name] = known[name]
    for keys, allowed in asked.items():
        value: Any = given.values
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        if not allowed.test(value):
            found = "is missing" if value is None else f"is `{value}`"
            name = ".".join(keys)
            yield given.fault(keys, f"`{name}` {found}", f"write {allowed.expected}")
    style = given.values.get("citation-style")
    if isinstance(style, str) and not settings.is_file(root, style):
        mend = "name a CSL style, by its path from the project"
        yield given.fault(("citation-style",), f"`{style}` does not exist", mend)


def _wanted(
    journal: Journal, quarto: Settings
) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    """Yield settings of Quarto: their keys, what they are and what they should be."""
    yield ("csl",), quarto.values.get("csl"), journal.style
    custom = settings.as_list(quarto.mapping("crossref").get("custom"))
    for index, kind in enumerate(custom):
        if isinstance(kind, Mapping) and kind.get("key") in _FLOATS:
            match = _FIRST.fullmatch(journal.first[_FLOATS[kind["key"]]])
            assert match
            where = ("crossref", "custom", index)
            for key, wanted in (
                ("reference-prefix", match["prefix"]),
                ("space-before-numbering", bool(match["space"])),
            ):
                yield (*where, key), kind.get(key), wanted


def _rewritten(root: Path, journal: Journal) -> str:
    """Write ``_quarto.yml`` anew, with nothing changed but what the journal wants."""
    quarto = _settings(root, _QUARTO)
    lines = (root / _QUARTO).read_text("utf-8").split("\n")
    for keys, _, wanted in _wanted(journal, quarto):
        number = quarto.lines.get(keys)
        pattern = re.compile(rf"(\s*(?:- )?{keys[-1]}: )")
        match = pattern.match(lines[number - 1]) if number else None
        if number is None or match is None:
            what = f"`{keys[-1]}` does not stand on a line of its own"
            mend = f"write it so, as `{keys[-1]}: {_yaml(wanted)}`"
            raise quarto.fault(keys, what, mend)
        lines[number - 1] = f"{match[1]}{_yaml(wanted)}"
    return "\n".join(lines)


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
