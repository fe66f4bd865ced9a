"""The manuscript's sources, with file and line kept for every fragment.

A project is a folder with ``_quarto.yml``; a document is a ``.qmd`` file in it,
its includes expanded, cut into prose and code cells as Quarto cuts them
(Quarto 1.7, ``break-quarto-md.ts`` and ``include-standalone.ts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from manuscript import settings
from manuscript.errors import ManuscriptError
from manuscript.settings import NUMBER, TEXT, YES_NO, Allowed, Settings, one_of

CELL_OPTIONS: Mapping[str, Allowed] = {
    **dict.fromkeys(("label", "fig-cap", "fig-alt", "tbl-cap"), TEXT),
    **dict.fromkeys(("echo", "eval", "include", "warning", "error"), YES_NO),
    **dict.fromkeys(("fig-width", "fig-height"), NUMBER),
    "output": one_of(True, False, "asis"),
}

_CELL_START = re.compile(r"^(\s*)(```+)\s*\{([=A-Za-z]+)( *[ ,].*)?\}\s*$")
_FENCE_END = re.compile(r"^\s*(```+)\s*$")
_YAML_FENCE = re.compile(r"^---\s*$")
_INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")
_INLINE_LIKE = re.compile(r"(?<!`)`\{([A-Za-z]+)\}")
_SHORTCODE = re.compile(r"\{\{< (?!/\*)\s*(/?\w+)(.*?)>\}\}")
_INCLUDE = re.compile(r"^\s*\{\{<\s+include\s+(\S+)\s+>\}\}\s*$")
_OPTION = re.compile(r"^#\s*\| ?")
_DIV_FENCE = re.compile(
    r"^ {0,3}:{3,}[ \t]*(\{[^}\n]*\}|[\w-]+)?[ \t]*:*[ \t]*\n", re.MULTILINE
)
_ID = re.compile(r"#([\w:.-]+)")
_UNSUPPORTED = re.compile(
    r"\.(callout-[\w-]+|panel-[\w-]+|column-[\w-]+|content-(?:visible|hidden)"
    r"|code-annotation[\w-]*|aside)\b"
    r"|\b(layout(?:-[\w]+)?|code-fold|code-line-numbers)="
)


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
            for match in _INLINE.finditer(line):
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
    def name(self) -> str:
        """What to call the cell in a message."""
        return f"cell `{self.label}`" if self.label else f"cell {self.number}"


Fragment = Prose | Cell


@dataclass(frozen=True)
class Div:
    """A fenced division with an identifier, such as a float.

    Attributes
    ----------
    id : str
    file : str
    line, end_line : int
        Lines of its fences.
    fragments : tuple of Fragment
        What stands between them.
    """

    id: str
    file: str
    line: int
    end_line: int
    fragments: tuple[Fragment, ...]


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
    """

    path: str
    front_matter: Settings
    fragments: tuple[Fragment, ...]
    files: tuple[str, ...]

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

    @cached_property
    def divs(self) -> tuple[Div, ...]:
        """The divisions that have an identifier, in order of their ends."""
        return tuple(_divs(self.fragments))

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
        pattern = re.compile(re.escape(text) + r"(?![\w-])")
        for prose in self.prose:
            if match := pattern.search(prose.text):
                return prose.file, prose.line_at(match.start())
        return self.path, 1


