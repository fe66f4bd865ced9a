"""Markdown as plain text, with the place of every character kept.

Covers the Markdown that manuscripts of this project use, as pandoc reads it:
emphasis, links, spans, citations, cross references, code, comments, and Quarto's
inline expressions. Layout (headings, lists, tables) belongs to :mod:`reading`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from manuscript.source.expressions import Claim, Expression, Item
from manuscript.values import Span, Value

REFERENCE = re.compile(r"^(?:fig|tbl|sec|suppfig|supptbl)-")
GAP = "\0"

_TOKEN = re.compile(
    r"(?P<gap>\0+)"
    r"|(?P<escape>\\(?:[^\w\s]|[_ ]))"
    r"|(?P<inline>(?<!`)`\{python\}[ \t][^`\n]+`)"
    r"|(?P<code>(?P<ticks>`+)(?P<coded>.+?)(?<!`)(?P=ticks)(?!`))(?:\{=?[\w.# -]*\})?"
    r"|(?P<open>!?\[(?!\^))"
    r"|(?P<close>\])"
    r"|(?P<note>\[\^[^\]\s]+\]:?|\^(?=\[))"
    r"|<(?P<auto>(?:https?:|mailto:)[^>\s]*)>"
    r"|(?P<url>(?:https?://|doi:|www\.)[^\s<>\])}\0]*[^\s<>\])}\0.,;:])"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<cite>(?<![\w.])-?@\{?[A-Za-z0-9_][\w:.#$%&+?~/-]*(?<=\w)\}?)"
    r"|(?P<dash>(?<!-)-{2,3}(?!-))"
    r"|(?P<star>\*{1,3})"
    r"|(?P<under>(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w))"
    r"|(?P<script>\^(?=[^\s^]+\^)|(?<=[^\s^])\^|~~|~(?=[^\s~]+~)|(?<=[^\s~])~)"
    r"|(?P<newline>\n[ \t]*)",
    re.DOTALL,
)
_CITED = re.compile(r"@\{?([A-Za-z0-9_][\w:.#$%&+?~/-]*(?<=\w))")
_SPAN_ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
_LINK_TARGET = re.compile(r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_TYPED = re.compile(r"\.typed\b")
_GIVEN = r"\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'}]+))"
_REASON = re.compile(rf"\breason{_GIVEN}")
_RULES = re.compile(rf"\brule{_GIVEN}")
_DASHES = {"--": "\N{EN DASH}", "---": "\N{EM DASH}"}

Place = tuple[int, int]


@dataclass(frozen=True)
class Mark:
    """A stretch of a text that is more than plain words.

    Attributes
    ----------
    kind : str
        ``value`` (one, or an interval), ``claim``, ``item``, ``fault`` (an expression
        that cannot be evaluated), ``citation``, ``reference`` (to a float or
        section), ``code``, ``url``, or ``typed`` (an exception with its reason).
    start, end : int
        Its stretch in the text.
    line, column : int
        Where it stands in the file.
    expression : Expression, optional
    result : Value, Span, Claim or Item, optional
    names : tuple of str
        Citation keys, or the labels referred to.
    reason : str
        Of an exception.
    rules : tuple of str
        Rules of checks that an exception names.
    """

    kind: str
    start: int
    end: int
    line: int
    column: int
    expression: Expression | None = None
    result: Value | Span | Claim | Item | None = None
    names: tuple[str, ...] = ()
    reason: str = ""
    rules: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """The values it prints."""
        if isinstance(self.result, Span):
            return (self.result.low, self.result.high)
        return (self.result,) if isinstance(self.result, Value) else ()


@dataclass(frozen=True)
class Plain:
    """A text without markup.

    Attributes
    ----------
    text : str
    marks : tuple of Mark
        In order of their starts.
    starts : tuple of int
        Offsets at which a new stretch of the source begins.
    places : tuple of (int, int)
        Line and column of each of these.
    """

    text: str
    marks: tuple[Mark, ...]
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, offset: int) -> Place:
        """Line and column of a character."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return self.places[0] if self.places else (1, 1)
        line, column = self.places[index]
        return line, column + offset - self.starts[index]


@dataclass(frozen=True)
class Printed:
    """What an inline expression prints."""

    text: str
    expression: Expression | None
    result: Value | Span | Claim | Item | None

    @property
    def kind(self) -> str:
        """Kind of its mark."""
        match self.result:
            case Value() | Span():
                return "value"
            case Claim():
                return "claim"
            case Item():
                return "item"
            case _:
                return "fault"


def plain(
    markdown: str,
    place: Callable[[int], Place],
    inline: Callable[[str, Place], Printed],
    name: Callable[[str], str],
) -> Plain:
    """Remove the markup of a piece of Markdown.

    Parameters
    ----------
    markdown : str
        One block; characters to leave out are :data:`GAP`.
    place : callable
        Line and column of an offset of `markdown`.
    inline : callable
        What an inline expression at a place prints.
    name : callable
        How a reference to a label prints.
    """
    return _Writer(markdown, place, inline, name).write()


