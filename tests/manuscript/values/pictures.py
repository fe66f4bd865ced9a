"""What a reader sees of a picture: its lettering, and whether any of it collides."""

from __future__ import annotations

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from manuscript.values.picture import Picture

DPI = 288


def lettering(picture: Picture) -> list[Text]:
    return [text for text in picture.figure.findobj(Text) if text.get_text()]


def printed(picture: Picture) -> list[str]:
    return [text.get_text() for text in lettering(picture)]


def boxes(picture: Picture) -> list[tuple[str, Bbox]]:
    """Each text with its box in points, from the lower left corner."""
    picture.figure.set_dpi(DPI)
    renderer = FigureCanvasAgg(picture.figure).get_renderer()
    scale = 72 / DPI
    return [
        (
            text.get_text(),
            Bbox(text.get_window_extent(renderer, dpi=DPI).get_points() * scale),
        )
        for text in lettering(picture)
    ]


def collisions(picture: Picture, slack: float = 0.6) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than ``slack`` points."""
    return [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes(picture), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack
        and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]


def outside(picture: Picture) -> list[str]:
    """Texts that the edge of the page would cut."""
    width, height = picture.figure.get_size_inches() * 72
    return [
        text
        for text, box in boxes(picture)
        if box.x0 < -0.1
        or box.y0 < -0.1
        or box.x1 > width + 0.1
        or box.y1 > height + 0.1
    ]


def size_in_mm(picture: Picture) -> tuple[float, float]:
    width, height = picture.figure.get_size_inches() * 25.4
    return float(width), float(height)
