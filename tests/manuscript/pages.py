"""How full the pages of a PDF are."""

from __future__ import annotations

import itertools

import numpy as np
import pypdfium2

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


def column_ends(pdf: bytes, word: str) -> list[list[float]]:
    """Return how far above the foot a word is last read in the columns of each page."""
    ends = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        found = text.search(word)
        lowest: dict[bool, float] = {}
        while (match := found.get_next()) is not None:
            left, bottom, _, _ = text.get_charbox(match[0])
            second = left > page.get_width() / 2
            lowest[second] = min(lowest.get(second, bottom), bottom)
        ends.append([lowest[second] for second in sorted(lowest)])
    return ends