class _Writer:
    def __init__(
        self,
        markdown: str,
        place: Callable[[int], Place],
        inline: Callable[[str, Place], Printed],
        name: Callable[[str], str],
    ) -> None:
        self._markdown = markdown
        self._place = place
        self._inline = inline
        self._name = name
        self._text: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []
        self._starts: list[int] = []
        self._places: list[Place] = []
        self._brackets = dict(_brackets(markdown))
        self._closing = {b.close: b for b in self._brackets.values()}
        self._opened: dict[int, int] = {}

    def write(self) -> Plain:
        position = 0
        while match := _TOKEN.search(self._markdown, position):
            self._put(self._markdown[position : match.start()], position)
            position = self._token(match)
        self._put(self._markdown[position:], position)
        marks = sorted(self._marks, key=lambda mark: (mark.start, mark.end))
        return Plain(
            "".join(self._text), tuple(marks), tuple(self._starts), tuple(self._places)
        )

    def _token(self, match: re.Match[str]) -> int:
        """Write one token; return where to read on."""
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "ticks" or kind == "coded":
            kind = "code"
        if kind == "open" and start in self._brackets:
            bracket = self._brackets[start]
            if bracket.kind == "citation":
                return self._cite(start, bracket.end)
            self._opened[start] = self._length
        elif kind == "close" and start in self._closing:
            bracket = self._closing[start]
            self._close(bracket)
            return bracket.end
        elif kind == "inline":
            self._print(match[0], start)
        elif kind == "code":
            self._mark("code", match["coded"], match.start("coded"))
        elif kind in ("url", "auto"):
            self._mark("url", match[kind], match.start(kind))
        elif kind == "cite":
            return self._cite(start, end)
        elif kind == "escape":
            self._put(match[0][1], start + 1)
        elif kind == "dash":
            self._put(_DASHES[match[0]], start)
        elif kind == "newline":
            self._put(" ", start)
        elif kind == "star":
            around = self._markdown[max(start - 1, 0) : end + 1]
            if around.strip() == match[0] and len(around) == len(match[0]) + 2:
                self._put(match[0], start)
        elif kind in ("open", "close"):
            self._put(match[0], start)
        return end

    def _put(self, text: str, start: int) -> None:
        if text:
            self._starts.append(self._length)
            self._places.append(self._place(start))
            self._text.append(text)
            self._length += len(text)

    def _mark(
        self,
        kind: str,
        text: str,
        start: int,
        names: tuple[str, ...] = (),
        printed: Printed | None = None,
    ) -> None:
        line, column = self._place(start)
        begin = self._length
        self._put(text, start)
        expression, result = (
            (printed.expression, printed.result) if printed else (None, None)
        )
        self._marks.append(
            Mark(kind, begin, self._length, line, column, expression, result, names)
        )

    def _print(self, source: str, start: int) -> None:
        expression = source[1:-1].removeprefix("{python}").strip()
        printed = self._inline(expression, self._place(start))
        self._mark(printed.kind, printed.text, start, printed=printed)

    def _cite(self, start: int, end: int) -> int:
        names = tuple(_CITED.findall(self._markdown[start:end]))
        labels = tuple(name for name in names if REFERENCE.match(name))
        if labels:
            text = "; ".join(self._name(label) for label in labels)
            self._mark("reference", text, start, names=labels)
        if cited := tuple(name for name in names if not REFERENCE.match(name)):
            if self._text and self._text[-1].endswith(" ") and len(self._text[-1]) > 1:
                self._text[-1] = self._text[-1][:-1]
                self._length -= 1
            self._mark("citation", "", start, names=cited)
        return end

    def _close(self, bracket: _Bracket) -> None:
        begin = self._opened.pop(bracket.open, self._length)
        line, column = self._place(bracket.open)
        if bracket.kind == "span" and _TYPED.search(bracket.attributes):
            reason = given(_REASON, bracket.attributes).strip()
            rules = tuple(given(_RULES, bracket.attributes).replace(",", " ").split())
            self._marks.append(
                Mark(
                    "typed",
                    begin,
                    self._length,
                    line,
                    column,
                    reason=reason,
                    rules=rules,
                )
            )


def given(attribute: re.Pattern[str], attributes: str) -> str:
    """Return what an attribute says, in quotes of either kind; empty without it."""
    found = attribute.search(attributes)
    return next((text for text in found.groups() if text), "") if found else ""


@dataclass(frozen=True)
class _Bracket:
    kind: str
    open: int
    close: int
    end: int
    attributes: str = ""


def _brackets(markdown: str) -> Iterator[tuple[int, _Bracket]]:
    """Find the brackets that are markup: links, spans, citations."""
    waiting: list[int] = []
    position = 0 if "]" in markdown else len(markdown)
    while match := _TOKEN.search(markdown, position):
        position = match.end()
        if match.lastgroup == "open":
            waiting.append(match.start())
        elif match.lastgroup == "close" and waiting:
            opened, closed = waiting.pop(), match.start()
            if target := _LINK_TARGET.match(markdown, closed + 1):
                more = _SPAN_ATTRIBUTES.match(markdown, target.end())
                end = more.end() if more else target.end()
                yield opened, _Bracket("link", opened, closed, end)
            elif attributes := _SPAN_ATTRIBUTES.match(markdown, closed + 1):
                yield (
                    opened,
                    _Bracket("span", opened, closed, attributes.end(), attributes[0]),
                )
            elif _is_citation(markdown[opened + 1 : closed]):
                yield opened, _Bracket("citation", opened, closed, closed + 1)


def _is_citation(inside: str) -> bool:
    if "`" in inside or "[" in inside:
        return False
    return any(
        re.match(r"(?:[^@]*\s)?-?@\{?\w", part.strip()) for part in inside.split(";")
    )
