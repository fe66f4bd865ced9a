"""What changed between two ledgers: numbers, claims, figures and tables."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from manuscript.values import on_one_line

Ledger = Mapping[str, Any]

# Sums of floats differ in their last bits between machines.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Place:
    """A sentence in which something stands.

    Attributes
    ----------
    where : str
        ``file:line``.
    sentence : str
        As it is now, or was where it is gone.
    was : str
        How it read before; empty where that cannot be told.
    """

    where: str
    sentence: str
    was: str = ""


@dataclass(frozen=True)
class Change:
    """Something that differs.

    Attributes
    ----------
    kind : str
        ``value``, ``claim``, ``figure`` or ``table``.
    name : str
        Key of a value, words of a claim, printed name of a figure.
    how : str
        ``changed``, ``new``, ``gone``; for a claim also ``fails`` and ``holds again``.
    old, new : str
        What it was and is: printed numbers, readings of conditions, captions.
    detail : str
        Unrounded numbers, where the printed ones do not tell.
    places : tuple of Place
    """

    kind: str
    name: str
    how: str
    old: str
    new: str
    detail: str = ""
    places: tuple[Place, ...] = ()


def compare(old: Ledger, new: Ledger) -> tuple[Change, ...]:
    """List what differs between two ledgers, values first, then claims and floats."""
    return (*_values(old, new), *_claims(old, new), *_floats(old, new))


def _values(old: Ledger, new: Ledger) -> Iterator[Change]:
    before = {value["key"]: value for value in old["values"]}
    after = {value["key"]: value for value in new["values"]}
    for key in sorted(before.keys() | after.keys()):
        was, is_now = before.get(key), after.get(key)
        places = _places(
            (is_now or was or {}).get("uses", ()), (was or {}).get("uses", ())
        )
        if was is None and is_now is not None:
            yield Change("value", key, "new", "", is_now["printed"], "", places)
        elif is_now is None and was is not None:
            yield Change("value", key, "gone", was["printed"], "", "", places)
        elif was and is_now and not _same(was, is_now):
            texts = was["printed"], is_now["printed"]
            unrounded = _unrounded(was), _unrounded(is_now)
            detail = "" if unrounded == texts else " → ".join(unrounded)
            yield Change("value", key, "changed", *texts, detail, places)


def _same(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if was["printed"] != now["printed"] or was["unit"] != now["unit"]:
        return False
    if was["number"] is None or now["number"] is None:
        return bool(was["number"] == now["number"])
    return math.isclose(was["number"], now["number"], rel_tol=TOLERANCE, abs_tol=1e-12)


def _unrounded(value: Mapping[str, Any]) -> str:
    return "NE" if value["number"] is None else f"{value['number']:.6g}"


def _places(
    uses: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]] = ()
) -> tuple[Place, ...]:
    """Sentences of uses, each with the one that stood there before.

    Uses keep their order in a file, so the first one there was the first before,
    unless some have come or gone.
    """
    now, then = list(uses), list(before)
    same = [use["file"] for use in now] == [use["file"] for use in then]
    sentences = [use["sentence"] for use in then] if same else [""] * len(now)
    places = (
        Place(f"{use['file']}:{use['line']}", use["sentence"], was)
        for use, was in zip(now, sentences, strict=True)
    )
    return tuple(dict.fromkeys(places))


def _claims(old: Ledger, new: Ledger) -> Iterator[Change]:
    left = list(old["claims"])
    added = []
    for claim in new["claims"]:
        was = _take(left, claim)
        if was is None:
            added.append(claim)
            continue
        how = "changed"
        if was["holds"] != claim["holds"]:
            how = "holds again" if claim["holds"] else "fails"
        if _stated(was) != _stated(claim):
            places = _places([claim], [was])
            yield Change(
                "claim", claim["words"], how, _stated(was), _stated(claim), "", places
            )
    for claim in added:
        places = _places([claim])
        yield Change("claim", claim["words"], "new", "", _stated(claim), "", places)
    for claim in left:
        places = _places([claim])
        yield Change("claim", claim["words"], "gone", _stated(claim), "", "", places)


def _take(left: list[Any], claim: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Take the claim that was this one: same condition, or else same words."""
    for fields in (("document", "condition", "words"), ("document", "condition")):
        for index, was in enumerate(left):
            if all(was[field] == claim[field] for field in fields):
                return _popped(left, index)
    for index, was in enumerate(left):
        if (was["document"], was["words"]) == (claim["document"], claim["words"]):
            return _popped(left, index)
    return None


