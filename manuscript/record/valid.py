"""Whether a ledger of others is one: every field that is read, of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Claims are set beside each other in pairs; a letter has some dozens.
MOST = {"values": 100_000, "claims": 2_000, "floats": 2_000}

_PLACE = {"file": str, "line": int, "sentence": str}
_FIELDS: Mapping[str, Mapping[str, type]] = {
    "values": {"key": str, "printed": str, "unit": str, "uses": list},
    "claims": {
        **_PLACE,
        **dict.fromkeys(("words", "condition", "reading", "document"), str),
        "holds": bool,
    },
    "floats": {
        **dict.fromkeys(("label", "name", "file", "caption", "digest"), str),
        "line": int,
    },
}
_NAMES = {"values": "key", "floats": "label"}
_LARGEST = 1e300


def fault(ledger: object) -> str:
    """Say what keeps something from being a ledger; nothing where it is one.

    Parameters
    ----------
    ledger : object
        As read from JSON.

    Examples
    --------
    >>> fault({"values": [], "claims": [], "floats": []})
    ''
    >>> fault({"values": [], "claims": [7], "floats": []})
    'claims, entry 1: no entry with fields'
    """
    if not isinstance(ledger, dict):
        return "no object"
    for part, fields in _FIELDS.items():
        entries = ledger.get(part)
        if not isinstance(entries, list):
            return f"no list of {part}"
        if len(entries) > MOST[part]:
            return f"more than {MOST[part]} {part}"
        seen: set[str] = set()
        for number, entry in enumerate(entries, start=1):
            found = next(_faults(entry, fields), "")
            name = _NAMES.get(part)
            if not found and name and entry[name] in seen:
                found = f"its {name} stands twice"
            if found:
                return f"{part}, entry {number}: {found}"
            if name:
                seen.add(entry[name])
    return ""


def _faults(entry: object, fields: Mapping[str, type]) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "no entry with fields"
        return
    for name, kind in fields.items():
        # As True is an int, types are compared and not asked for.
        if type(entry.get(name)) is not kind:
            yield f"`{name}` is no {_WORDS[kind]}"
    if "uses" in fields:
        # What is not estimable says so; what says nothing is no ledger's.
        yield from _number(entry.get("number", "nothing"))
        for use in entry["uses"]:
            yield from _faults(use, _PLACE)


def _number(number: Any) -> Iterator[str]:
    whole = type(number) in (int, float) and -_LARGEST < number < _LARGEST
    if number is not None and not whole:
        yield "`number` is no number"


_WORDS = {str: "text", int: "whole number", list: "list", bool: "true or false"}
