"""What stands in a draft where a part of the text is refused: that part as written.

The construct that a fault names goes first; where that does not help, its paragraph.
A document of which nothing else can be made is shown as its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TypeVar

from manuscript.compose.draft.entries import front_matter_without, without
from manuscript.compose.draft.marking import Note
from manuscript.errors import ManuscriptError, faults_of
from manuscript.execute import Execution, Output, stopgap
from manuscript.source import Cell, Document, Prose, Settings, front_matter_ends

T = TypeVar("T")

_TOKEN = re.compile(r"`([^`]+)`")
# What faults are found in: links, pictures and spans with what follows them,
# citations and references, shortcodes, formulas, attributes.
_CONSTRUCT = re.compile(
    r"!?\[[^\[\]\n]*\](?:\([^()\n]*\))?(?:\{[^{}\n]*\})?"
    r"|@[\w:.-]*\w|\{\{<[^\n]*?>\}\}|\$\$[^$]+\$\$|\$[^$\n]+\$|\{[^{}\n]*\}"
)
# An inline expression is computed wherever it stands.
_EXPRESSION = re.compile(r"`\{python\}[^`\n]*`")
_DIVISION = re.compile(r"(?m)^(:{3,})[ \t]*(?:\{.*|\w+[ \t]*)$")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$@~^:&\"'=])")
AS_WRITTEN = re.compile("[⟦⟧]")
_STOPGAP = re.compile("⟦([^⟧]*)⟧")
_FENCED = re.compile(r"^(`{3,}|~{3,})[^`\n]*\n.*?^\1[`~]*[ \t]*$", re.M | re.S)
_OPTION = re.compile(r"#\s*\|")
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Draft:
    """A document with its code's results, as far as it can be composed."""

    document: Document
    execution: Execution


def tolerant(
    document: Document,
    execution: Execution,
    attempt: Callable[[Document, Execution], T],
) -> tuple[T, list[Note]]:
    """Attempt to compose a document until no part of it is refused any more.

    Parameters
    ----------
    document : Document
    execution : Execution
    attempt : callable
        Composes what it is given, or raises faults with their places.

    Returns
    -------
    composed : object
        What the last attempt returned.
    notes : list of Note
        A note on each part that was refused, with the words that stand for it.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        A fault that stays although the text at its place has gone.
    """
    draft = Draft(document, execution)
    found: dict[str, Note] = {}
    while True:
        try:
            return attempt(draft.document, draft.execution), [*found.values()]
        except (ManuscriptError, ExceptionGroup) as error:
            before = draft
            for fault in faults_of(error):
                draft, words = _without(draft, fault)
                found[str(fault)] = Note(str(fault), words, fault.file, fault.line)
            if draft == before:
                raise


def as_written(text: str) -> str:
    r"""Write a part of the text so that it is shown as its source.

    Examples
    --------
    >>> print(as_written("[x]{.y}"))
    ⟦\[x\]\{\.y\}⟧
    """
    # The line breaks stay: what follows keeps its line.
    source = _STOPGAP.sub(lambda stop: re.sub(r"\\(\W)", r"\1", stop[1]), text)
    return f"⟦{_SPECIAL.sub(_escaped, source)}⟧"


def readable(text: str, fault: ManuscriptError) -> str:
    """Return a source in which what keeps it from being read stands as written.

    Entries of settings are left out.

    Parameters
    ----------
    text : str
        Of the file that the fault names.
    fault : ManuscriptError

    Returns
    -------
    str
        The text itself where there is nothing at the place to set aside.
    """
    lines = text.split("\n")
    if not 0 < fault.line <= len(lines):
        return text
    if fault.file.endswith((".yml", ".yaml", ".local")):
        return without(text, fault.line)
    if fault.line <= front_matter_ends(text):
        return front_matter_without(text, fault.line)
    line = lines[fault.line - 1]
    start, end = _paragraph(text, fault.line - 1)
    if _OPTION.match(line):
        new = "#|"  # the options below it stay options
    elif not line.startswith("```"):
        return _replaced(Prose(text, fault.file, 1), fault)[0]
    elif _FENCED.fullmatch(text, start, end):
        return text[:start] + as_written(text[start:end]) + text[end:]
    else:
        new = as_written(line)
    return "\n".join([*lines[: fault.line - 1], new, *lines[fault.line :]])


def paragraph(text: str, line: int) -> str:
    """Return the paragraph of a line, counted from 1; none where there is no such."""
    if not 0 < line <= text.count("\n") + 1:
        return ""
    start, end = _paragraph(text, line - 1)
    return text[start:end]