def _popped(left: list[Any], index: int) -> Mapping[str, Any]:
    claim: Mapping[str, Any] = left.pop(index)
    return claim


def _stated(claim: Mapping[str, Any]) -> str:
    return f"“{claim['words']}” on {claim['reading']}"


def _floats(old: Ledger, new: Ledger) -> Iterator[Change]:
    before = {each["label"]: each for each in old["floats"]}
    after = {each["label"]: each for each in new["floats"]}
    for label in [*after, *(label for label in before if label not in after)]:
        was, now = before.get(label), after.get(label)
        either = now or was
        assert either is not None
        kind = "figure" if label.partition("-")[0].endswith("fig") else "table"
        where = f"{either['file']}:{either['line']}"
        places = (Place(where, either["caption"]),)
        name = f"{either['name']} ({label})"
        if was is None:
            yield Change(kind, name, "new", "", either["name"], "", places)
        elif now is None:
            yield Change(kind, name, "gone", was["name"], "", "", places)
        else:
            what = [
                words
                for field, words in (
                    ("name", "its number"),
                    ("caption", "its caption"),
                    ("digest", "what it shows"),
                )
                if was[field] != now[field] and (was[field] or field != "digest")
            ]
            if what:
                texts = was["name"], now["name"]
                detail = ", ".join(what)
                yield Change(kind, name, "changed", *texts, detail, places)


def as_json(changes: Sequence[Change]) -> str:
    """Print changes as JSON."""
    return json.dumps(
        {"changes": [asdict(change) for change in changes]},
        ensure_ascii=False,
        indent=1,
    )


def as_text(changes: Sequence[Change]) -> str:
    """Print changes for a terminal."""
    return _printed(changes, _TEXT)


def as_markdown(changes: Sequence[Change]) -> str:
    """Print changes as Markdown, for a letter to co-authors."""
    return _printed(changes, _MARKDOWN)


@dataclass(frozen=True)
class _Form:
    """How headings, sentences and changes are written."""

    heading: str
    place: str
    was: str
    change: str


_TEXT = _Form(
    heading="\n{title} ({count})\n",
    place="\n  {where}: {sentence}\n",
    was="    was: {was}\n",
    change="    {name}: {summary}\n",
)
_MARKDOWN = _Form(
    heading="\n## {title} ({count})\n\n",
    place="- {sentence} (`{where}`)\n",
    was="    - was: {was}\n",
    change="    - **{name}**: {summary}\n",
)


def _printed(changes: Sequence[Change], form: _Form) -> str:
    if not changes:
        return "No number, claim, figure or table changed.\n"
    groups = {
        "Numbers in the text": [c for c in changes if c.kind == "value" and c.places],
        "Claims": [c for c in changes if c.kind == "claim"],
        "Figures and tables": [c for c in changes if c.kind in ("figure", "table")],
        "Numbers in figures and tables alone": [
            c for c in changes if c.kind == "value" and not c.places
        ],
    }
    text = ""
    for title, members in groups.items():
        if members:
            text += form.heading.format(title=title, count=len(members))
            text += "".join(_by_sentence(members, form))
    return text.lstrip("\n")


def _by_sentence(changes: Sequence[Change], form: _Form) -> Iterator[str]:
    """Write each sentence once, above the changes that it shows."""
    sentences: dict[Place | None, list[Change]] = {}
    for change in changes:
        for place in change.places or (None,):
            sentences.setdefault(place, []).append(change)
    for place, members in sorted(sentences.items(), key=lambda item: _order(item[0])):
        if place is not None:
            where, sentence = on_one_line(place.where), on_one_line(place.sentence)
            yield form.place.format(where=where, sentence=sentence)
            if place.was and place.was != place.sentence:
                yield form.was.format(was=on_one_line(place.was))
        for change in members:
            name, summary = on_one_line(change.name), on_one_line(_summary(change))
            yield form.change.format(name=name, summary=summary)


def _order(place: Place | None) -> tuple[str, int]:
    file, _, line = place.where.rpartition(":") if place else ("", "", "0")
    return file, int(line)


def _summary(change: Change) -> str:
    if change.how == "new":
        return f"new: {change.new}"
    if change.how == "gone":
        return f"gone; was {change.old}"
    if change.kind in ("figure", "table"):
        moved = f"{change.old} → {change.new}: " if change.old != change.new else ""
        return f"{moved}{change.detail} changed"
    how = "" if change.how == "changed" else f"{change.how.upper()}: "
    detail = f" ({change.detail})" if change.detail else ""
    return f"{how}{change.old} → {change.new}{detail}"
