"""PDF through typst: tagged, PDF/UA-1, with fonts of its own.

The typst source has Quarto's order (definitions, template, header, show rule,
body) and Quarto's figures (``layout/typst.lua``), so that the project's
templates serve typst 0.13 in Quarto and the installed typst here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.constructs import equations
from manuscript.compose.constructs.callouts import LABELLED as CALLOUTS
from manuscript.compose.constructs.images import Picture
from manuscript.compose.constructs.theorems import KINDS as THEOREMS
from manuscript.compose.constructs.theorems import LABELLED as PROOFS
from manuscript.compose.formats import icons
from manuscript.compose.formats.article import (
    TEMPLATES,
    Article,
    shift,
    template,
    write,
)
from manuscript.compose.formats.nodes import panel_caption, preceded, theorem_title
from manuscript.compose.formats.row_headers import with_row_headers
from manuscript.compose.formats.typeset import TypesettingError, typeset
from manuscript.compose.numbering import HEADING_NUMBER, NBSP, Kind
from manuscript.compose.pandoc import Node, raw
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import as_list

# Things whose numbers this press writes itself; the others are counted by typst.
_OWN = ("eq", *THEOREMS, *PROOFS, *CALLOUTS)
# The project's fonts need not have them.
_OPEN_BOX = "#pdf.artifact(box(width: .65em, height: .65em, stroke: .5pt))"
_TICKED_BOX = '#text(font: "DejaVu Sans Mono")[☒]'
_CELL_CLASSES = {"cell", "cell-output"}
# Kind and description of what a PDF carries.
_EVIDENCE = {
    ".json": ("application/json", "Every number: its function, data and sentences"),
    ".csv": ("text/csv", "Data from which the numbers are computed"),
}
_CARRIES = "This PDF carries its evidence as attachments:"
_LISTED = (
    "The ledger, a JSON file, names for every number the function that computed it, "
    "its rows of data and its sentences. PDF readers list attachments in a panel of "
    "their own."
)
_LOST = re.compile(r"label `<(.+?)>` does not exist")
_MISSING_FONT = re.compile(r"unknown font family: ")


def build(
    article: Article,
    directory: Path,
    scratch: Path,
    evidence: Mapping[str, Path] | None = None,
) -> Path:
    """Write ``<document>.pdf`` into a directory.

    Parameters
    ----------
    article : Article
    directory, scratch : Path
    evidence : mapping of str to Path, optional
        Files to attach, by the names that they bear in the PDF; a note on the last
        page lists them.

    Raises
    ------
    ManuscriptError
        What typst refuses, among it whatever PDF/UA-1 forbids; a font that is
        not in the project.
    """
    settings = article.metadata("typst")
    vector = settings.get("fig-format") != "png"
    source = scratch / f"{article.document.stem}.typ"
    source.write_text(
        (TEMPLATES / "definitions.typ").read_text("utf-8")
        + write(
            article,
            "typst",
            lambda element: _change(article, element, scratch, vector),
            scratch,
            [
                *("--template", str(template(article, "typst", scratch))),
                f"--shift-heading-level-by={-shift(article)}",
                *_title(article, scratch),
            ],
        )
        + attached(evidence or {}, scratch),
        "utf-8",
    )
    folders = [
        article.project.root / path for path in as_list(settings.get("font-paths"))
    ]
    if any(pandoc.elements(article.blocks, "Callout")):
        icons.write_font(scratch)
        folders.append(scratch)
    try:
        made = typeset(source, folders, article.epoch)
    except TypesettingError as error:
        refuse(_lacking(article, error.letters))
        raise _refused(article, error.message, error.hints) from error
    for warning in made.warnings:
        if _MISSING_FONT.match(warning):
            raise _refused(
                article,
                warning,
                ["put it into the project and name its folder in `font-paths`"],
            )
    target = directory / f"{article.document.stem}.pdf"
    target.write_bytes(with_row_headers(made.pdf))
    return target


def attached(files: Mapping[str, Path], scratch: Path) -> str:
    """Return the typst that attaches files to a PDF and says so where it ends.

    Parameters
    ----------
    files : mapping of str to Path
        By the names that they bear in the PDF.
    scratch : Path
        Where typst finds them; they are copied there.
    """
    if not files:
        return ""
    lines = []
    for name, path in files.items():
        copy = scratch / "attached" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        kind, what = _EVIDENCE[path.suffix]
        lines.append(
            f'#pdf.attach({_quoted(name)}, read("attached/{name}", encoding: none), '
            f'relationship: "data", mime-type: "{kind}", description: "{what}")'
        )
    names = ", ".join(files)
    said = f"{_CARRIES} {names}. {_LISTED}"
    # After what floats, so that it stands on the last page.
    flush = "#place.flush()"
    note = f"#block(above: 1.5em)[#set text(size: 7.5pt)\n#text({_quoted(said)})]"
    return "\n\n" + "\n".join([flush, note, *lines]) + "\n"


def _title(article: Article, scratch: Path) -> list[str]:
    """Give a document without title the one that PDF/UA wants, whatever prints it."""
    if not article.stand_in:
        return []
    above = scratch / "title.typ"
    above.write_text(f"#set document(title: {_quoted(article.stand_in)})\n", "utf-8")
    return [f"--include-before-body={above}"]


def _refused(article: Article, message: str, hints: list[str]) -> ManuscriptError:
    mend = "; ".join(hints) or "correct the source or the typst template"
    if lost := _LOST.search(message):
        file, line, _ = article.document.at(rf"(#{re.escape(lost[1])})(?![\w-])")
        what = f"a link leads to `#{lost[1]}`, and nothing in the document bears it"
        return ManuscriptError(file, line, what, "correct it, or name its goal so")
    return ManuscriptError(article.document.path, 1, f"typst: {message}", mend)


def _lacking(article: Article, letters: Sequence[str]) -> list[ManuscriptError]:
    """Name the letters that no font has by the lines where they first stand."""
    lines: dict[tuple[str, int], list[str]] = {}
    for letter in letters:
        file, line, _ = article.document.at(re.escape(letter))
        lines.setdefault((file, line), []).append(f"`{letter}`")
    return [
        ManuscriptError(
            *place,
            f"no font has {', '.join(lacking)}",
            "put a font file that has it into a folder of `font-paths`",
        )
        for place, lacking in sorted(lines.items())
    ]


def _change(
    article: Article, element: Node, scratch: Path, vector: bool
) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            content = element["c"]
            return _float(article.kinds[content["kind"]], content)
        case "Ref":
            return _reference(article, element["c"])
        case "Math":
            return _formula(element)
        case "Equation":
            return _equation(element["c"])
        case "Panel":
            return element  # written by what holds it
        case "Panels":
            return _panels(element["c"])
        case "Theorem":
            return _theorem(element["c"], dict(article.kinds))
        case "Callout":
            return _callout(element["c"])
        case "Columns":
            return _columns(element["c"])
        case "Box" if not element["c"]["ticked"]:
            return raw("typst", _OPEN_BOX, inline=True)
        case "Box":
            return raw("typst", _TICKED_BOX, inline=True)
        case "PageBreak":
            return raw("typst", "#pagebreak(weak: true)")
        case "Coloured":
            opening = f'#text(fill: rgb("#{element["c"]["colour"]}"))['
            return [
                raw("typst", opening, inline=True),
                *element["c"]["content"],
                raw("typst", "]", inline=True),
            ]
        case "Image":
            if picture := article.picture(element):
                return _picture(element, picture, scratch)
            name, figure = article.figure(element)
            if vector and figure.svg:
                file = scratch / f"{name}.svg"
                file.write_text(figure.svg, "utf-8")
            else:
                file = scratch / f"{name}.png"
                file.write_bytes(article.bitmap(figure))
            alt = _quoted(figure.alt or _UNDESCRIBED)
            return raw("typst", f'#image("{file.name}", alt: {alt})', inline=True)
        case "Table":
            # The float around it is the figure; pandoc would make another.
            element["c"][0][1].append("typst:no-figure")
        case "Span" if HEADING_NUMBER in element["c"][0][1]:
            return []  # typst numbers headings itself
        case "Div" if _CELL_CLASSES & set(element["c"][0][1]):
            blocks: list[Node] = element["c"][1]
            return blocks
    return None


def _float(kind: Kind, content: Node) -> list[Node]:
    supplement = json.dumps(kind.prefix, ensure_ascii=False)
    return [
        raw("typst", "#figure(["),
        *([raw("typst", "#set align(left)")] if kind.key == "lst" else []),
        *content["content"],
        raw("typst", f"], caption: figure.caption(position: {kind.caption}, ["),
        {"t": "Plain", "c": content["caption"]},
        raw(
            "typst",
            f"]), kind: {json.dumps('quarto-float-' + kind.key)}, "
            f"supplement: {supplement})<{content['id']}>",
        ),
    ]


def _formula(element: Node) -> list[Node]:
    """Give a formula the words that PDF/UA wants to be read aloud."""
    alt = _quoted(equations.spoken(element["c"][1]))
    return [
        raw("typst", f"#[#set math.equation(alt: {alt})\n", inline=True),
        element,
        raw("typst", "]", inline=True),
    ]


def _equation(content: Node) -> list[Node]:
    number = f"n => [({content['number']})]"
    named = f"alt: {_quoted(content['alt'])}, numbering: {number}"
    return [
        raw("typst", f"#[#set math.equation({named})\n", inline=True),
        {"t": "Math", "c": [{"t": "DisplayMath"}, content["text"]]},
        raw("typst", f" <{content['id']}>]", inline=True),
    ]


def _panels(content: Node) -> list[Node]:
    blocks = [
        raw("typst", f"#grid(columns: (1fr,) * {content['columns']}, gutter: 1.5em,")
    ]
    for panel in content["content"]:
        label = f"<{panel['c']['id']}>" if panel["c"]["id"] else ""
        blocks += [
            raw("typst", "[#block["),
            *panel["c"]["content"],
            {"t": "Para", "c": panel_caption(panel["c"])},
            raw("typst", f"]{label}],"),
        ]
    return [*blocks, raw("typst", ")")]


def _columns(content: Node) -> list[Node]:
    widths = ", ".join(width or "1fr" for width in content["widths"])
    blocks = [raw("typst", f"#grid(columns: ({widths},),")]
    for column in content["content"]:
        blocks += [raw("typst", "[#block(inset: (right: 1em))["), *column]
        blocks.append(raw("typst", "]],"))
    return [*blocks, raw("typst", ")")]


def _theorem(content: Node, kinds: dict[str, Kind]) -> list[Node]:
    # The full stop is typst's custom; no other format has it, so it is no content.
    stop = raw("typst", "#pdf.artifact[#strong[.]]", inline=True)
    title = [*theorem_title(content, kinds), stop]
    return [
        raw("typst", "#block["),
        *preceded(title, content["content"]),
        raw("typst", f"]<{content['id']}>"),
    ]


def _callout(content: Node) -> list[Node]:
    icon = f'"{icons.GLYPHS[content["type"]]}"' if content["icon"] else "none"
    label = f"<{content['id']}>" if content["id"] else ""
    return [
        raw("typst", f"#callout-box({icon}, ["),
        {"t": "Plain", "c": [{"t": "Strong", "c": content["title"]}]},
        raw("typst", "], ["),
        *content["content"],
        raw("typst", f"]){label}"),
    ]


# PDF/UA wants words for every picture; the render says where they are missing.
_UNDESCRIBED = "No description is given."


def _picture(element: Node, picture: Picture, scratch: Path) -> Node:
    name = f"{element['c'][2][0]}{picture.suffix}"
    (scratch / name).write_bytes(picture.data)
    sizes = [("width", picture.width), ("height", picture.height)]
    written = "".join(f", {key}: {size}" for key, size in sizes if size)
    image = f'image("{name}", alt: {_quoted(picture.alt or _UNDESCRIBED)}{written})'
    return raw("typst", f"#box({image})", inline=True)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _reference(article: Article, content: Node) -> list[Node]:
    if content["kind"] in _OWN or "(" in content["number"]:
        number = re.sub(r" \((\w)\)", r"\1", content["number"])
        return [
            raw("typst", f"#link(<{content['id']}>)[", inline=True),
            *content["prefix"],
            {"t": "Str", "c": number},
            raw("typst", "]", inline=True),
        ]
    # The number is typst's own; a no-break space is its own as well.
    prefix = [part for part in content["prefix"] if part.get("c") != NBSP]
    return [
        raw("typst", f"#ref(<{content['id']}>, supplement: [", inline=True),
        *prefix,
        raw("typst", "])", inline=True),
    ]
