"""The whole of what authors write, from pandoc's tree to numbered nodes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.compose import pandoc
from manuscript.compose.constructs import (
    annotated,
    callouts,
    colours,
    columns,
    conditional,
    equations,
    floats,
    folding,
    images,
    known,
    lookalikes,
    rawhtml,
    shortcodes,
    tabs,
    tasks,
    theorems,
)
from manuscript.compose.constructs.images import Picture
from manuscript.compose.numbering import kinds
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document, Project, Shortcode, printed, settings

DECLARED = (
    *(known.PANDOCS, shortcodes.HANDLES, rawhtml.HANDLES, conditional.HANDLES),
    *(callouts.HANDLES, theorems.HANDLES, equations.HANDLES, floats.HANDLES),
    *(folding.HANDLES, colours.HANDLES, tabs.HANDLES, columns.HANDLES),
)
VARIABLES = "_variables.yml"

_PLAIN_WORDS = re.compile(r"[\w ,;:()%/+-]*")


@dataclass(frozen=True)
class Written:
    """A tree of this room's nodes, and the pictures that it names.

    Remarks tell what Quarto prints with a mark, or drops, in every format alike.
    """

    blocks: list[Node]
    pictures: dict[str, Picture]
    remarks: list[ManuscriptError]


def understand(
    project: Project,
    document: Document,
    blocks: list[Node],
    aside: list[Shortcode],
    figures: Mapping[str, Any],
) -> Written:
    """Make nodes of what an author has written.

    Parameters
    ----------
    project : Project
    document : Document
    blocks : list of dict
        pandoc's tree.
    aside : list of Shortcode
        Those for which tokens stand in it.
    figures : mapping
        Figures that cells have made, by the name that images bear.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever nobody handles, with its name and place.
    """
    root = project.root
    metadata = project.metadata(document, "html")
    lang = str(metadata.get("lang") or "en")
    read = reader(root)
    remarks: list[ManuscriptError] = []
    lookup = printer(project, document, remarks)
    blocks = shortcodes.put_back(blocks, aside, lookup, read)
    blocks = rawhtml.convert(document, blocks, root, remarks)
    own = known.project_classes(
        root, {key: _everywhere(project, document, key) for key in _NAMING}
    )
    known.check(document, blocks, DECLARED, own)
    blocks = annotated.mark(blocks, lang)
    lookalikes.check(document, blocks)
    said = json.dumps(blocks, ensure_ascii=False)

    def holds(words: Iterable[str]) -> bool:
        """Whether to look for what bears one of these words: most trees do not."""
        return any(word in said for word in words)

    if holds(('"style"',)):
        blocks = colours.mark(document, blocks)
    if holds(("content-",)):
        blocks = conditional.mark(document, blocks, metadata)
    if holds((folding.CLASS,)):
        blocks = folding.mark(blocks)
    if holds(tasks.BOXES):
        blocks = tasks.mark(blocks)
    if holds(("column", '"width"')):
        blocks = columns.mark(document, blocks)
    if holds(("panel-tabset",)):
        blocks = tabs.mark(document, blocks, bool(metadata.get("number-sections")))
    if holds(("callout",)):
        blocks = callouts.mark(blocks, lang)
    labels = (*theorems.KINDS, *theorems.LABELLED)
    if holds((*theorems.PROOFS, *(f'"{label}-' for label in labels))):
        blocks = theorems.mark(blocks, lang)
    if holds(('"DisplayMath"',)):
        blocks = equations.mark(blocks)
    blocks = floats.mark(document, blocks, kinds(metadata), read)
    pictures = images.load(document, blocks, dict(figures), root, remarks)
    return Written(blocks, pictures, remarks)


_NAMING = (
    *("css", "filters", "template-partials"),
    *("include-in-header", "include-before-body", "include-after-body"),
)


def _everywhere(project: Project, document: Document, key: str) -> list[Any]:
    """Files that a setting names in any format."""
    found: list[Any] = []
    for to in project.formats_of(document):
        found += settings.as_list(project.metadata(document, to).get(key))
    paths = (one.get("path") if isinstance(one, Mapping) else one for one in found)
    return list(dict.fromkeys(map(str, paths)))


def reader(root: Path) -> Callable[[str], list[Node]]:
    """Return what reads Markdown as inlines."""

    def read(text: str) -> list[Node]:
        if _PLAIN_WORDS.fullmatch(text):
            return pandoc.words(text)
        tree = json.loads(pandoc.run(("-f", "markdown", "-t", "json"), text, root))
        inlines: list[Node] = []
        for block in tree["blocks"]:
            if block["t"] not in ("Para", "Plain"):
                return pandoc.words(text)
            inlines += [{"t": "Space"}] if inlines else []
            inlines += block["c"]
        return inlines

    return read


def printer(
    project: Project, document: Document, remarks: list[ManuscriptError]
) -> Callable[[Shortcode], str]:
    """Return what finds the value that a shortcode prints.

    Where there is no such value the function remarks it, and prints Quarto's mark.
    """
    metadata = project.metadata(document, "html")
    path = project.root / VARIABLES
    variables: Mapping[str, Any] = {}
    if path.is_file():
        variables = settings.parse(path.read_text("utf-8-sig"), VARIABLES).values

    def show(code: Shortcode) -> str:
        if code.name == "env":
            return _fallback(code, document)
        where = "the settings"
        values: Mapping[str, Any] = metadata
        if code.name == "var":
            where, values = f"`{VARIABLES}`", variables
        key = code.arguments[0] if code.arguments else ""
        if (text := printed(values, key)) is not None:
            return text
        pattern = rf"\{{\{{<\s*{code.name}\s+({re.escape(key)})"
        file, line, _ = document.at(pattern)
        what = f"`{{{{< {code.name} {key} >}}}}` names no text in {where}"
        mend = f"correct the name, or add `{key}`"
        remarks.append(ManuscriptError(file, line, what, mend))
        return f"?{code.name}:{key}"

    return show


def _fallback(code: Shortcode, document: Document) -> str:
    """Return what stands for a variable of the environment that is not set.

    Where it is set to something else, another machine would print other words.
    """
    name, fallback = code.arguments
    if os.environ.get(name, fallback) == fallback:
        return fallback
    file, line, _ = document.at(rf"\{{\{{<\s*env\s+({re.escape(name)})")
    raise ManuscriptError(
        file,
        line,
        f"shortcode `env` prints what the machine says, and `{name}` is set here",
        "write the value, as two renders of one commit must be the same",
    )
