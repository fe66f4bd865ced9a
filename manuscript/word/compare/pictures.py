"""Pictures compared by what can be seen of them."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image

from manuscript.word.package import Picture

_SIDE: Final = 32  # pixels to which pictures are reduced
_FARTHEST: Final = 6.0  # mean distance of their greys, of 255
_MOST_PIXELS: Final = 60_000_000


def alike(one: Picture | None, other: Picture | None) -> bool:
    """Tell whether two pictures show the same, however each was saved."""
    if one is None or other is None:
        return False
    shown = [_reduced(one.content), _reduced(other.content)]
    if not all(shown):
        return False
    distance: int = sum(abs(a - b) for a, b in zip(*shown, strict=True))
    return distance < _FARTHEST * _SIDE**2


def _reduced(content: bytes) -> bytes:
    """Return the greys of a small copy; empty for what is no picture."""
    try:
        with Image.open(BytesIO(content)) as image:
            if image.width * image.height > _MOST_PIXELS:
                return b""
            flat = Image.new("RGBA", image.size, "white")
            flat.alpha_composite(image.convert("RGBA"))
            return flat.convert("L").resize((_SIDE, _SIDE)).tobytes()
    except (OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return b""