@dataclass(frozen=True)
class Project:
    """A Quarto project.

    Attributes
    ----------
    root : Path
        Absolute.
    settings : Settings
        ``_quarto.yml``.
    documents : tuple of Document
    """

    root: Path
    settings: Settings
    documents: tuple[Document, ...]

    @classmethod
    def load(cls, root: Path, paths: Sequence[str] = ()) -> Project:
        """Read a project from its folder.

        Parameters
        ----------
        root : Path
            A folder that holds ``_quarto.yml``.
        paths : sequence of str, optional
            Documents relative to `root`; those of ``project: render`` if none.

        Raises
        ------
        ManuscriptError
            A file that is missing or not UTF-8, YAML that does not parse, a
            circular include, or a construct outside the supported subset.
        """
        root = root.resolve()
        config = settings.parse(_read(root, "_quarto.yml", "", 0), "_quarto.yml")
        names = paths or tuple(
            settings.as_list(config.mapping("project").get("render"))
        )
        if not names:
            raise ManuscriptError(
                "_quarto.yml",
                config.line("project"),
                "no document is listed",
                "add `render: [index.qmd]` under `project`",
            )
        line = config.line("project", "render")
        documents = tuple(_document(root, str(name), line) for name in names)
        return cls(root, config, documents)

    @property
    def whole(self) -> bool:
        """Whether all documents are there that ``_quarto.yml`` lists."""
        listed = settings.as_list(self.settings.mapping("project").get("render"))
        return {document.path for document in self.documents} >= set(listed)

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats that ``_quarto.yml`` asks for, by Quarto's names."""
        formats = self.settings.values.get("format")
        if isinstance(formats, str):
            return (formats,)
        return tuple(self.settings.mapping("format")) or ("html",)

    @property
    def output(self) -> Path:
        """Where the project's outputs go."""
        output = self.settings.mapping("project").get("output-dir", "_output")
        return self.root / str(output)

    def metadata(self, document: Document, to: str) -> dict[str, Any]:
        """Merge the settings that hold for a document in one format.

        Parameters
        ----------
        document : Document
        to : str
            Quarto's name of the format: ``html``, ``typst`` or ``docx``.

        Returns
        -------
        dict
            ``_quarto.yml`` below the front matter, and what either of them says
            under ``format`` on top.
        """
        values = dict(
            settings.merge(self.settings.values, document.front_matter.values)
        )
        values.pop("project", None)
        own = values.pop("format", None)
        own = own.get(to) if isinstance(own, Mapping) else None
        merged = settings.merge(values, own if isinstance(own, Mapping) else {})
        assert isinstance(merged, dict)
        return merged


