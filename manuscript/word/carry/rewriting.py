"""Passages written anew with a co-author's edits, and checked to print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from manuscript.word.carry.changes import Change
from manuscript.word.carry.draft import Draft
from manuscript.word.carry.edit import Edit, all_reused, expected
from manuscript.word.carry.markdown import SCRIPTS, markers
from manuscript.word.carry.reprint import Reprint
from manuscript.word.compare import (
    FRONT,
    PARAGRAPH_END,
    Emphasis,
    Hunk,
    Item,
    Note,
    Word,
    emphasis,
    equal,
    follows,
    is_front,
    item_at,
    leaves,
    place_of,
    restyled,
    shown_items,
    spelled,
    sticks,
)

_PREFIX: Final = re.compile(r"^(?:#{1,6}[ \t]+|\s*(?:[-*+]|\(?\w+[.)])[ \t]+)")
_ATTRIBUTES: Final = re.compile(r"[ \t]*\{[^{}`]*\}[ \t]*$")


@dataclass(frozen=True)
class Rewriting:
    """Passages written anew."""

    changes: tuple[Change, ...]
    notes: tuple[Note, ...]


class Rewriter:
    """Writes passages anew.

    Parameters
    ----------
    reprint : Reprint
    texts : mapping of str to str
        Texts of the files of the document.
    """

    def __init__(self, reprint: Reprint, texts: Mapping[str, str]) -> None:
        self._reprint = reprint
        self._texts = texts

    def rewrite(
        self,
        items: list[Item],
        words: list[Word],
        hunks: Sequence[Hunk],
        edits: Sequence[Edit],
        shape: str | None = None,
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
        shape : str, optional
            The mark of a heading or item that the paragraph has now.
        """
        passages = _Passages(items, words, self._texts)
        if not all(passages.apply(edit) for edit in edits):
            return None
        passages.space(hunks, edits)
        notes = tuple(passages.emphasize(hunks))
        markdown, protected = [], Counter[str]()
        for draft in passages.drafts.values():
            body = _body(draft)
            if body is None:
                return None
            markdown.append(body)
            protected += draft.protected
        keys = list(expected(items, edits))
        computed = protected + all_reused(edits)
        if not self._reprint.is_safe("\n".join(markdown), keys, computed):
            return None
        return Rewriting(tuple(passages.changes(shape)), notes)


