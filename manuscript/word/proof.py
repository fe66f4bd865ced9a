"""A merge that proves itself.

The patch is applied aside, the Word file printed from the patched sources, and
compared with the edited copy as its reader sees it. What still differs is listed;
what the patch changed unasked is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from manuscript.errors import ManuscriptError
from manuscript.word.base import Base, reprint
from manuscript.word.carry import merge
from manuscript.word.compare import (
    Citing,
    Difference,
    Library,
    Merged,
    Note,
    Token,
    View,
    alike,
    citing,
    compare,
    differences,
    locate,
    place_of,
    words_in,
)
from manuscript.word.package import PICTURE, EditedDocument

_ROUNDS: Final = 3  # in which what does not print as the copy has it is left out
_MANY: Final = 30  # letters by which words are known wherever they stand
_WORD: Final = re.compile(r"\w+")
_SHOWN: Final = 24  # words quoted
_MEND: Final = "make this change by hand"


def proved(base: Base, edited: EditedDocument) -> Merged:
    """Bring the edits of a copy back to the sources, and prove the result.

    Parameters
    ----------
    base : Base
    edited : EditedDocument

    Returns
    -------
    Merged
        With a note on all that the patched sources do not print as the copy has it.
    """
    held: set[int] = set()
    for _ in range(_ROUNDS):
        merged, library = _merged(base, edited, held)
        merged, now = _printable(base, merged)
        told, unasked = _differences(base, edited, now, merged, library)
        if not unasked:
            return replace(merged, notes=(*merged.notes, *told))
        held |= unasked
    # Nothing is changed where it cannot be shown what the change prints.
    located = locate(base.printed.paragraphs, base.passages, base.texts)
    torn = {place_of(located[i]).partition(":")[0] for i in unasked}
    told = []
    for files in (torn & merged.new.keys(), merged.new.keys()):
        why = "they change what the copy left alone"
        merged, now = _printable(base, _without(merged, list(files), why))
        told, unasked = _differences(base, edited, now, merged, library)
        if not unasked:
            break
    return replace(merged, notes=(*merged.notes, *told))


def _printable(base: Base, merged: Merged) -> tuple[Merged, EditedDocument]:
    """Print what a merge makes; files that cannot be printed are left as they are."""
    while changed := {
        file: text for file, text in merged.new.items() if text != merged.old[file]
    }:
        try:
            return merged, reprint(base, changed)
        except ManuscriptError as error:
            at_fault, why = error.file, str(error)
        except ExceptionGroup as group:
            first = group.exceptions[0]
            at_fault, why = getattr(first, "file", ""), str(first)
        files = [at_fault] if at_fault in changed else list(changed)
        merged = _without(merged, files, why)
    return merged, base.printed


def _without(merged: Merged, files: Sequence[str], why: str) -> Merged:
    """Take the edits of files out of a merge; the comparison tells them all."""
    notes = [
        note
        for note in merged.notes
        if note.kind not in ("edit", "look")
        or note.place.partition(":")[0] not in files
    ]
    for file in files:
        what = f"{file}: the edits of this file cannot be printed: {why}"
        notes.append(Note("refused", "", what, _MEND))
    return Merged(
        {file: text for file, text in merged.old.items() if file not in files},
        {file: text for file, text in merged.new.items() if file not in files},
        tuple(notes),
    )


def _merged(
    base: Base, edited: EditedDocument, held: Collection[int]
) -> tuple[Merged, Library]:
    items = [record for each in base.works for record in each.records]
    library = Library(items, edited.sources)
    merged = merge(
        *(base.printed, edited, base.passages, base.texts),
        *(library, base.bibliography, held),
    )
    return merged, library


def _differences(
    base: Base,
    edited: EditedDocument,
    now: EditedDocument,
    merged: Merged,
    library: Library,
) -> tuple[list[Note], set[int]]:
    """Compare what the patched sources print with the copy.

    Returns
    -------
    tuple
        Notes on what is not carried over and not told yet, and the paragraphs of the
        base that the patch changed unasked.
    """
    printed = citing(base.printed, library.resolve)
    was = View(base.printed, printed)
    known = Citing(printed.numbers, library.resolve, library.named)
    copy = View(edited, known, was.references())
    made = View(now, citing(now, library.resolve))
    asked = _Asked(was, copy)
    told = _Told(merged.notes)
    listed = list(differences(made, copy))
    places = _places(base, was, made) if listed else {}
    found: list[Difference] = []
    unasked: set[int] = set()
    for difference in listed:
        if (index := asked.unasked(difference, made)) is not None:
            unasked.add(index)
            continue
        here = places.get(difference.old, "")
        if not told.has(difference, here) and not _is_alike(difference, base, edited):
            found.append(difference)
    notes = [_note(each, places.get(each.old, "")) for each in found]
    notes += [
        _note(each, "")
        for each in differences(was, copy, references=True)
        if not told.has(each, "")
    ]
    notes += _unpointed(edited, library, (*base.texts.values(), *merged.new.values()))
    return [*notes, *_beside(base.printed, edited)], unasked


def _unpointed(
    edited: EditedDocument, library: Library, texts: Sequence[str]
) -> Iterator[Note]:
    """Note the pages that citations of a copy point at, and no source says."""
    fields = dict.fromkeys(
        run.field
        for each in edited.paragraphs
        for run in each.runs
        if run.field and run.change != "deleted"
    )
    for instructions in fields:
        for key, where in library.pointed(instructions).items():
            said = f"@{key}, {where.locator}"
            if where.locator and not any(said in text for text in texts):
                what = f"not carried over: {where.locator} of @{key}"
                yield Note("refused", "", what, f"write [{said}] where it is cited")


def _beside(base: EditedDocument, edited: EditedDocument) -> Iterator[Note]:
    """Note what changed beside the text: headers, alternative texts."""
    for text in sorted(edited.margins - base.margins):
        what = f"not carried over: header or footer “{text}”"
        yield Note("refused", "", what, "change running-head in the front matter")
    for digest in base.pictures.keys() & edited.pictures.keys():
        was = base.pictures[digest].alternative
        now = edited.pictures[digest].alternative
        if was != now and now:
            what = f"not carried over: alternative text of a picture, “{now}”"
            yield Note("refused", "", what, "change fig-alt of its cell")


def _places(base: Base, was: View, made: View) -> dict[int, str]:
    """Name the places of the paragraphs that are printed now."""
    located = locate(base.printed.paragraphs, base.passages, base.texts)
    places: dict[int, str] = {}
    last = ""
    for pair in was.pairs(made):
        if pair.old:
            last = place_of(located[pair.old[0]])
        for j in pair.new:
            places[j] = last
    return places


def _is_alike(difference: Difference, base: Base, edited: EditedDocument) -> bool:
    """Tell whether a picture is the same but for the way in which it was saved."""
    if difference.kind != "picture":
        return False
    return all(
        alike(base.printed.pictures.get(was.picture), edited.pictures.get(now.picture))
        for was, now in zip(difference.gone, difference.came, strict=True)
    )


class _Asked:
    """Knows what the copy changed."""

    def __init__(self, was: View, copy: View) -> None:
        self._was = was
        self._changed: dict[int, set[int]] = {}
        self._base: dict[int, int] = {}
        self._kept: dict[tuple[str, ...], int] = {}
        for i in was.shown():
            self._kept.setdefault(tuple(was.paragraphs[i].keys), i)
        for pair in was.pairs(copy):
            if len(pair.old) != 1 or len(pair.new) != 1:
                continue
            i, j = pair.old[0], pair.new[0]
            self._base[j] = i
            touched: set[int] = set()
            for hunk in compare(was.paragraphs[i].keys, copy.paragraphs[j].keys):
                touched.update(range(hunk.new_first - 1, hunk.new_last + 2))
            self._changed[j] = touched
            self._copy = copy

    def unasked(self, difference: Difference, made: View) -> int | None:
        """Return the paragraph of the base that a difference changed unasked."""
        if difference.kind != "words" or not difference.came:
            return None
        index = self._base.get(difference.new)
        if index is None or self._changed[difference.new]:
            return None
        # The copy left this paragraph as it was, and the sources print another.
        here = made.paragraphs[difference.old].keys if difference.old >= 0 else []
        if here == self._was.paragraphs[index].keys:
            return None
        return index


class _Told:
    """Knows which differences notes tell already.

    A note tells a difference where it says these very words of the same paragraph,
    or so many of them that they can be no others.
    """

    def __init__(self, notes: Sequence[Note]) -> None:
        self._said = [
            (
                note.place,
                *(_flat(note.gone), _flat(note.came)),
                set(_WORD.findall(f"{note.gone} {note.came}")),
            )
            for note in notes
            if note.kind == "refused" and (note.gone or note.came)
        ]

    def has(self, difference: Difference, place: str) -> bool:
        """Tell whether a note tells a difference in the paragraph of a place."""
        if difference.kind == "role":
            return False
        gone, came = (
            _flat("".join(token.text or token.key for token in tokens))
            for tokens in (difference.gone, difference.came)
        )
        many = len(gone) + len(came) >= _MANY
        shown = f"{words_in(difference.gone)} {words_in(difference.came)}"
        words = set() if many else set(_WORD.findall(shown))
        return any(
            gone in was
            and came in now
            # Letters alone may be a part of another word.
            and words <= said
            and (
                many
                or where == place
                or (difference.whole and (gone == was or came == now))
            )
            for where, was, now, said in self._said
        )


def _flat(text: str) -> str:
    return "".join(text.split())


def _note(difference: Difference, place: str) -> Note:
    gone, came = _text(difference.gone), _text(difference.came)
    was, now = _quoted(difference.gone), _quoted(difference.came)
    if difference.kind == "words":
        if gone and came:
            what = f"“{was}” → “{now}”"
        elif came:
            what = f"“{now}” inserted"
        elif gone:
            what = f"“{was}” deleted"
        else:
            joined = len(difference.gone) > len(difference.came)
            what = "paragraphs joined" if joined else "paragraph split"
    else:
        what = f"{difference.what}: “{now}”"
    mend = _MEND
    if any("formula" in each for token in difference.came for each in token.other):
        mend = "the words are there: set the formula by hand, between $ signs"
    return Note("refused", place, f"not carried over: {what}", mend, "", gone, came)


def _quoted(tokens: Sequence[Token]) -> str:
    return _text(tokens[:_SHOWN]) + (" …" if len(tokens) > _SHOWN else "")


def _text(tokens: Sequence[Token]) -> str:
    return words_in(tokens).replace(PICTURE, "[picture]")