def find_root(start: Path) -> Path:
    """Find the nearest folder upwards that holds ``_quarto.yml``."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "_quarto.yml").is_file():
            return folder
    raise ManuscriptError(
        "_quarto.yml",
        0,
        f"not found in {start} or a folder above it",
        "run the command inside the project",
    )


def _read(root: Path, path: str, by: str, line: int) -> str:
    """Text of a project's file; `by` and `line` say what asked for it."""
    try:
        return (root / path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ManuscriptError(
            by or path,
            line,
            f"cannot read `{path}`: {reason}",
            "correct the name, or save the file as UTF-8",
        ) from error


@dataclass(frozen=True)
class _Line:
    text: str
    file: str
    number: int


def _document(root: Path, path: str, listed_line: int) -> Document:
    if Path(path).name != path or not path.endswith(".qmd"):
        raise ManuscriptError(
            "_quarto.yml",
            listed_line,
            f"`{path}` is not a document this engine renders",
            "keep documents as .qmd files beside _quarto.yml",
        )
    text = _read(root, path, "_quarto.yml", listed_line)
    yaml_text, body_start = _front_matter(text, path)
    files: list[str] = [path]
    lines = _expand(root, path, text, body_start, (path,), files)
    fragments = tuple(_fragments(list(lines)))
    _refuse_repeated_labels(fragments)
    front_matter = settings.parse(yaml_text, path, 2)
    return Document(path, front_matter, fragments, tuple(dict.fromkeys(files)))


def _front_matter(text: str, path: str) -> tuple[str, int]:
    """YAML of the front matter, and the index of the first line below it."""
    lines = text.split("\n")
    if not _YAML_FENCE.match(lines[0]):
        return "", 0
    for index, line in enumerate(lines[1:], start=1):
        if _YAML_FENCE.match(line):
            return "\n".join(lines[1:index]) + "\n", index + 1
    raise ManuscriptError(
        path, 1, "the front matter is not closed", "end it with a line `---`"
    )


def _expand(
    root: Path,
    path: str,
    text: str,
    start: int,
    chain: tuple[str, ...],
    files: list[str],
) -> Iterator[_Line]:
    """Lines of a file from `start` on, with includes in place."""
    ticks = 0
    for number, line in enumerate(_lines(text)[start:], start=start + 1):
        if ticks:
            end = _FENCE_END.match(line)
            ticks = 0 if end and len(end[1]) == ticks else ticks
            yield _Line(line, path, number)
        elif included := _INCLUDE.match(line):
            name = included[1].strip("\"'")
            target = _included_path(root, name, path, number)
            if target in chain:
                raise ManuscriptError(
                    path,
                    number,
                    f"circular include: {' > '.join((*chain, target))}",
                    "remove one of these includes",
                )
            files.append(target)
            inner = _read(root, target, path, number)
            yield from _expand(root, target, inner, 0, (*chain, target), files)
            yield _Line("", path, number)
        else:
            ticks = _opening_ticks(line)
            yield _Line(line, path, number)


def _lines(text: str) -> list[str]:
    # Not splitlines: it also breaks at form feeds and U+2028, editors do not.
    return text.removesuffix("\n").split("\n")


def _included_path(root: Path, name: str, file: str, line: int) -> str:
    target = (root / name.lstrip("/")).resolve()
    if not target.is_relative_to(root):
        raise ManuscriptError(
            file,
            line,
            f"`{name}` lies outside the project",
            "include files of the project only",
        )
    return target.relative_to(root).as_posix()


def _opening_ticks(line: str) -> int:
    """Backticks of the fence that the line opens; 0 if it opens none."""
    if start := _CELL_START.match(line):
        return len(start[2])
    return line.split(" ")[0].count("`") if line.startswith("```") else 0


def _fragments(lines: list[_Line]) -> Iterator[Fragment]:
    pending: list[_Line] = []
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
        _refuse_unsupported(line, lines, index)
        pending.append(line)
        index += 1
    yield from _prose(pending)


def _closing(lines: list[_Line], start: int, ticks: int) -> int:
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


def _prose(lines: list[_Line]) -> Iterator[Prose]:
    """Group lines by the file they come from."""
    start = 0
    for index, line in enumerate(lines):
        _refuse_unreadable_inline(line)
        last = index + 1 == len(lines)
        if last or not _follows(line, lines[index + 1]):
            group = lines[start : index + 1]
            text = "".join(one.text + "\n" for one in group)
            yield Prose(text, group[0].file, group[0].number)
            start = index + 1


def _follows(line: _Line, after: _Line) -> bool:
    return line.file == after.file and line.number + 1 == after.number


def _cell(start: re.Match[str], lines: list[_Line], number: int) -> Cell:
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


def _refuse_unsupported(line: _Line, lines: list[_Line], index: int) -> None:
    def fault(what: str, mend: str) -> ManuscriptError:
        return ManuscriptError(line.file, line.number, what, mend)

    if shortcode := _SHORTCODE.search(line.text):
        name = shortcode[1]
        raise fault(
            f"shortcode `{name}` is not supported here",
            "only `{{< include FILE >}}`, alone on its line, is",
        )
    attributes = line.text[line.text.find("{") :] if "{" in line.text else ""
    if feature := _UNSUPPORTED.search(attributes):
        raise fault(
            f"`{feature[1] or feature[2]}` is a Quarto feature that this engine "
            "does not support",
            "use plain divisions, figures and tables",
        )
    around = [
        lines[i].text.strip() for i in (index - 1, index + 1) if 0 <= i < len(lines)
    ]
    if _YAML_FENCE.match(line.text) and any(around):
        raise fault(
            "`---` beside text is read as metadata",
            "leave a blank line above and below a rule; "
            "keep metadata at the top of the document",
        )


def _refuse_unreadable_inline(line: _Line) -> None:
    whole = {match.start() for match in _INLINE.finditer(line.text)}
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


def _divs(fragments: tuple[Fragment, ...]) -> Iterator[Div]:
    open_divs: list[tuple[str, str, int, list[Fragment]]] = []
    for fragment in fragments:
        for piece in (fragment,) if isinstance(fragment, Cell) else _cut(fragment):
            if not isinstance(piece, _Fence):
                for *_, inside in open_divs:
                    inside.append(piece)
            elif piece.opens is not None:
                name = _ID.search(piece.opens)
                open_divs.append(
                    (name[1] if name else "", fragment.file, piece.line, [])
                )
            elif open_divs:
                identifier, file, line, inside = open_divs.pop()
                if identifier:
                    yield Div(identifier, file, line, piece.line, tuple(inside))


@dataclass(frozen=True)
class _Fence:
    opens: str | None
    line: int


def _cut(prose: Prose) -> Iterator[Prose | _Fence]:
    """Cut prose at the fences of divisions."""
    start = 0
    for fence in _DIV_FENCE.finditer(prose.text):
        if text := prose.text[start : fence.start()]:
            yield Prose(text, prose.file, prose.line_at(start))
        yield _Fence(fence[1], prose.line_at(fence.start()))
        start = fence.end()
    if text := prose.text[start:]:
        yield Prose(text, prose.file, prose.line_at(start))
