"""An edited Word file against the sources that made it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import yaml

from analysis.value import Value
from manuscript.exchange.document import PICTURE, EditedDocument
from manuscript.exchange.draft import Draft
from manuscript.exchange.layout import COMPUTED, Layout, Piece
from manuscript.exchange.phrase import PLAIN, Phrase, Phrases, emphasis
from manuscript.exchange.report import Kind, Merged, Note
from manuscript.exchange.site import Printed, Site, locate
from manuscript.exchange.words import (
    PARAGRAPH_END,
    Hunk,
    Pair,
    Word,
    align,
    compare,
    key_of,
    split,
    words_of,
)
from manuscript.expressions import Claim
from manuscript.passages import Passage
from manuscript.plain import Printed as Answer
from manuscript.plain import plain

_NUMBER: Final = re.compile(r"S?\d")
_HEADING_STYLE: Final = re.compile(r"^heading([1-6])$")
_PREFIX: Final = re.compile(r"^(?:#{1,6}[ \t]+|\s*(?:[-*+]|\(?\w+[.)])[ \t]+)")
_ATTRIBUTES: Final = re.compile(r"[ \t]*\{[^{}`]*\}[ \t]*$")
_FRONT: Final = ("title", "metadata")


def merge(
    base: EditedDocument,
    edited: EditedDocument,
    passages: Sequence[Passage],
    texts: Mapping[str, str],
) -> Merged:
    """Bring the edits of a Word file back to the sources.

    Parameters
    ----------
    base : EditedDocument
        The Word file that the sources make.
    edited : EditedDocument
        The copy that a co-author edited; tracked changes count as made.
    passages : sequence of Passage
        Of the document, in reading order.
    texts : mapping of str to str
        Texts of its files, line ends included.
    """
    return _Merger(base, edited, passages, texts).run()


@dataclass(frozen=True)
class _Item:
    """A printed word, or the end of a paragraph (which has no site)."""

    word: Word
    site: Site | None
    printed: Printed

    @property
    def piece(self) -> Piece | None:
        return self.site.piece if self.site else None

    @property
    def is_end(self) -> bool:
        return self.word.key == PARAGRAPH_END


@dataclass(frozen=True)
class _Edit:
    """A hunk with what it sets in."""

    hunk: Hunk
    phrase: Phrase


class _Merger:
    def __init__(
        self,
        base: EditedDocument,
        edited: EditedDocument,
        passages: Sequence[Passage],
        texts: Mapping[str, str],
    ) -> None:
        self._edited = edited
        self._passages = passages
        self._texts = texts
        self._printed = locate(base.paragraphs, passages, texts)
        self._words = [words_of(each) for each in edited.paragraphs]
        self._phrases = Phrases(self._printed)
        self._notes: list[Note] = []
        # Replacements of stretches, by file.
        self._changes: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._places: dict[int, list[tuple[int, str]]] = {}
        self._by = ""

    def run(self) -> Merged:
        old = [i for i, each in enumerate(self._printed) if each.words]
        new = [j for j, words in enumerate(self._words) if words]
        pairs = align(
            [self._printed[i].keys for i in old],
            [[word.key for word in self._words[j]] for j in new],
        )
        pairs = [
            Pair(tuple(old[i] for i in p.old), tuple(new[j] for j in p.new))
            for p in pairs
        ]
        self._gone = {
            tuple(self._printed[i].keys): self._printed[i]
            for pair in pairs
            if not pair.new
            for i in pair.old
        }
        last: Printed | None = None
        waiting: list[int] = []
        for pair in pairs:
            if not pair.new:
                self._deleted(self._printed[pair.old[0]])
            elif not pair.old:
                waiting += pair.new
            else:
                self._new(waiting, last, self._printed[pair.old[0]])
                waiting = []
                self._pair(pair)
                last = self._printed[pair.old[-1]]
        self._new(waiting, last, None)
        self._comments()
        changed = {
            file: _changed(self._texts[file], changes)
            for file, changes in self._changes.items()
        }
        old_texts = {file: self._texts[file] for file in changed}
        return Merged(old_texts, changed, tuple(self._notes))

    def _note(
        self, kind: Kind, where: Printed | Layout | None, what: str, mend: str = ""
    ) -> None:
        self._notes.append(Note(kind, _place(where), what, mend))

    # Paragraphs that are new or gone

    def _deleted(self, printed: Printed) -> None:
        shown = _shown(printed.words)
        layout = printed.layout
        if layout is None:
            what = f"deleted: {shown}"
            self._note("refused", None, what, _made_by(printed))
            return
        if layout.passage.kind in ("caption", *_FRONT):
            mend = "delete it by hand, with what it belongs to"
            self._note("refused", printed, f"deleted: {shown}", mend)
            return
        if any(printed.keys == [word.key for word in words] for words in self._words):
            self._note("edit", printed, f"paragraph moved from here: {shown}")
        else:
            self._note("edit", printed, f"paragraph deleted: {shown}")
            gone = [piece for piece in layout.pieces if piece.kind in COMPUTED]
            self._went(printed, gone)
        text = self._texts[layout.passage.file]
        form = r"\r?\n" if layout.passage.kind == "item" else r"\r?\n(?:[ \t]*\r?\n)*"
        after = re.compile(form).match(text, layout.end)
        end = after.end() if after else layout.end
        self._changes[layout.passage.file].append((layout.start, end, ""))

    def _went(self, printed: Printed, pieces: Sequence[Piece]) -> None:
        names = dict.fromkeys(name for piece in pieces for name in _names(piece))
        if names:
            self._note(
                "look",
                printed,
                f"went with its sentence: {', '.join(names)}",
                "make sure that nothing else in the text refers to it",
            )

    def _new(
        self, waiting: Sequence[int], before: Printed | None, after: Printed | None
    ) -> None:
        """Place new paragraphs by their neighbours."""
        for index in waiting:
            paragraph, words = self._edited.paragraphs[index], self._words[index]
            shown = _shown(words)
            anchor = before.layout if before else None
            follows = after.layout if after else None
            if follows and follows.passage.kind in (*_FRONT, "caption"):
                follows = None
            if anchor and anchor.passage.kind in _FRONT:
                anchor = None
            if paragraph.where != "body" or not (anchor or follows):
                what = f"new in a {paragraph.where}: {shown}"
                if paragraph.where == "body":
                    what = f"new paragraph: {shown}"
                mend = "write it into the sources by hand"
                self._note("refused", before or after, what, mend)
                continue
            if PICTURE in "".join(word.text for word in words):
                mend = "make figures in code cells; write notes into the text"
                self._note(
                    "refused", before or after, f"picture or note: {shown}", mend
                )
                if len(words) == 1:
                    continue
            markdown = self._paragraph(index, before or after)
            if not markdown:
                continue
            how = "paragraph moved" if self._moved(words) else "new paragraph"
            self._note("edit", anchor or follows, f"{how} after this: {shown}")
            if anchor:
                file, at = anchor.passage.file, self._after(anchor)
                self._changes[file].append((at, at, f"\n\n{markdown}"))
            elif follows:
                file, at = follows.passage.file, follows.start
                self._changes[file].append((at, at, f"{markdown}\n\n"))

    def _paragraph(self, index: int, near: Printed | None) -> str:
        paragraph, words = self._edited.paragraphs[index], self._words[index]
        if moved := self._moved(words):
            return moved.source
        words = [word for word in words if word.key != PICTURE]
        heading = _HEADING_STYLE.match(paragraph.style)
        around = PLAIN
        phrase = self._phrases.write(words, around, opens=True)
        self._advise(near, phrase)
        if not self._is_safe(phrase.markdown, phrase.keys, phrase.reused):
            what = f"new paragraph: {_shown(words)}"
            mend = "write it into the sources by hand"
            self._note("refused", near, what, mend)
            return ""
        return ("#" * int(heading[1]) + " " if heading else "") + phrase.markdown

    def _moved(self, words: Sequence[Word]) -> Layout | None:
        """Return the passage that stood elsewhere with just these words."""
        printed = self._gone.get(tuple(word.key for word in words))
        return printed.layout if printed else None

    def _after(self, layout: Layout) -> int:
        """Where a paragraph after a passage is set: after the float, for a caption."""
        text = self._texts[layout.passage.file]
        if layout.passage.kind == "caption":
            closing = re.compile(r"^:{3,}[ \t]*$", re.MULTILINE).search(
                text, layout.end
            )
            return closing.end() if closing else layout.end
        return layout.end

    # Paragraphs that were edited

    def _pair(self, pair: Pair) -> None:
        items = list(_items([self._printed[i] for i in pair.old]))
        words = list(_with_ends([self._words[j] for j in pair.new]))
        authors = [who for j in pair.new for who in self._edited.paragraphs[j].authors]
        self._by = f" ({', '.join(dict.fromkeys(authors))})" if authors else ""
        for j in pair.new:
            self._remember(j, items)
        keys = [item.word.key for item in items]
        hunks = compare(keys, [word.key for word in words])
        if not hunks and not _differ(items, words):
            return
        if any(self._printed[i].layout is None for i in pair.old):
            if hunks:
                printed = self._printed[pair.old[0]]
                for hunk in hunks:
                    self._refuse_generated(printed, items, words, hunk)
            return
        edits = [
            _Edit(part, self._write(items, words, part))
            for hunk in _slid(hunks, items)
            for part in _parts(hunk, items, words)
        ]
        self._edit(items, words, edits)

    def _write(
        self, items: Sequence[_Item], words: Sequence[Word], hunk: Hunk
    ) -> Phrase:
        new = words[hunk.new_first : hunk.new_last]
        return self._phrases.write(
            [word for word in new if word.key != PICTURE],
            _around(items, hunk, new),
            opens=hunk.first == 0 and not _is_front(items[0]),
        )

    def _edit(
        self, items: list[_Item], words: list[Word], edits: Sequence[_Edit]
    ) -> None:
        """Apply what can be applied; note all else."""
        gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
        reused = sum((edit.phrase.reused for edit in edits), Counter[str]())
        accepted: list[_Edit] = []
        torn: set[tuple[int, int]] = set()
        for edit in edits:
            new = words[edit.hunk.new_first : edit.hunk.new_last]
            if any(word.key == PICTURE for word in new):
                mend = "make figures in code cells; write notes into the text"
                self._note("refused", items[0].printed, "new picture or note", mend)
            if self._may(items, words, edit, gone, reused):
                accepted.append(edit)
            elif not _is_pure(items, edit.hunk):
                torn |= _sentences(items, edit.hunk)
        for edit in [each for each in accepted if _sentences(items, each.hunk) & torn]:
            accepted.remove(edit)
            mend = "the rest of its sentence was refused: write it by hand"
            told = _told(items, words, edit.hunk)
            self._note("refused", _item_at(items, edit.hunk.first).printed, told, mend)
        drafts = self._drafts(items, words, accepted)
        if drafts is None:
            for edit in accepted:
                self._note(
                    "refused",
                    _item_at(items, edit.hunk.first).printed,
                    _told(items, words, edit.hunk),
                    "the place is too tangled to edit safely; write it by hand",
                )
            return
        for edit in accepted:
            item = _item_at(items, edit.hunk.first)
            if edit.phrase.markdown or edit.hunk.first < edit.hunk.last:
                told = _told(items, words, edit.hunk)
                self._note("edit", item.printed, f"{told}{self._by}")
            self._advise(item.printed, edit.phrase)
            old = items[edit.hunk.first : edit.hunk.last]
            left = edit.phrase.reused.copy()
            pieces = []
            for piece in _distinct(old):
                if left[piece.source]:
                    left[piece.source] -= 1
                elif reused[piece.source] == 0:
                    pieces.append(piece)
            self._went(item.printed, pieces)
        for draft in drafts:
            layout = draft.layout
            source = draft.source()
            if source != layout.source:
                file = layout.passage.file
                self._changes[file].append((layout.start, layout.end, source))

    def _drafts(
        self, items: list[_Item], words: list[Word], edits: Sequence[_Edit]
    ) -> list[Draft] | None:
        """Edit the passages; None where the result would not print as it should."""
        drafts = {
            id(item.printed): Draft(item.printed.layout)
            for item in items
            if item.printed.layout
        }
        joins: list[tuple[str, int, int]] = []
        for edit in edits:
            if not self._apply(items, words, edit, drafts, joins):
                return None
        self._space(items, words, edits, drafts)
        self._emphasize(items, words, edits, drafts)
        reused = sum((edit.phrase.reused for edit in edits), Counter[str]())
        expected = "".join(_expected(items, edits))
        markdown, protected = [], Counter[str]()
        for draft in drafts.values():
            body = _body(draft)
            if body is None:
                return None
            markdown.append(body)
            protected += draft.protected
        if not self._is_safe("\n".join(markdown), [expected], protected + reused):
            return None
        for file, start, end in joins:
            self._changes[file].append((start, end, " "))
        return list(drafts.values())

    def _apply(
        self,
        items: list[_Item],
        words: list[Word],
        edit: _Edit,
        drafts: Mapping[int, Draft],
        joins: list[tuple[str, int, int]],
    ) -> bool:
        hunk, text = edit.hunk, edit.phrase.markdown
        old = items[hunk.first : hunk.last]
        new = words[hunk.new_first : hunk.new_last]
        if any(w.key == PARAGRAPH_END for w in new) and any(
            item.printed.layout and item.printed.layout.passage.kind != "paragraph"
            for item in items
        ):
            return False
        after = words[hunk.new_last] if hunk.new_last < len(words) else None
        if new and new[-1].key == PARAGRAPH_END:
            text = text.rstrip() + "\n\n"
        if old:
            first = next((item for item in old if not item.is_end), None)
            if first and new and hunk.first and not items[hunk.first - 1].is_end:
                draft = drafts[id(first.printed)]
                draft.space_before(_cells(draft, first), new[0].spaced)
            if first and text:
                self._set_before(first, drafts, text, _leaves(first, new))
            elif text:
                return False
            for item, end in zip(old, (*old[1:], None), strict=True):
                draft = drafts[id(item.printed)]
                if item.is_end:
                    join = self._join(items, item)
                    if join is None:
                        return False
                    joins.append(join)
                elif (
                    not new
                    and item is first
                    and item.word.spaced
                    and not draft.take_space_before(_cells(draft, item))
                ):
                    rest = _item_at(items, hunk.last)
                    if rest.word.spaced and rest.site:
                        there = drafts[id(rest.printed)]
                        there.take_space_before(_cells(there, rest))
                if not item.is_end:
                    if item.site is None:
                        return False
                    if end and end.printed is item.printed and end.site:
                        cells = _cells(draft, item)
                        until = _cells(draft, end)
                        draft.take(
                            range(cells.start, max(cells.stop, until.start)),
                            computed=True,
                        )
                    else:
                        draft.take(_cells(draft, item), computed=True)
            return True
        if not text:
            return True
        before = items[hunk.first - 1] if hunk.first else None
        following = items[hunk.first] if hunk.first < len(items) else None
        if before and before.site and not _sticks(before, following, new):
            space = " " if new and new[0].spaced else ""
            draft = drafts[id(before.printed)]
            draft.set_after(
                _cells(draft, before), space + text, leave=_leaves(before, new)
            )
            return True
        if following and following.site:
            space = " " if after and after.spaced and not text.endswith("\n") else ""
            self._set_before(following, drafts, text + space, _leaves(following, new))
            return True
        return False

    def _set_before(
        self, item: _Item, drafts: Mapping[int, Draft], text: str, leave: bool
    ) -> None:
        draft = drafts[id(item.printed)]
        if item.printed.layout and item.printed.layout.passage.kind in _FRONT:
            text = text.replace("\\", "\\\\").replace('"', '\\"')
        draft.set_before(_cells(draft, item), text, leave=leave)

    def _join(self, items: list[_Item], end: _Item) -> tuple[str, int, int] | None:
        """Stretch between two paragraphs that become one."""
        index = items.index(end)
        before, after = items[index - 1].printed.layout, items[index + 1].printed.layout
        if not before or not after or before.passage.file != after.passage.file:
            return None
        between = self._texts[before.passage.file][before.end : after.start]
        kinds = {before.passage.kind, after.passage.kind}
        if between.strip() or kinds != {"paragraph"}:
            return None
        return before.passage.file, before.end, after.start

    def _space(
        self,
        items: list[_Item],
        words: list[Word],
        edits: Sequence[_Edit],
        drafts: Mapping[int, Draft],
    ) -> None:
        """Give the words that stayed the space that the edited copy has before them."""
        touched = {edit.hunk.last for edit in edits}
        accepted = {(edit.hunk.first, edit.hunk.new_first) for edit in edits}
        for i, j in _equal(items, words):
            item, word = items[i], words[j]
            if i == 0 or j == 0 or item.is_end or item.site is None or item.piece:
                continue
            changed = item.word.spaced != word.spaced
            refused = (
                not _follows(items, words, i, j)
                and i not in touched
                and (i, j) not in accepted
            )
            if (changed or i in touched) and not refused:
                if items[i - 1].is_end:
                    continue
                draft = drafts[id(item.printed)]
                draft.space_before(_cells(draft, item), word.spaced)

    def _emphasize(
        self,
        items: list[_Item],
        words: list[Word],
        edits: Sequence[_Edit],
        drafts: Mapping[int, Draft],
    ) -> None:
        """Carry over bold and italic of words that stayed."""
        for group in _restyled(items, words):
            first, last = items[group[0][0]], items[group[-1][0]]
            was, now = emphasis(first.word), emphasis(words[group[0][1]])
            what = f"{_spelled(was)} → {_spelled(now)}: “{_shown_items(items, group)}”"
            draft = drafts[id(first.printed)]
            done = False
            if all(items[i].site and not items[i].piece for i, _ in group):
                start, stop = _cells(draft, first).start, _cells(draft, last).stop
                cells = range(start, stop)
                if draft.is_plain(cells) and first.printed is last.printed:
                    done = _restyle(draft, cells, was, now)
            if done:
                self._note("edit", _near(first), what)
            else:
                mend = "set it by hand, with * or **"
                self._note("refused", _near(first), what, mend)

    def _advise(self, where: Printed | None, phrase: Phrase) -> None:
        if phrase.typed:
            self._note(
                "look",
                where,
                f"typed in new words: {', '.join(phrase.typed)}",
                'ask for it by its key, v("..."), or mark it '
                '[...]{.typed reason="..."}',
            )
        if phrase.dropped:
            self._note(
                "refused",
                where,
                f"citation typed as a number: {', '.join(phrase.dropped)}",
                "cite by key, [@key], and add the entry to references.json",
            )

    # What must not be edited in Word

    def _may(
        self,
        items: Sequence[_Item],
        words: Sequence[Word],
        edit: _Edit,
        gone: set[int],
        reused: Counter[str],
    ) -> bool:
        hunk = edit.hunk
        old = items[hunk.first : hunk.last]
        if any(item.site is None and not item.is_end for item in old):
            self._note(
                "refused",
                old[0].printed,
                _told(items, words, hunk),
                "it is numbered by itself; change the order of figures and tables",
            )
            return False
        left = reused.copy()
        stuck = []
        if edit.phrase.foreign and not _distinct(old):
            beside = items[max(hunk.first - 1, 0) : hunk.last + 1]
            stuck = [p for p in _distinct(beside) if p.kind in ("claim", "value")][:1]
        for piece in _distinct(old):
            if left[piece.source]:
                left[piece.source] -= 1
            elif not self._sentence_gone(items, piece, gone) or edit.phrase.typed:
                stuck.append(piece)
        for piece in stuck:
            what, mend = _protest(piece, items, words, hunk)
            self._note("refused", _near_piece(items, piece), what, mend)
        return not stuck

    def _sentence_gone(
        self, items: Sequence[_Item], piece: Piece, gone: set[int]
    ) -> bool:
        holders = [i for i, item in enumerate(items) if item.piece is piece]
        if not holders or not set(holders) <= gone:
            return False
        layout = items[holders[0]].printed.layout
        assert layout
        start, end = layout.passage.sentence_around(piece.first)
        return all(
            i in gone
            for i, item in enumerate(items)
            if item.printed.layout is layout
            and item.site
            and start <= item.site.first < end
            and (item.site.last > item.site.first or item.site.first > start)
        )

    def _refuse_generated(
        self,
        printed: Printed,
        items: Sequence[_Item],
        words: Sequence[Word],
        hunk: Hunk,
    ) -> None:
        item = _item_at(items, hunk.first)
        what = f"{_told(items, words, hunk)} in {_shown(printed.words, 6)}"
        if item.word.look.key:
            what = f"{what} (value {item.word.look.key})"
        self._note("refused", None, what, _made_by(printed))

    # Safety

    def _is_safe(
        self, markdown: str, keys: Sequence[str], pieces: Counter[str]
    ) -> bool:
        """Whether Markdown prints these words and computes these pieces alone."""
        read = plain(markdown, lambda offset: (1, 1 + offset), self._answer, self._name)
        marks = [mark for mark in read.marks if mark.kind in COMPUTED]
        edges = [edge for mark in marks for edge in (mark.start, mark.end)]
        shown = "".join(key_of(read.text[a:b]) for a, b in split(read.text, edges))
        known = [mark for mark in read.marks if mark.kind != "typed"]
        wanted = +pieces
        return shown == "".join(keys) and len(known) == wanted.total()

    def _answer(self, source: str, place: tuple[int, int]) -> Answer:
        for passage in self._passages:
            for mark in passage.marks:
                if mark.expression and mark.expression.source == source:
                    text = passage.text[mark.start : mark.end]
                    return Answer(text, mark.expression, mark.result)
        return Answer("?", None, None)

    def _name(self, label: str) -> str:
        for passage in self._passages:
            for mark in passage.marked("reference"):
                if mark.names == (label,):
                    return passage.text[mark.start : mark.end]
        return "?"

    # Comments

    def _remember(self, index: int, items: Sequence[_Item]) -> None:
        """Keep where the words of an edited paragraph stand, for its comments."""
        words = self._words[index]
        found = []
        for i, j in _equal(items, words):
            site, layout = items[i].site, items[i].printed.layout
            if site and layout:
                line, _ = layout.passage.place(site.first)
                found.append((words[j].start, f"{layout.passage.file}:{line}"))
        if not found and items and (place := _place(items[0].printed)):
            found = [(0, place)]
        self._places[index] = found

    def _comments(self) -> None:
        for comment in self._edited.comments:
            place = ""
            for index in range(comment.paragraph, -1, -1):
                if found := self._places.get(index):
                    offset = comment.offset if index == comment.paragraph else 2**31
                    at_or_after = [p for start, p in found if start >= offset]
                    place = at_or_after[0] if at_or_after else found[-1][1]
                    break
            date = f", {comment.date[:10]}" if comment.date else ""
            words = f" on “{_shortened(comment.words)}”" if comment.words else ""
            who = comment.author or "unnamed"
            self._notes.append(
                Note("comment", place, f"{who}{date}{words}: {comment.text}")
            )


def _items(paragraphs: Sequence[Printed]) -> Iterator[_Item]:
    for index, printed in enumerate(paragraphs):
        if index:
            before = paragraphs[index - 1]
            yield _Item(_end(before.words), None, before)
        for word, site in zip(printed.words, printed.sites, strict=True):
            yield _Item(word, site, printed)


def _with_ends(paragraphs: Sequence[list[Word]]) -> Iterator[Word]:
    for index, words in enumerate(paragraphs):
        if index:
            yield _end(paragraphs[index - 1])
        yield from words


def _end(words: Sequence[Word]) -> Word:
    from manuscript.exchange.document import Run

    at = words[-1].end if words else 0
    return Word(PARAGRAPH_END, "", at, at, False, -1, Run(""))


def _item_at(items: Sequence[_Item], index: int) -> _Item:
    return items[min(index, len(items) - 1)]


def _is_front(item: _Item) -> bool:
    layout = item.printed.layout
    return layout is not None and layout.passage.kind in _FRONT


def _cells(draft: Draft, item: _Item) -> range:
    site = item.site
    assert site
    if site.piece and site.first == site.last:
        return draft.piece(site.piece)
    return draft.stretch(site.first, site.last)


def _slid(hunks: Sequence[Hunk], items: Sequence[_Item]) -> Iterator[Hunk]:
    """Let a deletion begin where a sentence does, if it may as well."""
    keys = [item.word.key for item in items]
    for hunk in hunks:
        shift = 0
        if hunk.new_first == hunk.new_last and not _opens(items, hunk.first):
            shift = _shift(hunk, items, keys)
        yield Hunk(*(at + shift for at in astuple(hunk)))


def _shift(hunk: Hunk, items: Sequence[_Item], keys: Sequence[str]) -> int:
    """How far a deletion can move, all words left alike, to open a sentence."""
    for step in (1, -1):
        shift = 0
        while True:
            entering = hunk.last + shift if step > 0 else hunk.first + shift - 1
            leaving = hunk.first + shift if step > 0 else hunk.last + shift - 1
            if not (0 <= entering < len(keys)) or keys[entering] != keys[leaving]:
                break
            shift += step
            if _opens(items, hunk.first + shift):
                return shift
    return 0


def _opens(items: Sequence[_Item], index: int) -> bool:
    """Whether a word is the first of its sentence."""
    item = items[index]
    if index == 0 or items[index - 1].is_end:
        return True
    if item.site is None or item.printed.layout is None:
        return False
    starts = {start for start, _ in item.printed.layout.passage.sentences}
    return item.site.first in starts and item.site.last > item.site.first


def _parts(hunk: Hunk, items: Sequence[_Item], words: Sequence[Word]) -> Iterator[Hunk]:
    """Cut a hunk at its values, where each has a number in its place."""
    slots = [
        i
        for i in range(hunk.first, hunk.last)
        if (piece := items[i].piece) and piece.kind == "value"
    ]
    numbers = [
        j
        for j in range(hunk.new_first, hunk.new_last)
        if words[j].look.computed or _NUMBER.match(words[j].key)
    ]
    others = any(
        (piece := items[i].piece) and piece.kind != "value"
        for i in range(hunk.first, hunk.last)
    )
    if others or not slots or len(slots) != len(numbers):
        yield hunk
        return
    i, j = hunk.first, hunk.new_first
    for slot, number in zip(slots, numbers, strict=True):
        if i < slot or j < number:
            yield Hunk(i, slot, j, number)
        if items[slot].word.key != words[number].key:
            yield Hunk(slot, slot + 1, number, number + 1)
        i, j = slot + 1, number + 1
    if i < hunk.last or j < hunk.new_last:
        yield Hunk(i, hunk.last, j, hunk.new_last)


def _is_pure(items: Sequence[_Item], hunk: Hunk) -> bool:
    """Whether a hunk changes nothing but what is computed."""
    return all(item.piece for item in items[hunk.first : hunk.last])


def _sentences(items: Sequence[_Item], hunk: Hunk) -> set[tuple[int, int]]:
    """Find the sentences that a hunk touches, by passage and start."""
    found = set()
    for item in items[max(hunk.first - (hunk.first == hunk.last), 0) : hunk.last]:
        if item.site and item.printed.layout:
            start, _ = item.printed.layout.passage.sentence_around(item.site.first)
            found.add((id(item.printed), start))
    return found


def _around(
    items: Sequence[_Item], hunk: Hunk, new: Sequence[Word]
) -> tuple[bool, bool]:
    """Emphasis at the place where a hunk sets its words."""
    if not new:
        return PLAIN
    wanted = emphasis(new[0])
    if hunk.first < hunk.last:
        there = emphasis(items[hunk.first].word)
        return there if there == wanted else PLAIN
    before = items[hunk.first - 1] if hunk.first else None
    following = items[hunk.first] if hunk.first < len(items) else None
    for item in (before, following):
        if item and item.site and emphasis(item.word) == wanted:
            return wanted
    return PLAIN


def _leaves(item: _Item, new: Sequence[Word]) -> bool:
    """Whether new words stand outside the emphasis of a word beside them."""
    return bool(new) and emphasis(item.word) != emphasis(new[0])


def _sticks(before: _Item, following: _Item | None, new: Sequence[Word]) -> bool:
    """Whether new words belong to the emphasis of the word after them."""
    if not new or following is None or following.site is None:
        return False
    wanted = emphasis(new[0])
    return (
        wanted != PLAIN
        and emphasis(before.word) != wanted
        and emphasis(following.word) == wanted
    )


def _equal(items: Sequence[_Item], words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the words that stayed, as indices into both."""
    keys = [item.word.key for item in items]
    i = j = 0
    hunks = compare(keys, [word.key for word in words])
    for hunk in [*hunks, Hunk(len(items), len(items), len(words), len(words))]:
        while i < hunk.first:
            yield i, j
            i, j = i + 1, j + 1
        i, j = hunk.last, hunk.new_last


