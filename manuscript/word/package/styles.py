"""Looks and roles that the styles and lists of a Word file give."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from manuscript.word.package.model import Run
from manuscript.word.package.parts import Package, W, tag

_VALUE: Final = "computedvalue"
_CLAIM: Final = "claim"
_HEADING: Final = re.compile(r"^heading([1-9])$")
_OFF: Final = ("0", "false", "off", "none")
_DEEPEST: Final = 12  # styles that rest on styles
_TOGGLES: Final = {
    "w:strike": "struck through",
    "w:dstrike": "struck through",
    "w:caps": "in capitals",
    "w:smallCaps": "in small capitals",
    "w:vanish": "hidden",
    "w:u": "underlined",
    "w:highlight": "highlighted",
}
# Styles of characters that programs set by themselves; what else they change of a
# look belongs to links, notes and values.
_OWN: Final = re.compile(
    r"^(?:computedvalue|claim|hyperlink|followedhyperlink|internetlink|visited.*"
    r"|verbatimchar|.*token|strong|emphasis|.*reference|.*char|.*characters?"
    r"|defaultparagraphfont|default.*|listlabel.*|normal|linenumber|pagenumber"
    r"|placeholdertext|unresolvedmention|.*anchor)$"
)


_NO_LOOK: Final = Run("")


@dataclass(frozen=True)
class Style:
    """A style by its name, in lower case without spaces.

    Attributes
    ----------
    name : str
    look : Run
        Of its characters, without text.
    heading : int
        Level of the heading that it makes; 0 for others.
    list : str
        Number of the list that it makes.
    """

    name: str = ""
    look: Run = _NO_LOOK
    heading: int = 0
    list: str = ""


class Styles:
    """Styles and lists of a file.

    Parameters
    ----------
    package : Package
    """

    def __init__(self, package: Package) -> None:
        root = package.xml("word/styles.xml")
        self._elements = {
            each.get(tag("w:styleId"), ""): each
            for each in (() if root is None else root.iterchildren(tag("w:style")))
        }
        self._known: dict[str, Style] = {}
        self._lists = dict(_lists(package))

    def of(self, element: etree._Element | None) -> Style:
        """Return the style that ``w:pStyle`` or ``w:rStyle`` names."""
        name = "" if element is None else element.get(tag("w:val"), "")
        return self._style(name) if name else Style()

    def _style(self, identity: str, depth: int = 0) -> Style:
        if identity in self._known:
            return self._known[identity]
        element = self._elements.get(identity)
        if element is None or depth > _DEEPEST:
            return _named(Style(spelled(identity)))
        under = element.find("w:basedOn", W)
        base = Style()
        if under is not None and under.get(tag("w:val")) != identity:
            base = self._style(under.get(tag("w:val"), ""), depth + 1)
        named = element.find("w:name", W)
        name = identity if named is None else named.get(tag("w:val"), identity)
        look = base.look
        if element.get(tag("w:type")) == "character":
            look = look_of(element.find("w:rPr", W), look)
        number = element.find("w:pPr/w:numPr/w:numId", W)
        style = Style(
            spelled(name),
            look,
            base.heading,
            base.list if number is None else number.get(tag("w:val"), ""),
        )
        self._known[identity] = style = _named(style)
        return style

    def first_row(self, table: etree._Element) -> Run:
        """Return the look that the style of a table gives its first row."""
        named = table.find("w:tblPr/w:tblStyle", W)
        style = self._elements.get("" if named is None else named.get(tag("w:val"), ""))
        look = _NO_LOOK
        for part in () if style is None else style.iterchildren(tag("w:tblStylePr")):
            if part.get(tag("w:type")) == "firstRow":
                look = look_of(part.find("w:rPr", W), look)
        return look

    def run(self, element: etree._Element, look: Run) -> Run:
        """Return the look of a run within a look."""
        properties = element.find("w:rPr", W)
        if properties is None:
            return look
        style = self.of(properties.find("w:rStyle", W))
        if style.name:
            own = _OWN.match(style.name)
            other = style.look.other if not own else frozenset()
            plain = not (style.look.bold or style.look.italic or style.look.script)
            if not own and plain and not other:
                other = frozenset({f"in the style “{style.name}”"})
            look = replace(
                look,
                bold=look.bold or style.look.bold,
                italic=look.italic or style.look.italic,
                script=look.script or style.look.script,
                computed=look.computed or style.name == _VALUE,
                claim=look.claim or style.name == _CLAIM,
                other=look.other | other,
            )
        look = look_of(properties, look)
        if "link" in style.name or look.link or look.anchor:
            look = replace(look, other=look.other - {"underlined"})
        return look

    def bullet(
        self, properties: etree._Element | None, style: Style
    ) -> tuple[str, int]:
        """Tell what marks a paragraph as an item of a list, and its level."""
        number, level = style.list, 0
        if properties is not None:
            own = properties.find("w:numPr/w:numId", W)
            depth = properties.find("w:numPr/w:ilvl", W)
            number = number if own is None else own.get(tag("w:val"), "")
            said = "0" if depth is None else depth.get(tag("w:val"), "0")
            level = int(said) if said.isdigit() and len(said) < 3 else 0
        unknown = "bullet" if number not in ("", "0") else ""
        return self._lists.get((number, level), unknown), level


def _named(style: Style) -> Style:
    heading = _HEADING.match(style.name)
    return replace(style, heading=int(heading[1])) if heading else style


def look_of(properties: etree._Element | None, look: Run) -> Run:
    """Return the look that properties of a run give within a look."""
    if properties is None:
        return look
    changes: dict[str, object] = {}
    other = set(look.other)
    for child in properties:
        name = child.tag
        if name == tag("w:b"):
            changes["bold"] = _is_on(child)
        elif name == tag("w:i"):
            changes["italic"] = _is_on(child)
        elif name == tag("w:vertAlign"):
            said = child.get(tag("w:val"), "")
            changes["script"] = {"superscript": "super", "subscript": "sub"}.get(
                said, ""
            )
        elif name in _NAMED:
            (other.add if _is_on(child) else other.discard)(_NAMED[name])
    return replace(look, **changes, other=frozenset(other))  # type: ignore[arg-type]


_NAMED: Final = {tag(name): said for name, said in _TOGGLES.items()}


def spelled(name: str) -> str:
    """Spell the name of a style in lower case without spaces."""
    return "".join(name.split()).lower()


def _is_on(toggle: etree._Element) -> bool:
    return toggle.get(tag("w:val"), "1") not in _OFF


def _lists(package: Package) -> list[tuple[tuple[str, int], str]]:
    """List what marks the items of each list and level."""
    root = package.xml("word/numbering.xml")
    if root is None:
        return []
    kinds: dict[str, list[tuple[int, str]]] = {}
    for abstract in root.iterchildren(tag("w:abstractNum")):
        levels = []
        for level in abstract.iterchildren(tag("w:lvl")):
            said = level.get(tag("w:ilvl"), "0")
            form = level.find("w:numFmt", W)
            sign = level.find("w:lvlText", W)
            kind = "number" if form is None else form.get(tag("w:val"), "")
            shown = "" if sign is None else sign.get(tag("w:val"), "")
            if kind == "none" or not shown.strip():
                kind = ""
            elif kind != "bullet":
                kind = "number"
            levels.append((int(said) if said.isdigit() else 0, kind))
        kinds[abstract.get(tag("w:abstractNumId"), "")] = levels
    found = []
    for number in root.iterchildren(tag("w:num")):
        abstract_id = number.find("w:abstractNumId", W)
        used = "" if abstract_id is None else abstract_id.get(tag("w:val"), "")
        for level_number, kind in kinds.get(used, ()):
            found.append(((number.get(tag("w:numId"), ""), level_number), kind))
    return found
