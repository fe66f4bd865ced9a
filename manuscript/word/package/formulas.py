"""Word's formulas on one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from manuscript.word.package.model import Run
from manuscript.word.package.parts import tag

_PROPERTIES: Final = "Pr"
FORMULA: Final = "a formula, written on one line"


def on_one_line(element: etree._Element, look: Run) -> Iterator[Run]:
    """Yield a formula as runs: a fraction as ``a/b``, powers raised.

    Parameters
    ----------
    element : Element
        ``m:oMath`` or a part of one.
    look : Run
        Of the text around it.
    """
    name = (
        etree.QName(element).localname if isinstance(element.tag, str) else _PROPERTIES
    )
    if name.endswith(_PROPERTIES):
        return
    look = replace(look, other=look.other | {FORMULA})
    if element.tag == tag("m:t"):
        yield replace(look, text=element.text or "")
    elif name == "f":
        yield from _grouped(element, "num", look)
        yield replace(look, text="/")
        yield from _grouped(element, "den", look)
    elif name == "rad":
        yield from _within(element, "deg", replace(look, script="super"))
        yield replace(look, text="√")
        yield from _grouped(element, "e", look)
    elif name in ("sSup", "sSub", "sSubSup"):
        yield from _within(element, "e", look)
        yield from _within(element, "sub", replace(look, script="sub"))
        yield from _within(element, "sup", replace(look, script="super"))
    elif name == "d":
        yield replace(look, text="(")
        yield from _within(element, "e", look)
        yield replace(look, text=")")
    else:
        for child in element:
            yield from on_one_line(child, look)


def _within(element: etree._Element, part: str, look: Run) -> Iterator[Run]:
    for child in element.iterchildren(tag(f"m:{part}")):
        for inner in child:
            yield from on_one_line(inner, look)


def _grouped(element: etree._Element, part: str, look: Run) -> Iterator[Run]:
    runs = list(_within(element, part, look))
    if len("".join(run.text for run in runs).split()) > 1 or len(runs) > 1:
        yield replace(look, text="(")
        yield from runs
        yield replace(look, text=")")
    else:
        yield from runs
