"""Two Word files compared as their readers see them.

Words, their order, emphasis, scripts, links, notes and pictures; headings, lists and
tables. Numbers of citations count by the works they stand for, so that a file whose
references are numbered anew is not different for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Final, Literal
from urllib.parse import unquote

from manuscript.word.compare.citing import BIBLIOGRAPHY, Citing
from manuscript.word.compare.words import (
    PARAGRAPH_END,
    PLAIN,
    Emphasis,
    Pair,
    Word,
    align,
    compare,
    emphasis,
    raised,
    words_of,
)
from manuscript.word.package import LINE, PAGE, PICTURE, EditedDocument, Paragraph

_BREAKS: Final = {LINE: "a new line", PAGE: "a new page"}
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
# Stands for the space before what opens a paragraph, which counts for nothing, and
# before a citation, which its style sets.
_OPENS: Final = PARAGRAPH_END

Kind = Literal["words", "look", "role", "picture"]


@dataclass(frozen=True)
class Token:
    """A word as a reader sees it.

    Attributes
    ----------
    key : str
    text : str
    gap : str
        The space before it; empty where there is none.
    look : tuple
        Its emphasis.
    other : frozenset of str
        What else can be seen of it.
    picture : str
    """

    key: str
    text: str
    gap: str = ""
    look: Emphasis = PLAIN
    other: frozenset[str] = frozenset()
    picture: str = ""


@dataclass(frozen=True)
class Seen:
    """A paragraph as a reader sees it."""

    role: str
    tokens: tuple[Token, ...]

    @property
    def keys(self) -> list[str]:
        """What its words are compared by."""
        return [token.key for token in self.tokens]


@dataclass(frozen=True)
class Difference:
    """What one file shows and the other does not.

    Attributes
    ----------
    kind : {"words", "look", "role", "picture"}
    old, new : int
        Indices of the paragraphs; the one before it, where there is none.
    gone, came : tuple of Token
        Words of either file.
    what : str
        In words; empty for differences of words.
    whole : bool
        Whether a paragraph as a whole is missing or new.
    """

    kind: Kind
    old: int
    new: int
    gone: tuple[Token, ...] = ()
    came: tuple[Token, ...] = ()
    what: str = ""
    whole: bool = False


def seen(paragraph: Paragraph, citing: Citing) -> Seen:
    """See a paragraph as its reader does."""
    text = paragraph.text
    tokens: list[Token] = []
    before: Word | None = None
    words = words_of(paragraph)
    for group in _groups(words):
        keys = _cited(group, before, citing)
        before = group[-1]
        if keys:
            shown = "".join(word.text for word in group)
            tokens.append(Token("@" + "+".join(sorted(keys)), shown, _OPENS))
            continue
        for word in group:
            gap = text[word.start - 1] if word.spaced else ""
            gap = gap if tokens else _OPENS
            bold, italic, script, link = emphasis(word)
            look: Emphasis = (bold, italic, script, unquote(link))
            if word.key == PICTURE:
                look = PLAIN
            tokens.append(
                Token(
                    word.key, word.text, gap, look, word.look.other, word.look.picture
                )
            )
    return Seen(_role(paragraph), tuple(_without_own_links(tokens)))


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield raised words, and those of one field, together."""
    for field, groups in groupby(raised(words), key=lambda group: group[0].look.field):
        if field:
            yield list(chain.from_iterable(groups))
        else:
            yield from groups


def _cited(
    group: Sequence[Word], before: Word | None, citing: Citing
) -> tuple[str, ...]:
    if group[0].look.field:
        return citing.resolve(group[0].look.field) or ()
    if group[0].is_citation:
        return citing.certain(group)
    return citing.raised(group, before)


def _without_own_links(tokens: list[Token]) -> Iterator[Token]:
    """Take links off the words of an address: they only repeat it."""
    shown: dict[str, list[str]] = defaultdict(list)
    for token in tokens:
        if token.look[3]:
            shown[token.look[3]].append(token.text)
    own = {
        link for link, words in shown.items() if "".join(words) in (link, _bare(link))
    }
    for token in tokens:
        plain = (*token.look[:3], "")
        yield replace(token, look=plain) if token.look[3] in own else token


def _bare(link: str) -> str:
    return link.removeprefix("mailto:").removeprefix("https://").removeprefix("http://")


def _role(paragraph: Paragraph) -> str:
    if paragraph.where != "body":
        return paragraph.where
    if paragraph.heading:
        return f"heading of level {paragraph.heading}"
    if paragraph.bullet:
        kind = {"bullet": "bulleted", "number": "numbered"}[paragraph.bullet]
        return f"{kind} item" + (
            f" of level {paragraph.level + 1}" * (paragraph.level > 0)
        )
    return "paragraph"


class View:
    """A Word file as its reader sees it.

    Parameters
    ----------
    document : EditedDocument
    citing : Citing
        What its citations mean.
    listed : collection of tuple of str
        Words of references, by which they are known in a copy without styles.

    Attributes
    ----------
    paragraphs : list of Seen
    """

    def __init__(
        self,
        document: EditedDocument,
        citing: Citing,
        listed: Collection[tuple[str, ...]] = (),
    ) -> None:
        self.document = document
        self.citing = citing
        self.paragraphs = [seen(each, citing) for each in document.paragraphs]
        self._listed = listed

    def references(self) -> set[tuple[str, ...]]:
        """Return the words of each reference listed in it."""
        return {
            tuple(shown.keys)
            for shown, each in zip(
                self.paragraphs, self.document.paragraphs, strict=True
            )
            if each.style == BIBLIOGRAPHY
        }

    def shown(self, *, references: bool = False) -> list[int]:
        """List the paragraphs of the text that show something, or the references."""
        return [
            i
            for i, each in enumerate(self.paragraphs)
            if each.tokens
            and references
            == (
                self.document.paragraphs[i].style == BIBLIOGRAPHY
                or tuple(each.keys) in self._listed
            )
        ]

    def pairs(self, other: View, *, references: bool = False) -> list[Pair]:
        """Pair the paragraphs with those of another file."""
        old = self.shown(references=references)
        new = other.shown(references=references)
        pairs = align(
            [self.paragraphs[i].keys for i in old],
            [other.paragraphs[j].keys for j in new],
        )
        return [
            Pair(tuple(old[i] for i in pair.old), tuple(new[j] for j in pair.new))
            for pair in pairs
        ]


