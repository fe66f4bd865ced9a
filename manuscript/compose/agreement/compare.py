"""Whether two files say the same, and where they begin to differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from manuscript.compose.agreement.reading import LINE_END, Reading, squeeze

_SHOWN = 60  # characters of context in a message
_START = 24  # characters by which the beginning of a body is found
_TRIES = 500  # places at which something is taken out
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Difference:
    """The first place at which two files differ.

    Attributes
    ----------
    one, other : str
        Names of the formats.
    before : str
        What both have before it.
    has, has_instead : str
        What the first has there, and what the other.
    """

    one: str
    other: str
    before: str
    has: str
    has_instead: str

    def __str__(self) -> str:
        after = f"after `…{self.before}` " if self.before else ""
        return (
            f"{after}{self.one} has `{self.has or 'no more'}` where {self.other} has "
            f"`{self.has_instead or 'no more'}`"
        )


def first_difference(
    readings: Sequence[Reading],
    names: Iterable[str],
    heading: str,
    only: Sequence[tuple[str, str]] = (),
) -> Difference | None:
    """Compare files in all formats, the first against each other one.

    Parameters
    ----------
    readings : sequence of Reading
        Those that begin with the body first.
    names : iterable of str
        Names of floats, after which some formats write a colon.
    heading : str
        All words that may precede the body: title block, contents list.
    only : sequence of tuple
        Format and text of what one format alone shows, as its author says.

    Returns
    -------
    Difference or None
    """
    if not readings:
        return None
    # typst parts a name from its caption as the language does: ". –" in French.
    shown = "|".join(re.escape(squeeze(name)) for name in names)
    colons = re.compile(rf"({shown})(?::|\.–)" if shown else "($^)")
    one, *others = [
        _Side(
            reading,
            colons.sub(r"\1", reading.squeezed),
            tuple(squeeze(words) for to, words in only if to == reading.format),
        )
        for reading in readings
    ]
    known = set(_WORD.findall(heading.casefold()))
    for other in others:
        found = _differ(one, other, known) or _notes_differ(one.reading, other.reading)
        if found:
            return found
    return None


@dataclass(frozen=True)
class _Side:
    """A reading, its text as it is compared, and what its format alone may show."""

    reading: Reading
    text: str
    alone: tuple[str, ...]


def _differ(one: _Side, other: _Side, known: set[str]) -> Difference | None:
    a, b = one.text, other.text
    first, second = one.reading, other.reading
    if not first.exact:
        # No file says where its body begins: all of each is compared.
        a, b = _without_all(one), _without_all(other)
        common = _common_end(a, b)
        a_head, b_head = a[: len(a) - common], b[: len(b) - common]
        if _is_heading(first, a_head, known) and _is_heading(second, b_head, known):
            return None
        return _at(first, a, second, b, 0, 0)
    starts = [*_starts(a, b)]
    if one.alone or other.alone:
        # The body may begin with what one format alone shows.
        starts += _ends_of_heading(second, known)
    best: Difference | None = None
    for start in starts or [0]:
        found = _from(one, other, start)
        if found is None and _is_heading(second, b[:start], known):
            return None
        best = best or found or _at(first, a, second, b, 0, 0)
    return best


def _from(one: _Side, other: _Side, start: int) -> Difference | None:
    """Compare from some place of the second text on.

    What one format alone shows is taken out where the texts part; where more than
    one thing may be, each is tried, the one that leads furthest first.
    """
    waiting = [(one.text, other.text)]
    seen = {*waiting}
    furthest, best = -1, None
    longest = max(map(len, (*one.alone, *other.alone)), default=0)
    tried = 0
    while waiting and tried < _TRIES:
        a, b = waiting.pop()
        tried += 1
        reached, end = _agree(a, b, start)
        if (reached, end) == (len(a), len(b)):
            return None
        if reached > furthest:
            furthest = reached
            best = _at(one.reading, a, other.reading, b, reached, end)
        leading = []
        for x in (a, *_taken_out(a, one.alone, 0, reached)):
            for y in (b, *_taken_out(b, other.alone, start, end)):
                then, _ = _agree(x, y, start)
                # What is taken out may have begun as the other text does.
                if then + longest >= reached and (x, y) not in seen:
                    seen.add((x, y))
                    leading.append((then, x, y))
        waiting += [(x, y) for _, x, y in sorted(leading)]
    return best


def _taken_out(
    text: str, alone: tuple[str, ...], start: int, reached: int
) -> Iterator[str]:
    """Yield a text without each thing at which it may have parted from another."""
    for words in filter(None, alone):
        at = text.find(words, max(start, reached - len(words)))
        while 0 <= at <= reached:
            rest = text[:at] + text[at + len(words) :]
            yield rest
            yield from _following(rest, alone, at)
            at = text.find(words, at + 1)


def _following(text: str, alone: tuple[str, ...], at: int) -> Iterator[str]:
    """Yield a text without more and more of what stands at one place."""
    for words in filter(None, alone):
        if text.startswith(words, at):
            text = text[:at] + text[at + len(words) :]
            yield text


def _without_all(side: _Side) -> str:
    text = side.text
    for alone in side.alone:
        text = text.replace(alone, "", 1) if alone else text
    return text


def _starts(a: str, b: str) -> Iterable[int]:
    """Where in a file the body may begin, from the likeliest on."""
    if not a:
        yield len(b)
        return
    beginning = a[:_START]
    start = b.find(beginning)
    while start >= 0:
        yield start
        start = b.find(beginning, start + 1)


def _ends_of_heading(reading: Reading, known: set[str]) -> Iterator[int]:
    """Yield the places before which all words may be those of a title block."""
    offset = 0
    yield offset
    for word in reading.text.split():
        parts = _WORD.findall(word.replace(LINE_END, "").casefold())
        if not all(part in known or part.isdigit() for part in parts):
            return
        offset += len(squeeze(word))
        yield offset


def _agree(a: str, b: str, start: int) -> tuple[int, int]:
    """How far two texts agree, the second from some place on."""
    reached = 0
    for segment in re.split(f"({LINE_END})", b[start:]):
        if segment == LINE_END:
            reached += a.startswith("-", reached)
        elif not a.startswith(segment, reached):
            part = _prefix(a[reached : reached + len(segment)], segment)
            return reached + part, start + part
        else:
            reached += len(segment)
        start += len(segment)
    return reached, start


def _prefix(a: str, b: str) -> int:
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(a: str, b: str) -> int:
    return _prefix(a.replace(LINE_END, "")[::-1], b.replace(LINE_END, "")[::-1])


def _is_heading(reading: Reading, squeezed: str, known: set[str]) -> bool:
    """Tell whether what precedes a body is words of a title block alone."""
    have = 0
    for word in reading.text.split():
        if have >= len(squeezed):
            return True
        have += len(squeeze(word))
        parts = _WORD.findall(word.replace(LINE_END, "").casefold())
        if not all(part in known or part.isdigit() for part in parts):
            return False
    return True


def _at(
    first: Reading, a: str, second: Reading, b: str, reached: int, end: int
) -> Difference:
    return Difference(
        first.format,
        second.format,
        _spaced(first, a[max(0, reached - 30) : reached]),
        _spaced(first, a[reached : reached + _SHOWN]),
        _spaced(second, b[end : end + _SHOWN]),
    )


def _spaced(reading: Reading, squeezed: str) -> str:
    """Words of a squeezed stretch, with the spaces that the file has in it."""
    if not squeezed:
        return ""
    pattern = r"\s*".join(map(re.escape, squeezed[:_SHOWN]))
    found = re.search(pattern, reading.text)
    return " ".join((found[0] if found else squeezed).split())


def _notes_differ(first: Reading, second: Reading) -> Difference | None:
    if len(first.notes) != len(second.notes):
        return Difference(
            first.format,
            second.format,
            "",
            f"{len(first.notes)} notes",
            f"{len(second.notes)} notes",
        )
    for one, other in zip(first.notes, second.notes, strict=True):
        a, b = squeeze(one), squeeze(other)
        if _agree(a, b, 0) != (len(a), len(b)):
            return Difference(
                first.format, second.format, "", one.strip(), other.strip()
            )
    return None