class _Passages:
    """Neighbouring passages under edit.

    Attributes
    ----------
    drafts : dict of int to Draft
        By the identity of the printed paragraph.
    """

    def __init__(
        self, items: list[Item], words: list[Word], texts: Mapping[str, str]
    ) -> None:
        self._items = items
        self._words = words
        self._texts = texts
        self._joins: list[Change] = []
        printed = {id(item.printed): item.printed for item in items}
        self.drafts = {
            key: Draft(each.layout) for key, each in printed.items() if each.layout
        }

    def changes(self, shape: str | None) -> Iterator[Change]:
        yield from self._joins
        for draft in self.drafts.values():
            layout, source = draft.layout, draft.source()
            if shape is not None:
                source = _reshaped(source, layout.passage.kind, shape)
            if source != layout.source:
                file = layout.passage.file
                yield Change(file, layout.start, layout.end, source)

    def apply(self, edit: Edit) -> bool:
        """Make an edit; tells whether it can be made."""
        hunk, text = edit.hunk, edit.phrase.markdown
        new = self._words[hunk.new_first : hunk.new_last]
        if any(word.key == PARAGRAPH_END for word in new) and any(
            draft.layout.passage.kind != "paragraph" for draft in self.drafts.values()
        ):
            return False
        if new and new[-1].key == PARAGRAPH_END:
            text = text.rstrip() + "\n\n"
        if hunk.first < hunk.last:
            return self._replace(hunk, new, text)
        return not text or self._insert(hunk, new, text)

    def _replace(self, hunk: Hunk, new: Sequence[Word], text: str) -> bool:
        old = self._items[hunk.first : hunk.last]
        first = next((item for item in old if not item.is_end), None)
        if first is None and text:
            return False
        if first and new and hunk.first and not self._items[hunk.first - 1].is_end:
            self._draft(first).space_before(self._cells(first), new[0].spaced)
        if first and text:
            self._set_before(first, text, leaves(first, new))
        for item, after in zip(old, (*old[1:], None), strict=True):
            if item.is_end:
                if not self._join(item):
                    return False
                continue
            if item is first and not new and item.word.spaced:
                self._take_space(item, hunk)
            self._take(item, after)
        return True

    def _take(self, item: Item, after: Item | None) -> None:
        """Take a word away, with what stands between it and the next to go."""
        cells = self._cells(item)
        if after and after.printed is item.printed and after.site:
            stop = max(cells.stop, self._cells(after).start)
            cells = range(cells.start, stop)
        self._draft(item).take(cells, computed=True)

    def _take_space(self, item: Item, hunk: Hunk) -> None:
        """Take the space before a word that goes, or else the one after the hunk."""
        if self._draft(item).take_space_before(self._cells(item)):
            return
        rest = item_at(self._items, hunk.last)
        if rest.word.spaced and rest.site:
            self._draft(rest).take_space_before(self._cells(rest))

    def _insert(self, hunk: Hunk, new: Sequence[Word], text: str) -> bool:
        items, words = self._items, self._words
        before = items[hunk.first - 1] if hunk.first else None
        following = items[hunk.first] if hunk.first < len(items) else None
        if before and before.site and not sticks(before, following, new):
            space = " " if new and new[0].spaced else ""
            text = _as_yaml(before, space + text)
            leave = leaves(before, new)
            self._draft(before).set_after(self._cells(before), text, leave=leave)
            return True
        if following and following.site:
            after = words[hunk.new_last] if hunk.new_last < len(words) else None
            space = " " if after and after.spaced and not text.endswith("\n") else ""
            self._set_before(following, text + space, leaves(following, new))
            return True
        return False

    def _set_before(self, item: Item, text: str, leave: bool) -> None:
        cells = self._cells(item)
        self._draft(item).set_before(cells, _as_yaml(item, text), leave=leave)

    def _join(self, end: Item) -> bool:
        """Make one paragraph of two; tells whether that can be done."""
        index = self._items.index(end)
        before = self._items[index - 1].printed.layout
        after = self._items[index + 1].printed.layout
        if not before or not after or before.passage.file != after.passage.file:
            return False
        file = before.passage.file
        between = self._texts[file][before.end : after.start]
        kinds = {before.passage.kind, after.passage.kind}
        if between.strip() or kinds != {"paragraph"}:
            return False
        self._joins.append(Change(file, before.end, after.start, " "))
        return True

    def space(self, hunks: Sequence[Hunk], edits: Sequence[Edit]) -> None:
        """Give the words that stayed the space that the edited copy has before them."""
        items, words = self._items, self._words
        touched = {edit.hunk.last for edit in edits}
        accepted = {(edit.hunk.first, edit.hunk.new_first) for edit in edits}
        for i, j in equal(items, words, hunks):
            item, word = items[i], words[j]
            if i == 0 or j == 0 or item.site is None or item.piece:
                continue
            changed = item.word.spaced != word.spaced
            refused = (
                not follows(items, words, i, j)
                and i not in touched
                and (i, j) not in accepted
            )
            if (changed or i in touched) and not refused and not items[i - 1].is_end:
                self._draft(item).space_before(self._cells(item), word.spaced)

    def emphasize(self, hunks: Sequence[Hunk]) -> Iterator[Note]:
        """Carry over bold and italic of words that stayed."""
        items, words = self._items, self._words
        for group in restyled(items, words, hunks):
            first, last = items[group[0][0]], items[group[-1][0]]
            was, now = emphasis(first.word), emphasis(words[group[0][1]])
            draft = self._draft(first)
            done = False
            if all(items[i].site and not items[i].piece for i, _ in group):
                cells = range(self._cells(first).start, self._cells(last).stop)
                if first.printed is last.printed and draft.is_plain(cells):
                    done = _restyle(draft, cells, was, now)
            if done:
                shown = shown_items(items, group)
                what = f"{spelled(was)} → {spelled(now)}: “{shown}”"
                author = words[group[0][1]].look.author
                yield Note("edit", place_of(first.printed), what, "", author)

    def _draft(self, item: Item) -> Draft:
        return self.drafts[id(item.printed)]

    def _cells(self, item: Item) -> range:
        site = item.site
        assert site
        if site.piece and site.first == site.last:
            return self._draft(item).piece(site.piece)
        return self._draft(item).stretch(site.first, site.last)


def _reshaped(source: str, kind: str, shape: str) -> str:
    """Give a paragraph the mark of a heading or item, or none."""
    if kind in ("heading", "item"):
        source = _PREFIX.sub("", source, count=1)
    if kind == "heading" and not shape.startswith("#"):
        source = _ATTRIBUTES.sub("", source)
    source = f"{shape}{source}"
    # What is no item any more must not run on from the one before.
    return f"\n{source}\n" if kind == "item" and not shape.strip() else source


def _as_yaml(item: Item, text: str) -> str:
    """Escape text that is set into a quoted string of the front matter."""
    if is_front(item):
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def _restyle(draft: Draft, cells: range, was: Emphasis, now: Emphasis) -> bool:
    inner = cells
    taken: list[int] = []
    for opening, closing in markers(was):
        spelling = (opening, opening.replace("*", "_"))
        if not any(draft.unwrap(inner, mark, closing) for mark in spelling):
            draft.restore(taken)
            return False
        taken += [inner.start - 1, inner.stop]
        inner = range(inner.start - 1, inner.stop + 1)
    for opening, closing in markers(now):
        for word in draft.words(cells) if opening in SCRIPTS else [cells]:
            draft.wrap(word, opening, closing)
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
