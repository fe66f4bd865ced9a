"""Whether every citation has its entry in the bibliography."""

from __future__ import annotations

import json
import re
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document, Project, as_list

_BIB_ENTRY = re.compile(r"^\s*@(?!comment|preamble|string)\w+\s*[{(]\s*([^,\s]+)", re.M)


def check(project: Project, document: Document, blocks: list[Node]) -> None:
    """Refuse citations of entries that the bibliography lacks.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Each unknown key with the nearest known ones; a bibliography that
        cannot be read.
    """
    cited = [
        citation["citationId"]
        for element in pandoc.elements(blocks)
        if element["t"] == "Cite"
        for citation in element["c"][0]
    ]
    if not cited:
        return
    bibliography = project.metadata(document, "html").get("bibliography")
    known = {key for path in as_list(bibliography) for key in keys(project.root, path)}
    faults = []
    for key in dict.fromkeys(cited):
        if key not in known:
            file, line = document.find(f"@{key}")
            what = f"citation `@{key}` is not in the bibliography"
            faults.append(ManuscriptError(file, line, what, _nearest(key, known)))
    refuse(faults)


def keys(root: Path, path: str) -> set[str]:
    """Keys of a bibliography in BibTeX (``.bib``) or CSL-JSON (``.json``)."""
    text = (root / path).read_text("utf-8-sig")
    if not path.endswith(".json"):
        return set(_BIB_ENTRY.findall(text))
    try:
        return {str(entry["id"]) for entry in json.loads(text)}
    except (ValueError, KeyError, TypeError) as error:
        line = getattr(error, "lineno", 1)
        what = f"not CSL-JSON: {error}"
        mend = "write a list of entries, each with an `id`"
        raise ManuscriptError(path, line, what, mend) from error


def _nearest(key: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, sorted(known))
    return f"did you mean {' or '.join(near)}?" if near else "add an entry for it"
