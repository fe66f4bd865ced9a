"""A merge into older sources, brought up to what the sources are now.

A merge of three: what the copy changed and what others changed meanwhile are both
differences from the older text. Where they touch, the copy's sentence is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Final

from manuscript.word.carry.changes import replaced
from manuscript.word.compare import Merged, Note, align

_TOKEN: Final = re.compile(
    r"`[^`\n]*`|\[[^\[\]\n]*\]\{[^{}\n]*\}|\n|[^\S\n]+|\w+|[^\w\s]"
)
_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)\]]*\s+|\n+")


def existing(root: Path, files: Iterable[str]) -> list[str]:
    """List the files that are still there."""
    return [file for file in files if (root / file).is_file()]


@dataclass(frozen=True)
class _Hunk:
    """A stretch of the older text, and what takes its place."""

    start: int
    end: int
    new: str

    def touches(self, other: _Hunk, sentences: Sequence[int]) -> bool:
        """Tell whether both change the same place.

        A sentence set in between two others touches neither.
        """
        if self.start == self.end or other.start == other.end:
            together = self.start <= other.end and other.start <= self.end
            edge = self.start if self.start == self.end else other.start
            inside = self.start < edge < self.end or other.start < edge < other.end
            both = self.start == self.end == other.start == other.end
            return together and (both or inside or edge not in sentences)
        return self.start < other.end and other.start < self.end


def update(merged: Merged, texts: Mapping[str, str]) -> Merged:
    """Carry edits of older texts over to newer ones.

    Parameters
    ----------
    merged : Merged
        Of the older texts.
    texts : mapping of str to str
        The newer ones; a file that is gone is missing.

    Returns
    -------
    Merged
        Edits that are in the newer texts already are left out.
    """
    old: dict[str, str] = {}
    new: dict[str, str] = {}
    notes = list(merged.notes)
    for file, edited in merged.new.items():
        before, now = merged.old[file], texts.get(file)
        if now is None:
            what = f"{file} is gone, and with it the place of these edits"
            notes = [_refused(each) if _in(each, file) else each for each in notes]
            notes.append(Note("refused", "", what, "make them by hand"))
            continue
        if now == before:
            old[file], new[file] = now, edited
            continue
        together = _Together(file, before, edited, now)
        if together.text != now:
            old[file], new[file] = now, together.text
        notes = [*together.notes(notes), *together.told]
    return Merged(old, new, tuple(notes))


class _Together:
    """Two changes of a text, the second made meanwhile.

    Attributes
    ----------
    text : str
        With both, but for what of the first touches the second.
    told : list of Note
        On sentences that both changed.
    """

    def __init__(self, file: str, before: str, edited: str, now: str) -> None:
        self._file = file
        self._before = before
        self._lines = _starts(before, re.compile("\n"))
        mine, theirs = list(_hunks(before, edited)), list(_hunks(before, now))
        sentences = _starts(before, _SENTENCE_END)
        fresh = [hunk for hunk in mine if hunk not in theirs]
        torn: set[int] = set()
        for hunk in fresh:
            if any(hunk.touches(other, sentences) for other in theirs):
                torn |= _spanned(hunk, sentences)
        made = [hunk for hunk in fresh if not _spanned(hunk, sentences) & torn]
        refused = [hunk for hunk in fresh if hunk not in made]
        self._already = {self._line(hunk) for hunk in mine if hunk in theirs}
        self._fresh = {self._line(hunk) for hunk in fresh}
        self._torn = [_stretch(each, sentences, before) for each in sorted(torn)]
        self.text = replaced(before, map(astuple, (*theirs, *made)))
        self._shift = _Lines(before, now)
        self.told = list(self._tell(refused))
        near = {self._line(hunk) for hunk in made} & {self._line(h) for h in theirs}
        for line in sorted(near):
            what = "the same paragraph has changed since"
            place = f"{file}:{self._shift.at(line)}"
            self.told.append(Note("look", place, what, "read it through"))

    def _line(self, hunk: _Hunk) -> int:
        return bisect_right(self._lines, hunk.start)

    def _tell(self, refused: Sequence[_Hunk]) -> Iterator[Note]:
        for start, end in self._torn:
            whole = self._before[start:end]
            inside = [
                (hunk.start - start, hunk.end - start, hunk.new)
                for hunk in refused
                if start <= hunk.start and hunk.end <= end
            ]
            wanted = replaced(whole, inside).strip() if inside else ""
            line = bisect_right(self._lines, start)
            was = whole.strip()
            what = f"changed since, too: “{was}”"
            if wanted:
                what += f"\nthe copy has: “{wanted}”"
            place = f"{self._file}:{self._shift.at(line)}"
            yield Note(
                "refused", place, what, "make this edit by hand", "", was, wanted
            )

    def notes(self, notes: Sequence[Note]) -> Iterator[Note]:
        """Yield notes with their new places, those on edits that are in left out."""
        said = _flat(self.text)
        gone = [_flat(self._before[start:end]) for start, end in self._torn]
        torn_lines = {bisect_right(self._lines, start) for start, _ in self._torn}
        for note in notes:
            if not _in(note, self._file):
                yield note
                continue
            line = int(note.place.rpartition(":")[2] or 0)
            if note.kind == "edit":
                if line in self._already and line not in self._fresh:
                    continue
                lost = note.came and _flat(note.came) not in said
                torn = any(_flat(note.gone) in each for each in gone)
                known = bool(note.gone or note.came)
                if lost or (note.gone and torn) or (not known and line in torn_lines):
                    note = _refused(note)
            yield replace(note, place=f"{self._file}:{self._shift.at(line)}")


class _Lines:
    """Where the lines of an older text stand in a newer one."""

    def __init__(self, before: str, now: str) -> None:
        matcher = SequenceMatcher(None, before.split("\n"), now.split("\n"), False)
        self._blocks = matcher.get_opcodes()

    def at(self, line: int) -> int:
        """Return the number of a line, from 1."""
        for kind, i1, i2, j1, j2 in self._blocks:
            if i1 < line <= i2:
                return j1 + (line - i1 if kind == "equal" else min(1, j2 - j1))
        return line


def _in(note: Note, file: str) -> bool:
    return note.place.startswith(f"{file}:")


def _refused(note: Note) -> Note:
    if note.kind != "edit":
        return note
    return replace(note, kind="refused", mend="it touches what has changed since")


def _flat(text: str) -> str:
    return "".join(re.findall(r"\w+", text))


def _starts(text: str, ends: re.Pattern[str]) -> list[int]:
    return [0, *(match.end() for match in ends.finditer(text))]


def _spanned(hunk: _Hunk, starts: Sequence[int]) -> set[int]:
    first = bisect_right(starts, hunk.start) - 1
    last = bisect_right(starts, max(hunk.end - 1, hunk.start)) - 1
    return set(range(first, last + 1))


def _stretch(index: int, starts: Sequence[int], text: str) -> tuple[int, int]:
    return starts[index], starts[index + 1] if index + 1 < len(starts) else len(text)


def _hunks(before: str, after: str) -> Iterator[_Hunk]:
    """Yield where two texts differ: by sentences first, then by words within them.

    So that what changed in one sentence is never told as a change of the next.
    """
    old, new = _sentences(before), _sentences(after)
    start = 0
    changed: list[tuple[str, str]] = []
    for pair in align([_keys(each) for each in old], [_keys(each) for each in new]):
        was = "".join(old[i] for i in pair.old)
        now = "".join(new[j] for j in pair.new)
        if was != now:
            changed.append((was, now))
            continue
        yield from _within(changed, start)
        start += sum(len(each) for each, _ in changed) + len(was)
        changed = []
    yield from _within(changed, start)


def _within(changed: Sequence[tuple[str, str]], at: int) -> Iterator[_Hunk]:
    """Yield where sentences that follow each other differ."""
    alone = [bool(was) != bool(now) for was, now in changed]
    if any(alone):
        # One that is gone or new may be the rest of the one beside it.
        changed = [("".join(was for was, _ in changed), "".join(n for _, n in changed))]
    for was, now in changed:
        yield from _words(was, now, at)
        at += len(was)


def _words(was: str, now: str, at: int) -> Iterator[_Hunk]:
    """Yield where sentences differ."""
    old, new = _TOKEN.findall(was), _TOKEN.findall(now)
    offsets = [at]
    for token in old:
        offsets.append(offsets[-1] + len(token))
    for how, i1, i2, j1, j2 in SequenceMatcher(None, old, new, False).get_opcodes():
        if how != "equal":
            yield _Hunk(offsets[i1], offsets[i2], "".join(new[j1:j2]))


def _sentences(text: str) -> list[str]:
    """Cut a text at the ends of its sentences and lines."""
    starts = [*_starts(text, _SENTENCE_END), len(text)]
    return [text[a:b] for a, b in pairwise(starts) if a < b]


def _keys(sentence: str) -> tuple[str, ...]:
    return tuple(each for each in _TOKEN.findall(sentence) if not each.isspace())
