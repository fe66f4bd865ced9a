"""What a merge comes to, as it goes on: notes, and changes of files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from manuscript.word.carry.changes import Change, applied
from manuscript.word.carry.phrase import Phrase
from manuscript.word.compare import (
    Kind,
    Layout,
    Merged,
    Note,
    Piece,
    Printed,
    names_of,
    place_of,
)


class Record:
    """Notes and changes, in the order in which they come up.

    Attributes
    ----------
    notes : list of Note
    changes : list of Change
    """

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.changes: list[Change] = []

    def note(
        self,
        kind: Kind,
        where: Printed | Layout | None,
        what: str,
        mend: str,
        author: str = "",
        words: tuple[str, str] = ("", ""),
    ) -> None:
        """Note what became of a passage or an edit, its author and words."""
        self.notes.append(Note(kind, place_of(where), what, mend, author, *words))

    def note_gone(self, printed: Printed, pieces: Sequence[Piece]) -> None:
        """Note what was computed and went with its sentence."""
        names = dict.fromkeys(name for piece in pieces for name in names_of(piece))
        if names:
            self.note(
                "look",
                printed,
                f"went with its sentence: {', '.join(names)}",
                "make sure that nothing else in the text refers to it",
            )

    def note_typed(self, where: Printed | None, phrase: Phrase) -> None:
        """Note the numbers and citations that new words type."""
        if phrase.typed:
            self.note(
                "look",
                where,
                f"typed in new words: {', '.join(phrase.typed)}",
                'ask for it by its key, v("..."), or mark it '
                '[...]{.typed reason="..."}',
            )
        if phrase.read:
            self.note(
                "look",
                where,
                f"read as a citation: {', '.join(phrase.read)}",
                "make sure that this work is meant; set a power as ^2^",
            )
        if phrase.cited:
            self.note(
                "look",
                where,
                f"set in as typed, perhaps a citation: {', '.join(phrase.cited)}",
                "cite by key, [@key], and add the entry to the bibliography",
            )
        for said in phrase.lost:
            self.note(
                *("refused", where, f"not carried over: {said}"),
                "write it into the brackets of the citation, or into the text",
                words=("", said),
            )
        for shown in phrase.dropped:
            self.note(
                *("refused", where, f"citation of a work that is not known: {shown}"),
                "cite by key, [@key], and add the entry to the bibliography",
                words=("", shown),
            )

    def merged(self, texts: Mapping[str, str]) -> Merged:
        """Apply the changes to the texts of the files."""
        by_file: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            by_file[change.file].append(change)
        new = {file: applied(texts[file], changes) for file, changes in by_file.items()}
        return Merged({file: texts[file] for file in new}, new, tuple(self.notes))
