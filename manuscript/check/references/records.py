"""Records of references are well formed, complete and there once.

Offline: what a record lacks is looked up in other records that the project holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from manuscript.check.finding import Finding, Level, Outcome
from manuscript.check.proof import Proof, quoted

NAME = "references"
TITLE = "References are complete and well formed"

Record = Mapping[str, Any]

_DOI = re.compile(r"10\.\d{4,9}/\S*[^\s.,;:\"'>\])]|10\.\d{4,9}/\S+\([^()\s]*\)\S*")
_PMID = re.compile(r"[1-9]\d{0,7}")
_PMCID = re.compile(r"PMC[1-9]\d*")
_ENTITY = re.compile(r"&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_TAG = re.compile(r"<(?!/?(?:i|b|sup|sub|em|strong|span)\b)/?[a-zA-Z][^>]*>")
_TWICE = re.compile(r"https?://(?:dx\.)?doi\.org/(?:https?:|doi:)", re.IGNORECASE)
_PAGES = re.compile(r"([A-Za-z]*)(\d+)\s?[-\u2013]\s?([A-Za-z]*)(\d+)")
_PREPRINT = re.compile(
    r"biorxiv|medrxiv|arxiv|research ?square|ssrn|preprints?\b|osf", re.IGNORECASE
)
_PREPRINT_DOI = re.compile(r"10\.(?:1101|48550|21203|2139|20944|31219)/")
# Words under `custom.checked` that say why a field is left out.
_LEFT_OUT = re.compile(r"left out|not (?:be )?(?:verified|found|seen)|has no|ahead of")
# What the type must have; any of the names in a tuple will do.
_NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "article-journal": (
        ("author", "editor"),
        ("title",),
        ("container-title",),
        ("issued",),
        ("volume",),
        ("page", "number", "page-first"),
    ),
    "book": (("author", "editor"), ("title",), ("publisher",), ("issued",)),
    "chapter": (("author",), ("title",), ("container-title",), ("issued",), ("page",)),
    "report": (("author", "publisher"), ("title",), ("issued",)),
    "article": (("author",), ("title",), ("issued",), ("DOI", "URL", "number")),
    "webpage": (("title",), ("URL",), ("accessed", "issued")),
}
_SMALL = 1_000_000
_SHORT_TITLE = 30


def check(proof: Proof) -> Outcome:
    """Judge every record of the bibliography."""
    records = proof.records
    held = _Held(proof.project.root, [each.file for each in proof.works])
    findings: list[Finding] = []

    def report(record: Record, rule: str, what: str, mend: str, level: Level) -> None:
        key = str(record["id"])
        place = proof.references[key]
        what = f"reference `{key}` {what}"
        findings.append(Finding(*place, 1, NAME, what, mend, level, rule))

    for record in records:
        tell = partial(report, record)
        for rule, what, mend in _malformed(record):
            tell(rule, what, mend, "error")
        for what, mend in _incomplete(record, held):
            tell("incomplete", what, mend, "warning")
    for record, rule, what, mend in _repeated(records):
        report(record, rule, what, mend, "error")
    for works in proof.works:
        for key, name in works.fields_twice():
            what = f"gives `{name}` twice, and one of the two is not read"
            report({"id": key}, "field-twice", what, "keep one of the two", "error")
    return Outcome(f"{len(records)} references", tuple(findings))


def _malformed(record: Record) -> Iterator[tuple[str, str, str]]:
    """Rule, fault and remedy of what cannot be right."""
    doi = str(record.get("DOI", ""))
    if doi and not _DOI.fullmatch(doi):
        bare = re.sub(
            r"^(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)+", "", doi, flags=re.I
        )
        hint = f"write {bare}" if _DOI.fullmatch(bare) else "copy it from the article"
        yield "doi", f"has a DOI of another form, {quoted(doi)}", hint
    for name, form, like in (
        ("PMID", _PMID, "a number such as 31978945"),
        ("PMCID", _PMCID, "such as PMC5718627"),
    ):
        text = str(record.get(name, ""))
        if text and not form.fullmatch(text):
            yield name.lower(), f"has a {name} of another form, {quoted(text)}", like
    for name, text in _texts(record):
        if found := _ENTITY.search(text):
            what = f"prints {quoted(found[0])} as it stands, in its {name}"
            yield "entity", what, "write the character itself"
        if found := _TAG.search(text):
            what = f"has markup that prints, {quoted(found[0])}, in its {name}"
            yield "markup", what, "leave it out; <i>, <sub> and <sup> are understood"
        if name != "DOI" and _TWICE.search(text):
            what = f"has an address in an address, {quoted(text)}"
            yield "doi", what, "write https://doi.org/ once"
    pages = _PAGES.fullmatch(str(record.get("page", "")))
    # Pages are often cut short: 1703-9.
    is_whole = pages and pages[1] == pages[3] and len(pages[2]) == len(pages[4])
    if pages and is_whole and int(pages[2]) > int(pages[4]):
        what = f"has pages that run backwards, {record['page']}"
        yield "pages", what, "correct them"
    year = _year(record)
    if year is not None and not 1600 <= year <= 2200:
        yield "year", f"is of the year {year}", "correct `issued`"


def _texts(record: Record) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if name == "custom":
            continue
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield name, text
            elif isinstance(text, Mapping):
                yield from ((name, t) for t in text.values() if isinstance(t, str))


def _year(record: Record) -> int | None:
    try:
        return int(record["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _incomplete(record: Record, held: _Held) -> Iterator[tuple[str, str]]:
    needed = _NEEDED.get(str(record.get("type", "")), ())
    lacks = [names for names in needed if not any(record.get(n) for n in names)]
    checked = str((record.get("custom") or {}).get("checked", ""))
    if not lacks or _LEFT_OUT.search(checked):
        return
    lacking = " and ".join(names[0] for names in lacks)
    mend = held.completion(record, [name for names in lacks for name in names])
    mend = mend or "add it, or say under `custom.checked` what was left out and why"
    yield f"({record.get('type')}) has no {lacking}", mend


def _repeated(
    records: list[Record],
) -> Iterator[tuple[Record, str, str, str]]:
    """Find works that stand twice, and preprints that stand beside their article."""
    seen: dict[tuple[str, str], Record] = {}
    for record in records:
        for kind, text in _identities(record):
            first = seen.setdefault((kind, text), record)
            if first is record or first["id"] == record["id"]:
                continue
            preprint = next((r for r in (first, record) if _is_preprint(r)), None)
            if preprint is not None and _is_preprint(first) != _is_preprint(record):
                other = record if preprint is first else first
                what = f"is a preprint of `{other['id']}`, which is published"
                yield preprint, "preprint", what, f"cite `{other['id']}`"
            else:
                what = f"has the {kind} of `{first['id']}`"
                yield record, "repeated", what, "keep one of the two"
            break


def _identities(record: Record) -> Iterator[tuple[str, str]]:
    for name in ("DOI", "PMID"):
        if text := str(record.get(name, "")).strip().lower():
            yield name, re.sub(r"^https?://(?:dx\.)?doi\.org/", "", text)
    title = plain_title(record)
    # Short ones ("Editorial", "Reply") are shared by works.
    if len(title) > _SHORT_TITLE:
        yield "title", title


def plain_title(record: Record) -> str:
    """Reduce a title to its letters and digits."""
    return re.sub(
        r"[\W_]+", "", re.sub(r"<[^>]*>", "", str(record.get("title", ""))).lower()
    )


def _is_preprint(record: Record) -> bool:
    where = f"{record.get('container-title', '')} {record.get('publisher', '')}"
    return (
        record.get("type") == "article"
        or bool(_PREPRINT.search(where))
        or bool(_PREPRINT_DOI.match(str(record.get("DOI", ""))))
    )


class _Held:
    """Other records in the project's data, read when one is asked for."""

    def __init__(self, root: Path, bibliographies: Sequence[str]) -> None:
        self._root = root
        self._bibliographies = [root / each for each in bibliographies]
        self._records: list[tuple[str, Record]] | None = None

    def completion(self, record: Record, names: list[str]) -> str:
        """Say what another record of the same work has; empty if none does."""
        for file, other in self._others():
            same_doi = record.get("DOI") and record.get("DOI") == other.get("DOI")
            if same_doi or plain_title(record) == plain_title(other):
                has = [f"{name} {other[name]}" for name in names if other.get(name)]
                if has:
                    return f"{file} has {', '.join(has)}"
        return ""

    def _others(self) -> list[tuple[str, Record]]:
        if self._records is None:
            self._records = list(self._read())
        return self._records

    def _read(self) -> Iterator[tuple[str, Record]]:
        for path in sorted((self._root / "data").rglob("*.json")):
            if path in self._bibliographies or path.stat().st_size > _SMALL:
                continue
            try:
                found = json.loads(path.read_text("utf-8"))
            except ValueError:
                continue
            for entry in found if isinstance(found, list) else []:
                if isinstance(entry, Mapping) and entry.get("title"):
                    yield path.relative_to(self._root).as_posix(), entry
