"""What is handled, said by those who handle it; all else is refused by name.

A list of what is known and not of what is forbidden: whatever Quarto may make of a
class, an attribute or an element that nobody here has heard of, it is not passed
over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document, as_list

# Where the attributes of an element stand.
ATTRIBUTES = {
    **dict.fromkeys(("Div", "Span", "Link", "Image", "Code", "CodeBlock"), 0),
    **dict.fromkeys(("Table", "Figure"), 0),
    "Header": 1,
}
# pandoc's own, of which every writer knows the meaning.
_PLAIN = frozenset(
    (
        *("Plain", "Para", "LineBlock", "BlockQuote", "HorizontalRule"),
        *("OrderedList", "BulletList", "DefinitionList"),
        *("Str", "Emph", "Underline", "Strong", "Strikeout", "Superscript"),
        *("Subscript", "SmallCaps", "Quoted", "Cite", "Space", "SoftBreak"),
        *("LineBreak", "Math", "Note"),
    )
)
# Attributes of kinds and numbers rather than elements.
_PARTS = re.compile(
    r"Align\w+|ColWidth\w*|\w+Quote|(?:Display|Inline)Math|AuthorInText"
    r"|SuppressAuthor|NormalCitation|DefaultStyle|DefaultDelim|Example|Decimal"
    r"|(?:Lower|Upper)(?:Alpha|Roman)|Period|OneParen|TwoParens"
)
# Names that begin so are Quarto's, whatever a project's own files say of them.
_QUARTOS = re.compile(r"(callout|panel|column|content|code|quarto|layout|cell|thm)\b")
# Classes to which Quarto or pandoc gives a meaning. Any other is decoration: no
# format has other words for it, and none has to be declared.
_MEANT = re.compile(
    r"(?:callout|panel|columns?|content|code|quarto|layout|cell|thm|margin|page"
    r"|body|screen|footnotes?|csl|citations?|references|include|task|slide|tabset)"
    r"(?:-[\w-]+)?"
    r"|aside|hidden|d-none|visually-hidden|sr-only|landscape|incremental|unlisted"
    r"|nonincremental|fragment|notes|notes-container|speaker|lightbox|absolute"
    r"|numberLines|number-lines|lineAnchors|line-anchors|numbered|unnumbered|math"
    r"|proof|remark|solution|theorem|lemma|corollary|proposition|conjecture"
    r"|definition|example|exercise|algorithm|allowframebreaks|appendix|kbd|menu"
    r"|line-block|section|smallcaps|sc|ul|underline|mark|hl|figure|listing"
    r"|hanging-indent|tip|warning|note|important|caution|verbatim|glossary|index"
    r"|insertion|deletion|comment-start|comment-end|paragraph-\w+|abstract|video"
    r"|\w+-(?:visible|hidden|only)"
)
# How wide something stands on a page with margins, which none here has.
_WIDE = re.compile(r"column-(?:body|page|screen)(?:-(?:inset|outset|left|right))*")
# For scripts of a page; no format gives such attributes words.
_DATA = re.compile(r"data-")
_CSS_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_LUA_STRING = re.compile(r"[\"']([A-Za-z][\w-]*)[\"']")


@dataclass(frozen=True)
class Handles:
    """What a module handles of an element.

    Attributes
    ----------
    classes, attributes : frozenset of str
        Names.
    any_class : bool
        Whether the first class may be anything, as the language of code.
    """

    classes: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    any_class: bool = False


def handles(
    classes: Iterable[str] = (), attributes: Iterable[str] = (), any_class: bool = False
) -> Handles:
    """Say what a module handles of an element."""
    return Handles(frozenset(classes), frozenset(attributes), any_class)


Declared = Mapping[str, Handles]

# As this press wraps what cells put out.
_CELL = (
    *("cell", "cell-output", "cell-output-display", "cell-output-stdout"),
    *("cell-output-markdown", "cell-output-stderr", "cell-output-error"),
)
_TONGUE = ("lang", "dir")

# What pandoc itself carries into every format.
PANDOCS: Declared = {
    "Div": handles(_CELL, (*_TONGUE, "custom-style")),
    "Span": handles(
        # A number typed on purpose is for the checks to read, and its reason.
        ("smallcaps", "underline", "mark", "kbd", "dfn", "typed"),
        (*_TONGUE, "custom-style", "reason"),
    ),
    "Header": handles(("unnumbered", "unlisted"), _TONGUE),
    "Link": handles(("uri", "email"), ("target", "rel")),
    "Code": handles(any_class=True),
    "CodeBlock": handles(("cell-code",), any_class=True),
    "Table": handles(),
}


def check(
    document: Document,
    blocks: list[Node],
    declared: Iterable[Declared],
    own: frozenset[str],
) -> None:
    """Refuse what nobody handles.

    Parameters
    ----------
    document : Document
        Where faults are looked up.
    blocks : list of dict
        pandoc's tree.
    declared : iterable of mapping
        What each module handles, by the name of the element.
    own : frozenset of str
        Classes that the project's own styles, filters and templates name.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Each name with its file, line and column.
    """
    listed = list(declared)
    faults: dict[str, ManuscriptError] = {}
    for element in pandoc.elements(blocks):
        for fault in _faults(document, element, listed, own):
            faults.setdefault(str(fault), fault)
    refuse([*faults.values()])


def project_classes(root: Path, settings: Mapping[str, Any]) -> frozenset[str]:
    """Names of classes that a project's own files give a meaning."""
    names: set[str] = set()
    keys = ("css", "filters", "template-partials", "include-after-body")
    for key in (*keys, "include-in-header", "include-before-body"):
        for name in as_list(settings.get(key)):
            path = root / str(name)
            if path.is_file():
                pattern = _LUA_STRING if path.suffix == ".lua" else _CSS_CLASS
                names.update(pattern.findall(path.read_text("utf-8")))
    return frozenset(name for name in names if not _QUARTOS.match(name))