def bare(title: str, texts: Sequence[str]) -> str:
    """Return a page that shows sources as they are written."""
    blocks = (block.strip("\n") for text in texts for block in _BLANK.split(text))
    body = "\n".join(f"<p>{escape(block)}</p>" for block in blocks if block)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>body{{max-width:45em;margin:auto;"
        "padding:1em}p{white-space:pre-wrap;font:1em/1.5 monospace}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


def _without(draft: Draft, fault: ManuscriptError) -> tuple[Draft, str]:
    """Put a stopgap in the place of a fault; return the words that stand there."""
    cells = 0
    for index, fragment in enumerate(draft.document.fragments):
        if isinstance(fragment, Cell):
            last = fragment.code_line + fragment.code.count("\n")
            if fragment.file == fault.file and fragment.line <= fault.line <= last:
                return _cell_replaced(draft, index, cells, fragment, fault)
            cells += 1
        elif fragment.file == fault.file and (
            0 <= fault.line - fragment.line < fragment.text.count("\n")
        ):
            text, words = _replaced(fragment, fault)
            return _fragment_replaced(draft, index, replace(fragment, text=text)), words
    return draft, ""


def _cell_replaced(
    draft: Draft, index: int, number: int, cell: Cell, fault: ManuscriptError
) -> tuple[Draft, str]:
    """Show words for all that a cell puts out."""
    text = stopgap(fault.what)
    options = Settings(cell.options.file, {"echo": False, "output": True})
    outputs = list(draft.execution.outputs)
    outputs[number] = (Output("markdown", text),)
    execution = replace(draft.execution, outputs=tuple(outputs))
    draft = _fragment_replaced(draft, index, replace(cell, options=options))
    return replace(draft, execution=execution), text


def _fragment_replaced(draft: Draft, index: int, fragment: Prose | Cell) -> Draft:
    fragments = list(draft.document.fragments)
    fragments[index] = fragment
    return replace(draft, document=replace(draft.document, fragments=tuple(fragments)))


def _replaced(prose: Prose, fault: ManuscriptError) -> tuple[str, str]:
    """Return a text with a stopgap, and the words of the paragraph it is in."""
    text = prose.text
    start, end = _paragraph(text, fault.line - prose.line)
    paragraph = text[start:end]
    spared = [
        match.span()
        for pattern in (_EXPRESSION, _STOPGAP)
        for match in pattern.finditer(paragraph)
    ]
    named = [name.lstrip("@.#") for name in _TOKEN.findall(fault.what)]
    for match in _CONSTRUCT.finditer(paragraph):
        is_spared = any(a <= match.start() < b for a, b in spared)
        if not is_spared and any(name and name in match[0] for name in named):
            shown = "{}" if _opens(paragraph, match) else as_written(match[0])
            new = paragraph[: match.start()] + shown + paragraph[match.end() :]
            return text[:start] + new + text[end:], new
    if fault.what.startswith("no font has") and any(n in paragraph for n in named):
        new = paragraph
        for letter in named:  # which would be lacking as written, too
            code = " ".join(f"U+{ord(part):04X}" for part in letter)
            new = new.replace(letter, as_written(code))
        return text[:start] + new + text[end:], new
    if _STOPGAP.fullmatch(paragraph):
        return text, paragraph  # it has been replaced, and the fault has stayed
    if (opening := _DIVISION.match(paragraph)) and not _closes(paragraph, opening):
        new = f"{opening[1]} {{}}{paragraph[opening.end() :]}"
        if new != paragraph:
            return text[:start] + new + text[end:], paragraph
    kept = _closing(paragraph)
    if not paragraph[: len(paragraph) - len(kept)].strip():
        return text, paragraph
    new = as_written(paragraph[: len(paragraph) - len(kept)]) + kept
    return text[:start] + new + text[end:], paragraph


def _paragraph(text: str, number: int) -> tuple[int, int]:
    """Stretch of the lines around one, up to those that are blank; whole code."""
    at = len("\n".join(text.split("\n")[:number])) + (number > 0)
    for fenced in _FENCED.finditer(text):
        if fenced.start() <= at <= fenced.end():
            return fenced.span()
    lines = text.split("\n")
    first = last = number
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    start = sum(len(line) + 1 for line in lines[:first])
    return start, start + len("\n".join(lines[first : last + 1]))


def _opens(paragraph: str, match: re.Match[str]) -> bool:
    """Whether a construct is the attributes of a division, which stays one."""
    line = paragraph[paragraph.rfind("\n", 0, match.start()) + 1 : match.start()]
    return match[0].startswith("{") and bool(re.fullmatch(r":{3,}[ \t]*", line))


def _closing(paragraph: str) -> str:
    """Lines at the end that close divisions which others have opened."""
    lines = paragraph.split("\n")
    count = 0
    while count < len(lines) and re.fullmatch(r":{3,}[ \t]*", lines[-1 - count]):
        count += 1
    if count == len(lines):
        return paragraph
    count = max(0, count - len(_DIVISION.findall(paragraph)))
    return "\n".join(["", *lines[len(lines) - count :]]) if count else ""


def _closes(paragraph: str, opening: re.Match[str]) -> bool:
    return bool(re.search(r"(?m)^:{3,}[ \t]*$", paragraph[opening.end() :]))
