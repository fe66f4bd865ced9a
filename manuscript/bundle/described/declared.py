"""What the data of a bundle are, said as the values that rest on them say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# In the order in which they are declared, gravest first.
_WORDS = {
    "reconstruction": "reconstructed from published aggregates, not collected",
    "synthetic": "synthetic: made by a program, about nobody",
    "collected": "collected data",
    "published": "facts as published",
}
_AGGREGATE = frozenset(("reconstruction", "synthetic", "published"))


def bases(ledger: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the files that values rest on, by basis.

    Parameters
    ----------
    ledger : mapping
        Of :func:`manuscript.record.ledger.build`.

    Returns
    -------
    dict of str to list of str
        Paths in the project, by ``reconstruction``, ``synthetic``, ``collected`` and
        ``published``, in this order; only those that occur.

    Examples
    --------
    >>> value = {"basis": "collected", "data": "data/patients.csv"}
    >>> bases({"values": [value, value]})
    {'collected': ['data/patients.csv']}
    """
    found = {(each["basis"], each["data"]) for each in ledger["values"]}
    return {
        basis: sorted(data for other, data in found if other == basis)
        for basis in _WORDS
        if any(other == basis for other, _ in found)
    }


def paragraph(data: Mapping[str, Sequence[str]]) -> str:
    """Say in Markdown what the data are, and what they are not.

    Parameters
    ----------
    data : mapping
        Of :func:`bases`.

    Examples
    --------
    >>> print(paragraph({"synthetic": ["data/a.csv"]}))
    The numbers in this bundle rest on data that are:
    <BLANKLINE>
    - **synthetic: made by a program, about nobody**: `source/data/a.csv`
    <BLANKLINE>
    No value rests on records of individual patients.
    """
    if not data:
        return "No number in this bundle is a value that names its data."
    lines = [
        f"- **{_WORDS[basis]}**: " + ", ".join(f"`source/{file}`" for file in files)
        for basis, files in data.items()
    ]
    if data.keys() <= _AGGREGATE:
        last = "No value rests on records of individual patients."
    else:
        last = (
            "Whether persons can be recognized in collected data, and under which "
            "approval they are shared, is said by the letter's statements."
        )
    head = "The numbers in this bundle rest on data that are:"
    return "\n".join([head, "", *lines, "", last])


def phrase(data: Mapping[str, Sequence[str]]) -> str:
    """Say in one sentence what the data are.

    Examples
    --------
    >>> phrase({"collected": ["data/a.csv"], "published": ["data/b.csv"]})
    'Collected data; facts as published.'
    """
    if not data:
        return "Tables of the project."
    text = "; ".join(_WORDS[basis] for basis in data)
    return f"{text[0].upper()}{text[1:]}."