def differences(
    old: View, new: View, *, references: bool = False
) -> Iterator[Difference]:
    """Yield all that differs between two files, in the order of the second.

    Parameters
    ----------
    old, new : View
    references : bool
        Whether their references are compared, rather than their texts.
    """
    last_old = last_new = -1
    for pair in old.pairs(new, references=references):
        gone = tuple(_tokens([old.paragraphs[i] for i in pair.old]))
        came = tuple(_tokens([new.paragraphs[j] for j in pair.new]))
        last_old = pair.old[0] if pair.old else last_old
        last_new = pair.new[0] if pair.new else last_new
        if not pair.old or not pair.new:
            yield Difference("words", last_old, last_new, gone, came, whole=True)
            continue
        yield from _within(gone, came, last_old, last_new, new.citing)
        for k in range(max(len(pair.old), len(pair.new))):
            j = pair.new[min(k, len(pair.new) - 1)]
            was = old.paragraphs[pair.old[min(k, len(pair.old) - 1)]]
            now = new.paragraphs[j]
            if was.role != now.role:
                what = f"{was.role} → {now.role}"
                yield Difference("role", last_old, j, was.tokens, now.tokens, what)
        last_old, last_new = pair.old[-1], pair.new[-1]


def _tokens(paragraphs: Sequence[Seen]) -> Iterator[Token]:
    for index, each in enumerate(paragraphs):
        if index:
            yield Token(PARAGRAPH_END, "")
        yield from each.tokens


def _within(
    gone: tuple[Token, ...],
    came: tuple[Token, ...],
    old: int,
    new: int,
    citing: Citing,
) -> Iterator[Difference]:
    hunks = compare([token.key for token in gone], [token.key for token in came])
    i = j = 0
    for hunk in hunks:
        yield from _looks(gone[i : hunk.first], came[j : hunk.new_first], old, new)
        was = gone[hunk.first : hunk.last]
        now = came[hunk.new_first : hunk.new_last]
        if not (_same_citation(was, now) or _typed_citation(was, now, citing)):
            yield Difference("words", old, new, was, now)
        i, j = hunk.last, hunk.new_last
    yield from _looks(gone[i:], came[j:], old, new)


def _same_citation(gone: Sequence[Token], came: Sequence[Token]) -> bool:
    """Tell whether a number is that of a citation whose link is lost."""
    if len(gone) != 1 or not gone[0].key.startswith("@"):
        return False
    shown = "".join(token.text for token in came)
    raised = all(token.look[2] == "super" for token in came)
    return bool(came) and raised and shown == gone[0].text


def _typed_citation(
    gone: Sequence[Token], came: Sequence[Token], citing: Citing
) -> bool:
    """Tell whether words were typed for the citation that is printed."""
    if len(gone) != 1 or not gone[0].key.startswith("@"):
        return False
    keys = citing.typed(words_in(came))
    return bool(keys) and "@" + "+".join(sorted(keys)) == gone[0].key


def words_in(tokens: Sequence[Token]) -> str:
    """Join words as they are spaced."""
    spaced = (" " * token.gap.isspace() + token.text for token in tokens)
    return "".join(spaced).strip()


def _looks(
    gone: Sequence[Token], came: Sequence[Token], old: int, new: int
) -> Iterator[Difference]:
    """Yield how words that are the same look different, those alike together."""
    pairs = zip(gone, came, strict=True)
    for what, group in groupby(pairs, key=lambda pair: _change(*pair)):
        if what:
            was, now = zip(*group, strict=True)
            kind: Kind = "picture" if what.startswith("picture") else "look"
            yield Difference(kind, old, new, was, now, what)


def _change(was: Token, now: Token) -> str:
    """Say how a word looks different; empty where it does not."""
    if was.key == PICTURE:
        changed = was.picture and now.picture and was.picture != now.picture
        return "picture replaced" if changed else ""
    told = []
    if was.look != now.look:
        told.append(f"{spelled(was.look)} → {spelled(now.look)}")
    told += sorted(now.other - was.other)
    told += [f"no longer {each}" for each in sorted(was.other - now.other)]
    if _OPENS in (was.gap, now.gap):
        pass
    elif now.gap in _BREAKS and now.gap != was.gap:
        told.append(f"{_BREAKS[now.gap]} before it")
    elif bool(was.gap) != bool(now.gap):
        told.append("space before it" if now.gap else "no space before it")
    elif now.gap == _NO_BREAK != was.gap:
        told.append("no-break space before it")
    return ", ".join(told)


def spelled(look: Emphasis) -> str:
    """Name an emphasis."""
    bold, italic, script, link = look
    names = ["bold"] * bold + ["italic"] * italic
    names += {"super": ["superscript"], "sub": ["subscript"]}.get(script, [])
    names += [f"link to {link}"] * bool(link)
    return " ".join(names) or "plain"
