"""What changed between two ledgers: numbers, claims, figures and tables."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError

Ledger = Mapping[str, Any]

# Sums of floats differ in their last bits between machines.
TOLERANCE = 1e-9


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
    places : tuple of str
        ``file:line`` and sentence of each place where it stands now (or stood).
    """

    kind: str
    name: str
    how: str
    old: str
    new: str
    detail: str = ""
    places: tuple[tuple[str, str], ...] = ()

    @property
    def in_prose(self) -> bool:
        """Whether a sentence prints it."""
        return bool(self.places)


def compare(old: Ledger, new: Ledger) -> tuple[Change, ...]:
    """List what differs between two ledgers, values first, then claims and floats."""
    return (*_values(old, new), *_claims(old, new), *_floats(old, new))


def _values(old: Ledger, new: Ledger) -> Iterator[Change]:
    before = {value["key"]: value for value in old["values"]}
    after = {value["key"]: value for value in new["values"]}
    for key in sorted(before.keys() | after.keys()):
        was, is_now = before.get(key), after.get(key)
        places = _places((is_now or was or {}).get("uses", ()))
        if was is None and is_now is not None:
            yield Change("value", key, "new", "", is_now["printed"], "", places)
        elif is_now is None and was is not None:
            yield Change("value", key, "gone", was["printed"], "", "", places)
        elif was and is_now and not _same(was, is_now):
            detail = f"{_unrounded(was)} → {_unrounded(is_now)}"
            texts = was["printed"], is_now["printed"]
            yield Change("value", key, "changed", *texts, detail, places)


def _same(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if was["printed"] != now["printed"] or was["unit"] != now["unit"]:
        return False
    if was["number"] is None or now["number"] is None:
        return bool(was["number"] == now["number"])
    return math.isclose(was["number"], now["number"], rel_tol=TOLERANCE, abs_tol=1e-12)


def _unrounded(value: Mapping[str, Any]) -> str:
    return "NE" if value["number"] is None else f"{value['number']:.6g}"


def _places(uses: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    places = ((f"{use['file']}:{use['line']}", use["sentence"]) for use in uses)
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
            places = _places([claim])
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
        places = ((f"{either['file']}:{either['line']}", either["caption"]),)
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
    return _printed(changes, _text_line, lambda title: f"\n{title}\n", "")


def as_markdown(changes: Sequence[Change]) -> str:
    """Print changes as Markdown, for a letter to co-authors."""
    return _printed(changes, _markdown_line, lambda title: f"\n## {title}\n\n", "")


def _printed(
    changes: Sequence[Change],
    line: Callable[[Change], str],
    heading: Callable[[str], str],
    empty: str,
) -> str:
    if not changes:
        return "No number, claim, figure or table changed.\n"
    groups = {
        "Numbers in the text": [c for c in changes if c.kind == "value" and c.in_prose],
        "Claims": [c for c in changes if c.kind == "claim"],
        "Figures and tables": [c for c in changes if c.kind in ("figure", "table")],
        "Numbers in figures and tables alone": [
            c for c in changes if c.kind == "value" and not c.in_prose
        ],
    }
    text = empty
    for title, members in groups.items():
        if members:
            text += heading(f"{title} ({len(members)})")
            text += "".join(line(change) for change in members)
    return text.lstrip("\n")


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


def _text_line(change: Change) -> str:
    lines = [f"  {change.name}  {_summary(change)}"]
    lines += [f"    {place}: {sentence}" for place, sentence in change.places]
    return "\n".join(lines) + "\n"


def _markdown_line(change: Change) -> str:
    name = f"`{change.name}`" if change.kind == "value" else change.name
    lines = [f"- **{name}**: {_summary(change)}"]
    lines += [f"    - {sentence} (`{place}`)" for place, sentence in change.places]
    return "\n".join(lines) + "\n"


WORKING_TREE = "."


def ledgers(root: Path, sources: Sequence[str]) -> list[Ledger]:
    """Get the ledgers of files, revisions, or the working tree (``.``).

    A revision is unpacked into a temporary folder and reads itself there, with
    its own code and data, in this interpreter; several do so at the same time.

    Raises
    ------
    ManuscriptError
        For what is neither a ledger nor a revision, or cannot make its ledger.
    """
    with tempfile.TemporaryDirectory(prefix="manuscript-diff-") as scratch:
        running: list[Ledger | subprocess.Popen[str]] = []
        for index, source in enumerate(sources):
            if (path := Path(source)).is_file():
                running.append(_from_file(path))
            elif source == WORKING_TREE:
                running.append(_start(root))
            else:
                tree = Path(scratch) / str(index)
                _unpack(root, source, tree)
                running.append(_start(tree))
        return [
            _finish(each, source) if isinstance(each, subprocess.Popen) else each
            for each, source in zip(running, sources, strict=True)
        ]


def _from_file(path: Path) -> Ledger:
    try:
        ledger: Ledger = json.loads(path.read_text(encoding="utf-8"))
        if {"values", "claims", "floats"} <= ledger.keys():
            return ledger
    except (ValueError, AttributeError):
        pass
    raise ManuscriptError(
        str(path), 0, "is no ledger", "name a ledger.json that a render has written"
    )


def _unpack(root: Path, revision: str, tree: Path) -> None:
    commit = f"{revision}^{{commit}}"
    known = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
    if known.returncode:
        raise ManuscriptError(
            "diff",
            0,
            f"`{revision}` is neither a file nor a git revision",
            "name a ledger.json, a commit, a branch or a tag",
        )
    archive = _git(root, "archive", known.stdout.decode().strip())
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
        tar.extractall(tree, filter="data")


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, check=False
    )


def _start(tree: Path) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, "-m", "manuscript", "values", "--json", "--draw"],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _finish(process: subprocess.Popen[str], source: str) -> Ledger:
    output, errors = process.communicate()
    if process.returncode:
        last = (errors.strip().splitlines() or ["no message"])[-1]
        where = "the working tree" if source == WORKING_TREE else f"`{source}`"
        raise ManuscriptError(
            "diff",
            0,
            f"{where} cannot make its ledger: {last}",
            "compare revisions that have `python -m manuscript values --draw`",
        )
    ledger: Ledger = json.loads(output)
    return ledger