def _follows(items: Sequence[_Item], words: Sequence[Word], i: int, j: int) -> bool:
    """Whether the words before two equal words are equal, too."""
    return items[i - 1].word.key == words[j - 1].key


def _differ(items: Sequence[_Item], words: Sequence[Word]) -> bool:
    """Whether equal words differ in look or space."""
    return any(
        item.word.spaced != word.spaced or emphasis(item.word) != emphasis(word)
        for item, word in zip(items, words, strict=True)
    )


def _restyled(
    items: Sequence[_Item], words: Sequence[Word]
) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of words that stayed and changed their emphasis alike."""
    group: list[tuple[int, int]] = []
    for i, j in _equal(items, words):
        was, now = emphasis(items[i].word), emphasis(words[j])
        fits = bool(group) and (
            group[-1] == (i - 1, j - 1)
            and (was, now)
            == (emphasis(items[group[0][0]].word), emphasis(words[group[0][1]]))
        )
        if group and not fits:
            yield group
            group = []
        if was != now and not items[i].is_end:
            group.append((i, j))
    if group:
        yield group


def _restyle(
    draft: Draft, cells: range, was: tuple[bool, bool], now: tuple[bool, bool]
) -> bool:
    if was != PLAIN:
        marker = "*" * (was[1] + 2 * was[0])
        if not (
            draft.unwrap(cells, marker) or draft.unwrap(cells, marker.replace("*", "_"))
        ):
            return False
    if now != PLAIN:
        draft.wrap(cells, "*" * (now[1] + 2 * now[0]))
    return True


def _expected(items: Sequence[_Item], edits: Sequence[_Edit]) -> Iterator[str]:
    """Yield the words that the edited passages must print."""
    starts = {edit.hunk.first: edit for edit in edits}
    gone = {i for edit in edits for i in range(edit.hunk.first, edit.hunk.last)}
    for i in range(len(items) + 1):
        if i in starts:
            yield from starts[i].phrase.keys
        if i < len(items) and i not in gone:
            item = items[i]
            is_citation = item.piece is not None and item.piece.kind == "citation"
            if item.site and not item.is_end and not is_citation:
                yield item.word.key


def _body(draft: Draft) -> str | None:
    """Markdown of a passage, without what makes it a heading or an item."""
    source, passage = draft.source(), draft.layout.passage
    if passage.kind in _FRONT:
        try:
            loaded: Any = yaml.safe_load(source)
        except yaml.YAMLError:
            return None
        values = list(loaded.values()) if isinstance(loaded, dict) else []
        return str(values[0]) if len(values) == 1 else None
    if passage.kind in ("heading", "item"):
        source = _PREFIX.sub("", source, count=1)
    if passage.kind == "heading":
        source = _ATTRIBUTES.sub("", source)
    return source


def _changed(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """Replace stretches of a text; those set at one place keep their order."""
    numbered = sorted(enumerate(changes), key=lambda each: (each[1][:2], each[0]))
    parts: list[str] = []
    position = 0
    for _, (start, end, new) in numbered:
        parts += [text[position:start], new]
        position = max(position, end)
    parts.append(text[position:])
    return _ended("".join(parts), text)


def _ended(new: str, old: str) -> str:
    """End a text as it ended before."""
    if new != old and old.endswith("\n"):
        newline = "\r\n" if old.endswith("\r\n") else "\n"
        return new.rstrip() + newline
    return new


def _place(where: Printed | Layout | None) -> str:
    layout = where.layout if isinstance(where, Printed) else where
    if layout is None:
        return ""
    line, _ = layout.passage.place(0)
    return f"{layout.passage.file}:{line}"


def _near(item: _Item) -> Printed:
    return item.printed


def _near_piece(items: Sequence[_Item], piece: Piece) -> Printed:
    return next(item.printed for item in items if item.piece is piece)


def _shown(words: Sequence[Word], most: int = 24) -> str:
    text = "".join(
        (" " if word.spaced else "") + word.text for word in words[:most]
    ).strip()
    return f"“{text}{' …' if len(words) > most else ''}”"


def _shortened(text: str, most: int = 12) -> str:
    words = text.split()
    return " ".join(words[:most]) + (" …" if len(words) > most else "")


def _shown_items(items: Sequence[_Item], group: Sequence[tuple[int, int]]) -> str:
    words = [items[i].word for i, _ in group]
    return _shown(words)[1:-1]


def _spelled(look: tuple[bool, bool]) -> str:
    bold, italic = look
    return " ".join(["bold"] * bold + ["italic"] * italic) or "plain"


def _told(items: Sequence[_Item], words: Sequence[Word], hunk: Hunk) -> str:
    old = [item.word for item in items[hunk.first : hunk.last] if not item.is_end]
    new = [w for w in words[hunk.new_first : hunk.new_last] if w.key != PARAGRAPH_END]
    if old and new:
        return f"{_shown(old)} → {_shown(new)}"
    if old:
        return f"{_shown(old)} deleted"
    if new:
        return f"{_shown(new)} inserted"
    joined = hunk.first < hunk.last
    return "paragraphs joined" if joined else "paragraph split"


def _distinct(items: Sequence[_Item]) -> list[Piece]:
    found: dict[int, Piece] = {}
    for item in items:
        if item.piece:
            found.setdefault(id(item.piece), item.piece)
    return list(found.values())


def _names(piece: Piece) -> Iterator[str]:
    mark = piece.mark
    if mark is None:
        return
    if mark.kind == "value":
        yield from (value.key for value in mark.values)
    elif isinstance(mark.result, Claim):
        yield f"the claim “{mark.result.words}”"
    elif mark.kind == "citation":
        yield from (f"@{name}" for name in mark.names)


def _protest(
    piece: Piece, items: Sequence[_Item], words: Sequence[Word], hunk: Hunk
) -> tuple[str, str]:
    """Say what a computed piece is, and where it can be changed."""
    told = _told(items, words, hunk)
    mark = piece.mark
    if mark is None:
        return f"{told}, in code or an address", "change it in the sources"
    if mark.kind == "value":
        value = _value_in(piece, items, hunk)
        origin = value.origin
        return (
            f"{told}: computed, {value.key} = {value.text}",
            f"it is computed by {origin.function} from {origin.data} ({origin.rows}): "
            "correct the data there; to leave the number out, take its sentence out",
        )
    if isinstance(mark.result, Claim):
        return (
            f"{told}: words of the claim “{mark.result.words}”, "
            f"which stand on {mark.result.condition.reading}",
            'change the words in claim("...") by hand, with a look at its condition',
        )
    if mark.kind == "citation":
        names = ", ".join(f"@{name}" for name in mark.names)
        return (
            f"{told}: the citation of {names}",
            "numbers of references follow from their order; edit the keys in [@...]",
        )
    return (
        f"{told}: the number of a figure or table",
        "it follows from the order; name another by its label",
    )


def _value_in(piece: Piece, items: Sequence[_Item], hunk: Hunk) -> Value:
    assert piece.mark
    values = piece.mark.values
    keys = [i.word.look.key for i in items[hunk.first : hunk.last] if i.piece is piece]
    return next((value for value in values if value.key in keys), values[0])


def _made_by(printed: Printed) -> str:
    if printed.paragraph.where == "table":
        return "tables are made by code: change the data, or the function of its cell"
    if printed.paragraph.style == "bibliography":
        return "references are printed from references.json: correct the entry there"
    if printed.paragraph.where == "note":
        return "write it into the text by hand"
    return "it is printed from code or settings: change it there"