def _faults(
    document: Document, element: Node, declared: list[Declared], own: frozenset[str]
) -> Iterator[ManuscriptError]:
    kind = element["t"]
    if kind in _PLAIN or _PARTS.fullmatch(kind):
        return
    said = [each[kind] for each in declared if kind in each]
    if not said:
        pattern, shown = _spelled(element)
        yield _fault(document, pattern, f"{shown} is not supported")
        return
    if kind not in ATTRIBUTES:
        return
    _, classes, pairs = element["c"][ATTRIBUTES[kind]]
    if classes[:1] == ["value"] or classes[:1] == ["claim"]:
        return
    first = any(each.any_class for each in said)
    for number, name in enumerate(classes):
        if any(name in each.classes for each in said) or name in own:
            continue
        if not _MEANT.fullmatch(name) or _WIDE.fullmatch(name):
            continue
        if not (first and number == 0):
            place = rf"(?:\.|:::+[ \t]*|class=\"[^\"]*)({re.escape(name)})(?![\w-])"
            yield _fault(document, place, f"class `{name}` is not supported")
    for name, _ in pairs:
        if not any(name in each.attributes for each in said) and not _DATA.match(name):
            place = rf"({re.escape(name)})\s*="
            yield _fault(document, place, f"attribute `{name}` is not supported")


def _spelled(element: Node) -> tuple[str, str]:
    if element["t"] in ("RawInline", "RawBlock"):
        format_, text = element["c"]
        first = text.strip().split("\n")[0]
        names = {"html": "HTML", "tex": "TeX"}
        shown = f"`{first[:40]}` in {names.get(format_, format_)}"
        return re.escape(first), shown
    return "$^", f"a {element['t']}"


def _fault(document: Document, pattern: str, what: str) -> ManuscriptError:
    mend = "remove it, or render with Quarto (--engine quarto)"
    return document.fault(pattern, what, mend)
