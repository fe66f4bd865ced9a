"""Passages written anew with a co-author's edits, and checked to print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from manuscript.exchange.draft import Draft
from manuscript.exchange.items import (
    FRONT,
    Edit,
    Item,
    equal,
    expected,
    follows,
    is_front,
    item_at,
    leaves,
    restyled,
    sticks,
)
from manuscript.exchange.layout import COMPUTED
from manuscript.exchange.phrase import PLAIN, emphasis
from manuscript.exchange.report import Note
from manuscript.exchange.telling import place_of, shown_items, spelled
from manuscript.exchange.words import PARAGRAPH_END, Hunk, Word, key_of, split
from manuscript.passages import Passage
from manuscript.plain import Printed as Answer
from manuscript.plain import plain

_PREFIX: Final = re.compile(r"^(?:#{1,6}[ \t]+|\s*(?:[-*+]|\(?\w+[.)])[ \t]+)")
_ATTRIBUTES: Final = re.compile(r"[ \t]*\{[^{}`]*\}[ \t]*$")


@dataclass(frozen=True)
class Change:
    """A stretch of a file, and what takes its place."""

    file: str
    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Rewriting:
    """Passages written anew."""

    changes: tuple[Change, ...]
    notes: tuple[Note, ...]


class Rewriter:
    """Writes passages anew.

    Parameters
    ----------
    passages : sequence of Passage
        Of the document: they know what its expressions print.
    texts : mapping of str to str
        Texts of its files.
    """

    def __init__(self, passages: Sequence[Passage], texts: Mapping[str, str]) -> None:
        self._passages = passages
        self._texts = texts

    def rewrite(
        self,
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        edits: Sequence[Edit],
    ) -> Rewriting | None:
        """Edit passages; None where the result would not print as it should.

        Parameters
        ----------
        items : list of Item
            The passages as they print.
        words : list of Word
            The same in the edited copy.
        hunks : sequence of Hunk
            All differences between the two.
        edits : sequence of Edit
            Those to carry over.
        """
        drafts = {
            id(item.printed): Draft(item.printed.layout)
            for item in items
            if item.printed.layout
        }
        changes: list[Change] = []
        for edit in edits:
            if not self._apply(items, words, edit, drafts, changes):
                return None
        self._space(items, words, hunks, edits, drafts)
        notes = tuple(self._emphasize(items, words, hunks, drafts))
        reused = sum((edit.phrase.reused for edit in edits), Counter[str]())
        markdown, protected = [], Counter[str]()
        for draft in drafts.values():
            body = _body(draft)
            if body is None:
                return None
            markdown.append(body)
            protected += draft.protected
        keys = list(expected(items, edits))
        if not self.is_safe("\n".join(markdown), keys, protected + reused):
            return None
        for draft in drafts.values():
            layout, source = draft.layout, draft.source()
            if source != layout.source:
                file = layout.passage.file
                changes.append(Change(file, layout.start, layout.end, source))
        return Rewriting(tuple(changes), notes)

    def _apply(
        self,
        items: list[Item],
        words: list[Word],
        edit: Edit,
        drafts: Mapping[int, Draft],
        changes: list[Change],
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
                self._set_before(first, drafts, text, leaves(first, new))
            elif text:
                return False
            for item, end in zip(old, (*old[1:], None), strict=True):
                draft = drafts[id(item.printed)]
                if item.is_end:
                    join = self._join(items, item)
                    if join is None:
                        return False
                    changes.append(join)
                elif (
                    not new
                    and item is first
                    and item.word.spaced
                    and not draft.take_space_before(_cells(draft, item))
                ):
                    rest = item_at(items, hunk.last)
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
        if before and before.site and not sticks(before, following, new):
            space = " " if new and new[0].spaced else ""
            draft = drafts[id(before.printed)]
            text = _as_yaml(before, space + text)
            draft.set_after(_cells(draft, before), text, leave=leaves(before, new))
            return True
        if following and following.site:
            space = " " if after and after.spaced and not text.endswith("\n") else ""
            self._set_before(following, drafts, text + space, leaves(following, new))
            return True
        return False

    def _set_before(
        self, item: Item, drafts: Mapping[int, Draft], text: str, leave: bool
    ) -> None:
        draft = drafts[id(item.printed)]
        draft.set_before(_cells(draft, item), _as_yaml(item, text), leave=leave)

    def _join(self, items: list[Item], end: Item) -> Change | None:
        """Make one paragraph of two."""
        index = items.index(end)
        before, after = items[index - 1].printed.layout, items[index + 1].printed.layout
        if not before or not after or before.passage.file != after.passage.file:
            return None
        between = self._texts[before.passage.file][before.end : after.start]
        kinds = {before.passage.kind, after.passage.kind}
        if between.strip() or kinds != {"paragraph"}:
            return None
        return Change(before.passage.file, before.end, after.start, " ")

    def _space(
        self,
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        edits: Sequence[Edit],
        drafts: Mapping[int, Draft],
    ) -> None:
        """Give the words that stayed the space that the edited copy has before them."""
        touched = {edit.hunk.last for edit in edits}
        accepted = {(edit.hunk.first, edit.hunk.new_first) for edit in edits}
        for i, j in equal(items, words, hunks):
            item, word = items[i], words[j]
            if i == 0 or j == 0 or item.is_end or item.site is None or item.piece:
                continue
            changed = item.word.spaced != word.spaced
            refused = (
                not follows(items, words, i, j)
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
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        drafts: Mapping[int, Draft],
    ) -> Iterator[Note]:
        """Carry over bold and italic of words that stayed."""
        for group in restyled(items, words, hunks):
            first, last = items[group[0][0]], items[group[-1][0]]
            was, now = emphasis(first.word), emphasis(words[group[0][1]])
            what = f"{spelled(was)} → {spelled(now)}: “{shown_items(items, group)}”"
            draft = drafts[id(first.printed)]
            done = False
            if all(items[i].site and not items[i].piece for i, _ in group):
                start, stop = _cells(draft, first).start, _cells(draft, last).stop
                cells = range(start, stop)
                if draft.is_plain(cells) and first.printed is last.printed:
                    done = _restyle(draft, cells, was, now)
            if done:
                yield Note("edit", place_of(first.printed), what)
            else:
                mend = "set it by hand, with * or **"
                yield Note("refused", place_of(first.printed), what, mend)

    def is_safe(self, markdown: str, keys: Sequence[str], pieces: Counter[str]) -> bool:
        """Tell whether Markdown prints these words and computes these pieces alone."""
        read = plain(markdown, lambda offset: (1, 1 + offset), self._answer, self._name)
        marks = [mark for mark in read.marks if mark.kind in COMPUTED]
        edges = [edge for mark in marks for edge in (mark.start, mark.end)]
        text = "".join(key_of(read.text[a:b]) for a, b in split(read.text, edges))
        known = [mark for mark in read.marks if mark.kind != "typed"]
        wanted = +pieces
        return text == "".join(keys) and len(known) == wanted.total()

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


def _cells(draft: Draft, item: Item) -> range:
    site = item.site
    assert site
    if site.piece and site.first == site.last:
        return draft.piece(site.piece)
    return draft.stretch(site.first, site.last)


def _as_yaml(item: Item, text: str) -> str:
    """Escape text that is set into a quoted string of the front matter."""
    if is_front(item):
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


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


def _body(draft: Draft) -> str | None:
    """Markdown of a passage, without what makes it a heading or an item."""
    source, passage = draft.source(), draft.layout.passage
    if passage.kind in FRONT:
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
