"""How full the pages of a PDF are."""

from __future__ import annotations

import ctypes
import itertools

import numpy as np
import pypdfium2
from pypdfium2 import raw

# Of a page: running head and folio, and a band that is no gap but a space.
_HEAD, _FOOT, _SPACE = 0.07, 0.94, 0.04


def emptiness(pdf: bytes) -> list[float]:
    """Return which share of each page is empty bands across it.

    Bands lower than the space between a figure and the text are not counted, at the
    foot of a page as little as within it.
    """
    shares = []
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=0.5, grayscale=True).to_numpy().squeeze()
        inner = image[int(image.shape[0] * _HEAD) : int(image.shape[0] * _FOOT)]
        inked = np.flatnonzero((inner < 245).any(axis=1))
        bands = [
            below - above - 1
            for above, below in itertools.pairwise([-1, *inked, len(inner)])
        ]
        empty = sum(band for band in bands if band > _SPACE * len(inner))
        shares.append(empty / len(inner))
    return shares


def column_ends(pdf: bytes, *, font: str) -> list[list[float]]:
    """Return how far above the foot letters of a font end in each page's columns."""
    ends = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        lowest: dict[bool, float] = {}
        for at in range(text.count_chars()):
            if font in _font(text, at):
                left, bottom, _, _ = text.get_charbox(at)
                second = left > page.get_width() / 2
                lowest[second] = min(lowest.get(second, bottom), bottom)
        ends.append([lowest[second] for second in sorted(lowest)])
    return ends


def _font(text: pypdfium2.PdfTextPage, at: int) -> str:
    name = ctypes.create_string_buffer(100)
    raw.FPDFText_GetFontInfo(text.raw, at, name, 100, ctypes.c_int())
    return name.value.decode()
