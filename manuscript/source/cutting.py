"""Cutting a source into fragments, as Quarto cuts it.

Quarto 1.7: ``break-quarto-md.ts`` and ``include-standalone.ts``. What Quarto has
and the built-in engine has not is refused here as far as it shows in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from manuscript.errors import ManuscriptError
from manuscript.source import settings, shortcodes
from manuscript.source.fragments import INLINE, Cell, Fragment, Prose
from manuscript.source.settings import (
    NUMBER,
    TEXT,
    TEXTS,
    YES_NO,
    Allowed,
    Settings,
    one_of,
)

CELL_OPTIONS: Mapping[str, Allowed] = {
    **dict.fromkeys(("label", "fig-cap", "tbl-cap"), TEXT),
    "fig-alt": Allowed("text", lambda value: TEXT.test(value) or TEXTS.test(value)),
    **dict.fromkeys(("eval", "include", "warning", "error"), YES_NO),
    "echo": one_of(True, False, "fenced"),
    **dict.fromkeys(("fig-width", "fig-height"), NUMBER),
    "output": one_of(True, False, "asis"),
    # Panels of one figure, and how they stand; names for programs that read cells.
    **dict.fromkeys(("fig-subcap", "tbl-subcap", "tags"), TEXTS),
    "layout-ncol": NUMBER,
    "code-fold": one_of(True, False, "show"),
    # Of the looks of a page that others than these engines make.
    "fig-align": one_of("default", "center", "left", "right"),
    "fig-pos": TEXT,
    "message": YES_NO,
    "code-summary": TEXT,
}

_CELL_START = re.compile(r"^(\s*)(```+)\s*\{([=A-Za-z]+)( *[ ,].*)?\}\s*$")
_FENCE_END = re.compile(r"^\s*(```+)\s*$")
_YAML_FENCE = re.compile(r"^---\s*$")
_INLINE_LIKE = re.compile(r"(?<!`)`\{([A-Za-z]+)\}")
_INCLUDE = re.compile(r"^\{\{<\s+include\s+(\S+)\s+>\}\}\s*$")
_OPTION = re.compile(r"^#\s*\| ?")

# Name of an included file, and file and line that ask for it -> path and text.
Include = Callable[[str, str, int], tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """A line and where it stands."""

    text: str
    file: str
    number: int


def front_matter(text: str, path: str) -> tuple[Settings, int]:
    """Read the front matter.

    Returns
    -------
    settings : Settings
    body : int
        Lines above the body.

    Raises
    ------
    ManuscriptError
        Where it is not closed, is no YAML, or computes in another language.
    """
    end = front_matter_ends(text)
    if not end:
        return Settings(path), 0
    lines = text.split("\n")[1 : end - 1 if end > 1 else None]
    for number, line in enumerate(lines, start=2):
        shortcodes.check(line, path, number, shortcodes.VALUES)
        for match in _INLINE_LIKE.finditer(line):
            if not INLINE.match(line, match.start()):
                what = f"`{match[0]} ...` is not computed in front matter"
                mend = "write Python on one line, or compute in the body"
                raise ManuscriptError(path, number, what, mend)
    if end == 1:
        mend = "end it with a line `---`"
        raise ManuscriptError(path, 1, "the front matter is not closed", mend)
    return settings.parse("\n".join(lines), path, 2), end


def front_matter_ends(text: str) -> int:
    """Return the last line of front matter: 0 without any, 1 where it has no end."""
    lines = text.split("\n")
    if not _YAML_FENCE.match(lines[0]):
        return 0
    fences = (n for n, line in enumerate(lines[1:], 2) if _YAML_FENCE.match(line))
    return next(fences, 1)


def expand(
    path: str, text: str, above: int, include: Include, chain: tuple[str, ...] = ()
) -> Iterator[Line]:
    """Yield the lines of a file, those of its includes in their place.

    Parameters
    ----------
    path, text : str
    above : int
        Lines to leave out at the top.
    include : callable
        Finds an included file.
    chain : tuple of str
        Files that include this one, outermost first.

    Raises
    ------
    ManuscriptError
        When a file includes itself.
    """
    chain = (*chain, path)
    ticks, cell = 0, False
    # Not splitlines: it also breaks at form feeds and U+2028, editors do not.
    lines = text.removesuffix("\n").split("\n")
    for number, line in enumerate(lines[above:], start=above + 1):
        end = _FENCE_END.match(line) if ticks else None
        if end and len(end[1]) == ticks:
            ticks = 0
        elif (included := _INCLUDE.match(line)) and not cell:
            target, inner = include(included[1].strip("\"'"), path, number)
            if target in chain:
                raise ManuscriptError(
                    path,
                    number,
                    f"circular include: {' > '.join((*chain, target))}",
                    "remove one of these includes",
                )
            yield from expand(target, inner, 0, include, chain)
            line = ""
        elif not ticks:
            ticks = _opening_ticks(line)
            start = _CELL_START.match(line)
            cell = bool(start and not start[3].startswith("="))
        yield Line(line, path, number)


def cut(lines: list[Line]) -> tuple[Fragment, ...]:
    """Cut lines into prose and cells.

    Raises
    ------
    ManuscriptError
        A cell or fence without end, an option or a feature of Quarto that is not
        supported, an inline expression that cannot be read, a label given twice.
    """
    fragments = tuple(_fragments(lines))
    _refuse_repeated_labels(fragments)
    return fragments


def _opening_ticks(line: str) -> int:
    """Backticks of the fence that the line opens; 0 if it opens none."""
    if start := _CELL_START.match(line):
        return len(start[2])
    return line.split(" ")[0].count("`") if line.startswith("```") else 0


def _fragments(lines: list[Line]) -> Iterator[Fragment]:
    pending: list[Line] = []
    cells = 0
    index = 0
    while index < len(lines):
        line = lines[index]
        start = _CELL_START.match(line.text)
        if start and not start[3].startswith("="):
            yield from _prose(pending)
            pending = []
            end = _closing(lines, index, len(start[2]))
            cells += 1
            yield _cell(start, lines[index : end + 1], cells)
            index = end + 1
            continue
        if ticks := _opening_ticks(line.text):
            end = _closing(lines, index, ticks)
            pending.extend(lines[index : end + 1])
            index = end + 1
            continue
        _refuse_metadata(line, lines, index)
        pending.append(line)
        index += 1
    yield from _prose(pending)


def _closing(lines: list[Line], start: int, ticks: int) -> int:
    for index in range(start + 1, len(lines)):
        end = _FENCE_END.match(lines[index].text)
        if end and len(end[1]) == ticks:
            return index
    line = lines[start]
    raise ManuscriptError(
        line.file,
        line.number,
        "the code that begins here has no end",
        f"close it with a line of {ticks} backticks",
    )


def _prose(lines: list[Line]) -> Iterator[Prose]:
    """Group lines by the file they come from."""
    start = 0
    for index, line in enumerate(lines):
        _refuse_unreadable_inline(line)
        last = index + 1 == len(lines)
        if last or not _follows(line, lines[index + 1]):
            group = lines[start : index + 1]
            text = "".join(one.text + "\n" for one in group)
            shortcodes.check(text, group[0].file, group[0].number)
            yield Prose(text, group[0].file, group[0].number)
            start = index + 1


def _follows(line: Line, after: Line) -> bool:
    return line.file == after.file and line.number + 1 == after.number


def _cell(start: re.Match[str], lines: list[Line], number: int) -> Cell:
    opening = lines[0]
    indent, _, language, attributes = start.groups()

    def fault(line: int, what: str, mend: str) -> ManuscriptError:
        return ManuscriptError(opening.file, line, what, mend)

    if language != "python":
        raise fault(
            opening.number,
            f"a cell in `{language}` is not supported",
            "write cells in {python}",
        )
    if indent or (attributes and attributes.strip()):
        raise fault(
            opening.number,
            "a cell that is indented, or has options after {python}, is not supported",
            "start it in the first column and write options as `#| key: value` lines",
        )
    body = lines[1:-1]
    count = 0
    while count < len(body) and _OPTION.match(body[count].text):
        count += 1
    yaml_text = "".join(_OPTION.sub("", one.text) + "\n" for one in body[:count])
    options = settings.parse(yaml_text, opening.file, opening.number + 1)
    for key, value in options.values.items():
        if key not in CELL_OPTIONS:
            what, mend = "is not supported", f"use one of {', '.join(CELL_OPTIONS)}"
        elif not CELL_OPTIONS[key].test(value):
            what = f"is {value!r}, which is not supported"
            mend = f"write {CELL_OPTIONS[key].expected}"
        else:
            continue
        raise fault(options.line(key), f"cell option `{key}` {what}", mend)
    code = "".join(one.text + "\n" for one in body[count:])
    return Cell(
        code,
        options,
        number,
        opening.file,
        opening.number,
        opening.number + 1 + count,
    )


def _refuse_metadata(line: Line, lines: list[Line], index: int) -> None:
    around = [
        lines[i].text.strip() for i in (index - 1, index + 1) if 0 <= i < len(lines)
    ]
    if _YAML_FENCE.match(line.text) and any(around):
        raise ManuscriptError(
            line.file,
            line.number,
            "`---` beside text is read as metadata",
            "leave a blank line above and below a rule; "
            "keep metadata at the top of the document",
        )


def _refuse_unreadable_inline(line: Line) -> None:
    whole = {match.start() for match in INLINE.finditer(line.text)}
    for match in _INLINE_LIKE.finditer(line.text):
        if match.start() not in whole:
            raise ManuscriptError(
                line.file,
                line.number,
                f"inline expression at column {match.start() + 1} cannot be read",
                "write `{python} expression` on one line, "
                "with one space and no backtick inside",
            )


def _refuse_repeated_labels(fragments: tuple[Fragment, ...]) -> None:
    seen: dict[str, Cell] = {}
    for cell in fragments:
        if isinstance(cell, Cell) and cell.label:
            if first := seen.get(cell.label):
                raise ManuscriptError(
                    cell.file,
                    cell.options.line("label"),
                    f"label `{cell.label}` is taken by the cell at "
                    f"{first.file}:{first.line}",
                    "give each cell a label of its own",
                )
            seen[cell.label] = cell
