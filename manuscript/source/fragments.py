"""What a document is made of: prose, cells, inline expressions, each in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from manuscript.source.settings import Settings

INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")


@dataclass(frozen=True)
class Inline:
    """An inline expression, ``{python} v("risk.or")`` between backticks.

    Attributes
    ----------
    expression : str
    file : str
    line, column : int
        Place of the opening backtick, counted from 1.
    start, end : int
        Its stretch in the text of its :class:`Prose`.
    """

    expression: str
    file: str
    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True)
class Prose:
    """Consecutive lines of Markdown from one file.

    Attributes
    ----------
    text : str
        Ends with a newline.
    file : str
    line : int
        Line of its first character.
    """

    text: str
    file: str
    line: int

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        """The inline expressions, in order."""
        found = []
        offset = 0
        for number, line in enumerate(self.text.split("\n")):
            for match in INLINE.finditer(line):
                found.append(
                    Inline(
                        match[1].strip(),
                        self.file,
                        self.line + number,
                        match.start() + 1,
                        offset + match.start(),
                        offset + match.end(),
                    )
                )
            offset += len(line) + 1
        return tuple(found)

    def line_at(self, offset: int) -> int:
        """Line of a character of the text."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes
    ----------
    code : str
        Without its options.
    options : Settings
    number : int
        Counted from 1 through the document.
    file : str
    line : int
        Line of the opening fence.
    code_line : int
        Line of the first line of code.
    """

    code: str
    options: Settings
    number: int
    file: str
    line: int
    code_line: int

    @property
    def label(self) -> str | None:
        """The cell's label, by which it can be referred to."""
        label = self.options.values.get("label")
        return None if label is None else str(label)

    @property
    def shows(self) -> bool:
        """Whether a reader sees what it yields, as far as its own options say."""
        values = self.options.values
        return not any(
            values.get(key) is False for key in ("eval", "include", "output")
        )

    @property
    def name(self) -> str:
        """What to call the cell in a message."""
        return f"cell `{self.label}`" if self.label else f"cell {self.number}"


Fragment = Prose | Cell
