"""Signs of callouts, drawn here: a font for PDF, pictures for Word.

Their places in the font are those at which icon fonts have signs of this meaning.
They are decoration, and no format's reader hears them.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final

GLYPHS: Final = {
    "note": "\uf129",
    "tip": "\uf0eb",
    "warning": "\uf071",
    "important": "\uf12a",
    "caution": "\uf06d",
}
FONT: Final = "Callout Signs"
_EPOCH: Final = 3786912000  # 2024-01-01, in seconds since 1904
TITLE: Final = "icon"  # of the picture in Word

Outline = tuple[tuple[int, int], ...]

# In a square of 1000 units, y upwards; each is filled, and none lies in another.
_OUTLINES: Final[dict[str, tuple[Outline, ...]]] = {
    "note": (
        ((430, 720), (570, 720), (570, 860), (430, 860)),
        ((380, 100), (620, 100), (620, 180), (570, 180), (570, 600), (380, 600),
         (380, 520), (430, 520), (430, 180), (380, 180)),
    ),
    "tip": (
        ((380, 60), (620, 60), (620, 140), (380, 140)),
        ((380, 190), (620, 190), (640, 330), (760, 460), (800, 620), (740, 780),
         (600, 870), (400, 870), (260, 780), (200, 620), (240, 460), (360, 330)),
    ),
    "warning": (
        ((500, 900), (960, 80), (40, 80), (500, 900), (500, 740), (180, 160),
         (820, 160), (500, 740)),
        ((460, 330), (540, 330), (550, 560), (450, 560)),
        ((455, 210), (545, 210), (545, 290), (455, 290)),
    ),
    "important": (
        ((440, 320), (560, 320), (600, 880), (400, 880)),
        ((420, 80), (580, 80), (580, 240), (420, 240)),
    ),
    "caution": (
        ((500, 60), (680, 140), (760, 300), (740, 470), (620, 640), (600, 500),
         (540, 700), (420, 900), (430, 660), (300, 520), (240, 340), (320, 140)),
    ),
}  # fmt: skip


def write_font(folder: Path) -> None:
    """Write the font of the signs into a folder."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *GLYPHS])
    builder.setupCharacterMap({ord(sign): name for name, sign in GLYPHS.items()})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for name, outlines in _OUTLINES.items():
        pen = TTGlyphPen(None)
        for outline in outlines:
            pen.moveTo(outline[0])
            for point in outline[1:]:
                pen.lineTo(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    names = {"familyName": FONT, "styleName": "Regular", "psName": "CalloutSigns"}
    builder.setupNameTable(names)
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-100, usWinAscent=900)
    builder.setupPost()
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    builder.save(folder / "callout-signs.ttf")


@cache
def bitmap(name: str) -> bytes:
    """Return a sign as PNG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for outline in _OUTLINES[name]:
        draw.polygon([(x / 5, 200 - y / 5) for x, y in outline], fill=(70, 84, 96, 255))
    written = io.BytesIO()
    picture.resize((50, 50), Image.Resampling.LANCZOS).save(written, "png")
    return written.getvalue()
