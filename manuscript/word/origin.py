"""Which sources an edited copy was made from, and whether it is a copy of them.

A Word file is not trusted to choose what runs: a revision that it names counts only
where it is an ancestor of what is checked out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from manuscript.compose import REVISION
from manuscript.errors import ManuscriptError
from manuscript.record import git, resolve
from manuscript.source import Reading
from manuscript.word.compare import likeness, words_of
from manuscript.word.package import EditedDocument

_COMMITS: Final = 40  # of the documents' files, in which the base is looked for
_LEAST: Final = 0.35  # share of its words that a copy has in common with its document
_OF_A_PART: Final = 0.7  # share of the words of a part that stand in the document
_FEWEST: Final = 40  # words from which a part can be told
_INLINE: Final = re.compile(
    r"`\{python\}[^`\n]*`|\{[^{}\n]*\}|\[[^\[\]\n]*@[^\[\]\n]*\]"
)
_WORD: Final = re.compile(r"\w+")
_GRAM: Final = 4  # words by which texts are compared


def reading_of(
    readings: Sequence[Reading], edited: EditedDocument, document: str = ""
) -> Reading:
    """Choose the reading of the document that was edited.

    Raises
    ------
    ManuscriptError
        For what is no document, and for a file that is no copy of any.
    """
    if document:
        return named(readings, document)
    words = _words(edited)
    scores = {id(each): likeness(words, _keys(each)) for each in readings}
    best = max(readings, key=lambda each: scores[id(each)])
    common = (Counter(words) & Counter(_keys(best))).total()
    part = len(words) >= _FEWEST and common >= _OF_A_PART * len(words)
    if scores[id(best)] < _LEAST and not part:
        share = 100 * common // max(len(words), 1)
        raise ManuscriptError(
            edited.name,
            0,
            f"is no copy of a document of this project: it shares {share}% of its "
            f"words with {best.document.path}",
            "check which file it is; name its document with --document to merge it "
            "all the same",
        )
    return best


def named(readings: Sequence[Reading], document: str) -> Reading:
    """Take the reading of a document.

    Raises
    ------
    ManuscriptError
        For what is no document of the project.
    """
    for reading in readings:
        if reading.document.path == document:
            return reading
    known = ", ".join(reading.document.path for reading in readings)
    raise ManuscriptError(document, 0, "is no document", f"name one of {known}")


def base_of(
    root: Path, edited: EditedDocument, files: Sequence[str], asked: str = ""
) -> tuple[str, str]:
    """Find the commit that a copy was made from.

    Parameters
    ----------
    root : Path
    edited : EditedDocument
    files : sequence of str
        Of the document, as they are now.
    asked : str, optional
        The revision that the user names.

    Returns
    -------
    tuple of str
        The commit, empty for the sources as they are, and how it was found where
        that has to be said.

    Raises
    ------
    ManuscriptError
        Where the user names what is no revision.
    """
    if not git(root, "rev-parse", "--git-dir"):
        return "", ""
    if asked:
        return _unless_same(root, resolve(root, asked)), ""
    said = edited.properties.get(REVISION, "")
    if not said:
        return _by_content(root, edited, files, "the copy names no revision")
    commit = _ancestor(root, said)
    if commit:
        return _unless_same(root, commit), ""
    shown = said[:12] if said.isalnum() else "what it names"
    why = f"the copy names {shown}, which is no commit before the one checked out"
    return _by_content(root, edited, files, why)


def _ancestor(root: Path, revision: str) -> str:
    """Return the commit of a full hash that lies before HEAD; empty for others."""
    if not re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", revision):
        return ""
    found = git(root, "merge-base", revision, "HEAD").decode().strip()
    return revision if found == revision else ""


def _unless_same(root: Path, commit: str) -> str:
    changed = git(root, "diff", "--name-only", commit, "--", ".")
    return commit if changed else ""


def _by_content(
    root: Path, edited: EditedDocument, files: Sequence[str], why: str
) -> tuple[str, str]:
    """Find the state of the sources that has most in common with a copy."""
    copy = Counter(_grams(" ".join(each.text for each in edited.paragraphs)))
    now = "\n".join((root / file).read_text("utf-8", "replace") for file in files)
    best, chosen = _score(copy, now), ""
    commits = git(root, "log", f"-{_COMMITS}", "--format=%H", "HEAD", "--", *files)
    seen = {now}
    for commit in commits.decode().split():
        text = "\n".join(
            git(root, "show", f"{commit}:./{file}").decode("utf-8", "replace")
            for file in files
        )
        if text in seen:
            continue
        seen.add(text)
        if (score := _score(copy, text)) > best:
            best, chosen = score, commit
    if not chosen:
        return "", ""
    return _unless_same(root, chosen), (
        f"{why}; by its words it was made from {chosen[:12]}, and is merged from there"
    )


def _score(copy: Counter[tuple[str, ...]], source: str) -> int:
    """Count the stretches of a source that a copy has, less those that it has not."""
    grams = Counter(_grams(_INLINE.sub(" 0 ", source)))
    common = (grams & copy).total()
    return 2 * common - grams.total()


def _grams(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text)
    return zip(*(words[k:] for k in range(_GRAM)), strict=False)


def _words(edited: EditedDocument) -> list[str]:
    return [word.key for each in edited.paragraphs for word in words_of(each)]


def _keys(reading: Reading) -> list[str]:
    return [key for each in reading.passages for key in each.text.split()]
