"""How every figure looks: sizes, colours, one typeface.

Lettering is Liberation Sans, whose widths are Arial's. It lies in
``partials/fonts`` under its own licence, so that figures are laid out alike on
every machine; typst finds it there through ``font-paths``, and a browser
without it shows Arial or Helvetica at the same widths. Text therefore stays
text in every vector format, as journals ask.

Colours are from Okabe and Ito's palette, which people with any form of colour
blindness can tell apart; meaning never rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import bidirectional

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

ROOT = Path(__file__).resolve().parents[3]
FONTS = ROOT / "partials" / "fonts"
FAMILY = "Liberation Sans"

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Page:
    """Room for a figure, in points.

    Attributes
    ----------
    width : float
    height : float
        Rows of a table stand closer where they would reach beyond it.
    """

    width: float
    height: float

    @classmethod
    def of_mm(cls, width: float, height: float) -> Page:
        """Convert from millimetres, in which journals give their measures.

        Examples
        --------
        >>> Page.of_mm(127, 254)
        Page(width=360.0, height=720.0)
        """
        return cls(width * POINTS_PER_MM, height * POINTS_PER_MM)


BODY = 6.0
SMALL = 5.5
TITLE = 7.0

INK = "#1a1a1a"
MUTED = "#666666"
RULE = "#8c8c8c"
TINT = "#eef2f6"
PAPER = "#ffffff"

BLUE = "#0072b2"
VERMILION = "#d55e00"
GREEN = "#009e73"
SKY = "#56b4e9"


@lru_cache(maxsize=256)
def font(size: float, bold: bool = False) -> FontProperties:
    """Return the typeface at a size in points."""
    from matplotlib.font_manager import FontProperties

    _register()
    families = [FAMILY, *_further()]
    weight = "bold" if bold else "normal"
    return FontProperties(family=families, size=size, weight=weight)


def is_own(string: str) -> bool:
    """Tell whether the figures' own typeface has every letter of a text."""
    return string.isascii() or not _lacking(string, (_own(),))


def unprintable(string: str) -> str:
    """Return the letters of a text that no figure can show, each once.

    Letters that are written from right to left, or that join, are among them: what
    draws figures sets them one by one from left to right.
    """
    if string.isascii():
        return ""
    paths = (_own(), *_further().values())
    odd = {c for c in string if bidirectional(c) in ("R", "AL")}
    return "".join(dict.fromkeys(c for c in string if c in odd or _lacking(c, paths)))


def _lacking(string: str, paths: tuple[Path, ...]) -> bool:
    from matplotlib.font_manager import get_font

    fonts = [get_font(path) for path in paths]
    return any(
        not c.isspace() and not any(font.get_char_index(ord(c)) for font in fonts)
        for c in string
    )


def _own() -> Path:
    return FONTS / "LiberationSans-Regular.ttf"


def _files() -> list[Path]:
    return sorted(FONTS.glob("*.[ot]tf"))


@lru_cache(maxsize=1)
def _further() -> dict[str, Path]:
    """Families of the other font files of the project, for letters of other scripts."""
    from matplotlib.font_manager import get_font

    found: dict[str, Path] = {}
    for path in _files():
        family = get_font(path).family_name
        if family != FAMILY:
            found.setdefault(family, path)
    return found


class UnprintableError(ValueError):
    """A text of a figure with letters that no font file of the project has."""


@lru_cache(maxsize=4096)
def refuse_unprintable(string: str) -> None:
    """Refuse a text that a figure would show as boxes.

    Raises
    ------
    UnprintableError
    """
    if odd := unprintable(string):
        raise UnprintableError(
            f"no font has {' '.join(odd)} of {string!r}, which a figure shows: put a "
            "font file that has them into partials/fonts, or transliterate the text"
        )


@lru_cache(maxsize=4096)
def text_width(string: str, size: float, bold: bool = False) -> float:
    """Return the width in points of one line of text.

    Raises
    ------
    UnprintableError
        When no font has its letters.
    """
    refuse_unprintable(string)
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(
        string, font(size, bold), False
    )
    return float(width)


def wrap(string: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than ``width`` points.

    Lines break at spaces, and within a word only if it is wider than a line.
    """
    lines = [""]
    for word in string.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if text_width(lines[-1] + letter, size, bold) > width and lines[-1]:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line] or [""]


def is_cut(string: str, width: float) -> bool:
    """Tell whether a name in a table of intervals is left out in part."""
    return len(wrap(string, width, BODY)) > 2


def shorten(
    string: str, width: float, size: float, bold: bool = False, lines: int = 2
) -> list[str]:
    """Break text into at most some lines; what is left out leaves an ellipsis."""
    broken = wrap(string, width, size, bold)
    if len(broken) <= lines:
        return broken
    last = broken[lines - 1]
    while last and text_width(f"{last}…", size, bold) > width:
        last = last[:-1]
    return [*broken[: lines - 1], f"{last.rstrip()}…"]


@lru_cache(maxsize=1)
def _register() -> None:
    """Put the project's files before those of the same name that a machine has."""
    from matplotlib.font_manager import fontManager

    for weight in ("Regular", "Bold"):
        path = FONTS / f"LiberationSans-{weight}.ttf"
        if not path.is_file():
            raise FileNotFoundError(
                f"{path.name} is missing from partials/fonts: "
                "figures are measured with it; restore it from version control"
            )
    files = _files()
    for path in files:
        fontManager.addfont(path)
    ours = {str(path) for path in files}
    fontManager.ttflist.sort(key=lambda entry: entry.fname not in ours)
