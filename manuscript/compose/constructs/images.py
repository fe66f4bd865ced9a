"""Pictures from files beside the sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from manuscript.compose import pandoc
from manuscript.compose.attributes import get
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.source import Document

_TYPES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif"}
_SIZE = re.compile(r"\d+(\.\d+)?(%|cm|mm|in|pt)")


@dataclass(frozen=True)
class Picture:
    """A picture from a file.

    Attributes
    ----------
    path : str
        Relative to the project.
    alt : str
        What it shows, for readers who cannot see it.
    data : bytes
    type : str
        After ``image/`` in the name of its type.
    width, height : str
        With their unit; empty where the picture's own size holds.
    """

    path: str
    alt: str
    data: bytes
    type: str
    width: str
    height: str

    @property
    def suffix(self) -> str:
        """Of its file."""
        return Path(self.path).suffix


def load(
    document: Document,
    blocks: list[Node],
    known: dict[str, Any],
    root: Path,
    remarks: list[ManuscriptError],
) -> dict[str, Picture]:
    """Read the pictures that a tree shows; their images then bear names.

    Parameters
    ----------
    document : Document
        Where faults are looked up.
    blocks : list of dict
    known : dict
        Figures that cells have made, by the name that images bear.
    root : Path
        The project's folder.
    remarks : list of ManuscriptError
        Takes in pictures without alternative text.

    Raises
    ------
    ManuscriptError
        A picture that is not there or is of a kind that not every format takes,
        a size that typst cannot read.
    """
    pictures: dict[str, Picture] = {}
    for element in pandoc.elements(blocks, "Image"):
        if element["c"][2][0] not in known:
            name = f"picture-{len(pictures) + 1}"
            pictures[name] = _picture(document, element, root, remarks)
            element["c"][2][0] = name
    return pictures


def _picture(
    document: Document, element: Node, root: Path, remarks: list[ManuscriptError]
) -> Picture:
    attributes, inlines, (source, _) = element["c"]
    names = "|".join(map(re.escape, (source, unquote(source))))
    file, line, column = document.at(rf"(\]\(<?(?:{names}))")

    def fault(what: str, mend: str) -> ManuscriptError:
        where = f" (column {column})" if column else ""
        return ManuscriptError(file, line, f"picture `{source}`{where} {what}", mend)

    path = (root / unquote(source).lstrip("/")).resolve()
    if "://" in source or source.startswith("data:"):
        raise fault("lies elsewhere", "put it into the project")
    if not path.is_relative_to(root.resolve()):
        raise fault("lies outside the project", "put it into the project")
    if path.suffix.lower() not in _TYPES:
        kinds = "PNG, JPEG or GIF"
        raise fault("is of a kind that not every format takes", f"save it as {kinds}")
    try:
        data = path.read_bytes()
    except (OSError, ValueError):
        raise fault("cannot be read", "correct its name") from None
    if not _is_whole(data, _TYPES[path.suffix.lower()]):
        mend = "save it again, under the ending of its kind"
        raise fault("is damaged, or of another kind than its name says", mend)
    alt = get(attributes, "fig-alt") or get(attributes, "alt") or pandoc.plain(inlines)
    if not alt.strip():
        mend = """say what it shows: {fig-alt="..."}"""
        remarks.append(fault("has no alternative text", mend))
    sizes = {}
    for name in ("width", "height"):
        size = sizes[name] = get(attributes, name) or ""
        if size and not _SIZE.fullmatch(size):
            mend = "write it with %, cm, mm, in or pt"
            raise fault(f"has `{name}` {size}, which a PDF cannot take", mend)
    return Picture(
        path.relative_to(root.resolve()).as_posix(),
        " ".join(alt.split()),
        data,
        _TYPES[path.suffix.lower()],
        sizes["width"],
        sizes["height"],
    )


def _is_whole(data: bytes, kind: str) -> bool:
    """Whether a picture is of its kind and can be read to its end."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
