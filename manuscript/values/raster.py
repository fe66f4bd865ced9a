"""Bitmaps of figures: drawn from their SVG, by one rasteriser with the files of fonts.

What draws PDFs draws them too: a figure is laid out once for all formats, looks in
Word as in the PDF, and has the same pixels whatever Python and fonts a machine has.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typst import Fonts

_SHEET = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")
"""
_SIGNATURE_AND_HEADER = 33  # bytes of a PNG
_METRE = 100 / 2.54  # inches


class UndrawableError(ValueError):
    """An SVG that cannot be drawn; says why."""


def rasterized(svg: str, dpi: int, fonts: Iterable[Path] = ()) -> bytes:
    """Return an SVG as PNG on white.

    Parameters
    ----------
    svg : str
        With a size of its own.
    dpi : int
        Pixels per inch.
    fonts : iterable of Path
        Font files for its text, or folders of them; after them matplotlib's own.

    Raises
    ------
    UndrawableError
        When it is no SVG.

    Examples
    --------
    >>> square = '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"/>'
    >>> rasterized(square, 96)[1:4]
    b'PNG'
    """
    # Loaded with the first bitmap: values are asked for without any.
    import typst

    try:
        drawn = typst.compile(
            _SHEET,
            font_paths=_found((*fonts, *_matplotlib())),
            format="png",
            ppi=float(dpi),
            sys_inputs={"svg": svg},
        )
    except typst.TypstError as error:
        raise UndrawableError(error.message) from error
    if not isinstance(drawn, bytes):
        raise UndrawableError("it has no size")
    return _sized(drawn, dpi)


@lru_cache(maxsize=8)
def _found(paths: tuple[Path, ...]) -> Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[*paths])


def _matplotlib() -> list[Path]:
    """Folder of the fonts that matplotlib brings, without loading it."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        return []
    return [Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"]


def _sized(png: bytes, dpi: int) -> bytes:
    """Let a PNG say how large it is on paper (chunk ``pHYs`` of its standard)."""
    metre = round(dpi * _METRE)
    content = b"pHYs" + struct.pack(">IIB", metre, metre, 1)
    chunk = struct.pack(">I", len(content) - 4) + content
    chunk += struct.pack(">I", zlib.crc32(content))
    return png[:_SIGNATURE_AND_HEADER] + chunk + png[_SIGNATURE_AND_HEADER:]
