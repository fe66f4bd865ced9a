"""Whether every citation has its entry in the bibliography."""

from __future__ import annotations

from manuscript.compose import pandoc
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError, refuse
from manuscript.source import Document, Project, as_list, read_works


def check(project: Project, document: Document, blocks: list[Node]) -> None:
    """Refuse citations of entries that the bibliography lacks.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Each unknown key with the nearest known ones; a bibliography that
        cannot be read.
    """
    if not (cited := [*pandoc.cited(blocks)]):
        return
    bibliography = project.metadata(document, "html").get("bibliography")
    works = (read_works(project.root, str(path)) for path in as_list(bibliography))
    known = {key for each in works for key in each.keys}
    faults = []
    for key in dict.fromkeys(cited):
        if key not in known:
            file, line = document.find(f"@{key}")
            what = f"citation `@{key}` is not in the bibliography"
            faults.append(ManuscriptError(file, line, what, _nearest(key, known)))
    refuse(faults)


def _nearest(key: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, sorted(known))
    return f"did you mean {' or '.join(near)}?" if near else "add an entry for it"
