"""Files of others are read within limits of kind, size, length and name.

Word files and bundles, which are archives, have theirs where they are opened
(:mod:`manuscript.word.package`, :mod:`manuscript.bundle.archive`), of names here.
"""

from __future__ import annotations

import codecs
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from manuscript.errors import ManuscriptError
from manuscript.source.settings import is_file

MOST_BYTES = 8 * 2**20
# What reads prose looks at words, lines and paragraphs as wholes, some at each pair
# of places in them; no honest text comes near these.
LONGEST_WORD = 2_000
LONGEST_LINE = 20_000
LONGEST_BLOCK = 40_000


class UnreadableError(ValueError):
    """A file that cannot be read; the message says why."""


def refuse_special(path: Path) -> None:
    """Refuse what is no ordinary file, before it is opened.

    Raises
    ------
    UnreadableError
    OSError
    """
    if not stat.S_ISREG(path.stat().st_mode):
        kind = "a folder" if path.is_dir() else "a pipe or a device"
        raise UnreadableError(f"it is {kind}, and no file")


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read an ordinary file that is not too long.

    A pipe would wait for its writer, and a device may have no end; both are
    refused before they are opened.

    Raises
    ------
    UnreadableError
    """
    try:
        refuse_special(path)
        with path.open("rb") as file:
            content = file.read(most + 1)
    except UnreadableError:
        raise
    except (OSError, ValueError) as error:
        raise UnreadableError(getattr(error, "strerror", None) or str(error)) from error
    if len(content) > most:
        raise UnreadableError(f"it has more than {most >> 20} MiB")
    return content


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """Read an ordinary file of UTF-8, with or without its mark; ends of lines are LF.

    Raises
    ------
    UnreadableError
    """
    try:
        text = read_bytes(path, most).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("it is not UTF-8 text") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def legible(path: Path) -> str:
    """Read what can be read of a file, whatever it is; nothing where nothing can."""
    try:
        content = read_bytes(path)
    except UnreadableError:
        return ""
    wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = content.decode("utf-16" if wide else "utf-8-sig", "replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def refuse_endless(text: str, file: str) -> None:
    """Refuse characters, words, lines and paragraphs that nobody writes.

    Raises
    ------
    ManuscriptError
        At the first one.
    """
    block = 0
    for number, line in enumerate(text.split("\n"), start=1):
        block = block + len(line) if line.strip() else 0
        found = ""
        if len(line) > LONGEST_LINE:
            found = f"a line of {len(line)} characters, more than {LONGEST_LINE}"
        elif "\0" in line:
            # No name of a file may hold it, and the checks put gaps with it.
            found = "a NUL character"
        elif block > LONGEST_BLOCK:
            found = f"a paragraph of more than {LONGEST_BLOCK} characters"
        elif len(line) > LONGEST_WORD:
            longest = max(map(len, line.split()), default=0)
            if longest > LONGEST_WORD:
                found = f"a word of {longest} characters, more than {LONGEST_WORD}"
        if found:
            raise ManuscriptError(file, number, found, "break it up, or leave it out")


@dataclass(frozen=True)
class Files:
    """Texts of a project's files.

    Attributes
    ----------
    root : Path
    texts : mapping of str to str
        Those that are read in place of what lies there.
    """

    root: Path
    texts: Mapping[str, str]

    def read(self, path: str, by: str = "", line: int = 0) -> str:
        """Text of a file; `by` and `line` say what asks for it.

        Raises
        ------
        ManuscriptError
            At the file, if there is one, else at what asks for it.
        """
        if path in self.texts:
            return self.texts[path]
        try:
            text = read_text(self.root / path)
        except UnreadableError as error:
            if is_file(self.root, path):
                what, mend = f"cannot be read: {error}", "save it as UTF-8 text"
                raise ManuscriptError(path, 0, what, mend) from error
            what = f"cannot read `{path}`: {error}"
            mend = "correct the name"
            raise ManuscriptError(by or path, line, what, mend) from error
        refuse_endless(text, path)
        return text


def colliding(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that some file system takes for an earlier one, and that one.

    Names that differ in case alone are one on Windows and macOS, those that differ
    in Unicode form alone (``é`` as one character or as two) are one on macOS.

    Examples
    --------
    >>> list(colliding(["a.txt", "b.txt", "A.TXT"]))
    [('A.TXT', 'a.txt')]
    """
    first: dict[str, str] = {}
    for name in names:
        folded = unicodedata.normalize("NFKC", name).casefold()
        one = first.setdefault(unicodedata.normalize("NFKC", folded), name)
        if one != name:
            yield name, one
