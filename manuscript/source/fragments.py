"""What a document is made of: prose, cells, inline expressions, each in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from manuscript.errors import ManuscriptError
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

    def fault(self, what: str, mend: str) -> ManuscriptError:
        """Return a fault that stands where it does."""
        return ManuscriptError(self.file, self.line, what, mend)


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

    def fault(self, what: str, mend: str) -> ManuscriptError:
        """Return a fault that stands at its opening fence."""
        return ManuscriptError(self.file, self.line, what, mend)


Fragment = Prose | Cell


@dataclass(frozen=True)
class Document:
    """A document of the project.

    Attributes
    ----------
    path : str
        Relative to the project, such as ``index.qmd``.
    front_matter : Settings
    fragments : tuple of Fragment
        Prose and cells in reading order, includes expanded.
    files : tuple of str
        The document and everything it includes, in reading order.
    below : tuple of Settings
        ``_metadata.yml`` of its folder and the files that it takes settings from.
    heading : Prose or None
        The front matter as it is written, where it asks for values: they are
        computed before the first cell.
    """

    path: str
    front_matter: Settings
    fragments: tuple[Fragment, ...]
    files: tuple[str, ...]
    below: tuple[Settings, ...] = ()
    heading: Prose | None = None

    @property
    def layers(self) -> tuple[Settings, ...]:
        """Its settings from the folder's up to its own, each over those before."""
        return (*self.below, self.front_matter)

    @property
    def stem(self) -> str:
        """Name of its outputs without suffix."""
        return Path(self.path).stem

    @property
    def prose(self) -> tuple[Prose, ...]:
        """The fragments of prose."""
        return tuple(f for f in self.fragments if isinstance(f, Prose))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The code cells."""
        return tuple(f for f in self.fragments if isinstance(f, Cell))

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """The inline expressions of all its prose."""
        return tuple(inline for prose in self.prose for inline in prose.inlines)

    @property
    def asking(self) -> tuple[Fragment, ...]:
        """What may ask for values, in the order in which it is computed.

        Without a cell nothing runs, and code in the text is printed as it stands.
        """
        if not self.cells:
            return ()
        return (*((self.heading,) if self.heading else ()), *self.fragments)

    def find(self, text: str) -> tuple[str, int]:
        """File and line where a text first stands in the prose.

        Parameters
        ----------
        text : str
            Such as ``@fig-forest``; no letter, digit or hyphen may follow it.

        Returns
        -------
        tuple of str and int
            The document's first line where the prose does not have it.
        """
        file, line, _ = self.at(re.escape(text) + r"(?![\w-])")
        return file, line

    def at(self, pattern: str, occurrence: int = 0) -> tuple[str, int, int]:
        """File, line and column where something stands in the prose.

        Parameters
        ----------
        pattern : str
            A regular expression; its first group, if it has one, is the place.
        occurrence : int
            How many of them to pass over.

        Returns
        -------
        tuple of str, int and int
            The document's first line, and column 0, where the prose has no such.
        """
        expression = re.compile(pattern)
        for prose in self.prose:
            for match in expression.finditer(prose.text):
                if occurrence == 0:
                    start = match.start(1 if expression.groups else 0)
                    column = start - prose.text.rfind("\n", 0, start)
                    return prose.file, prose.line_at(start), column
                occurrence -= 1
        return self.path, 1, 0

    def fault(self, pattern: str, what: str, mend: str) -> ManuscriptError:
        """Return a fault that stands where a pattern first does (:meth:`at`)."""
        file, line, column = self.at(pattern)
        where = f" (column {column})" if column else ""
        return ManuscriptError(file, line, what + where, mend)
