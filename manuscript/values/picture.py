"""A finished figure: how it shows itself in a notebook and is saved for a journal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript.values.raster import rasterized

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Shown where a reader lacks the typeface of a figure.
STAND_INS = "Arial, Helvetica, sans-serif"

# Within an attribute, where a line break would be read as a space.
_BREAK, _WRITTEN = "\n", "&#10;"

# The first of a list; letters that it lacks are drawn as shapes.
_FAMILY = re.compile(r"font-family: '([^;\"']*)'[^;\"]*(?:; )?")


@dataclass(frozen=True)
class Picture:
    """A finished figure.

    As the last expression of a notebook cell it shows itself, uncropped, in the
    formats in which the notebook shows matplotlib figures: SVG for HTML and
    PDF, PNG for Word.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What the figure shows, in words and numbers: the description inside SVG.
    further : tuple of matplotlib.figure.Figure
        Pages after the first.
    data : mapping of str to str
        What a page's script may read from the first page: ``data-`` attributes of
        its SVG, by name.
    """

    figure: Figure
    alt: str
    further: tuple[Figure, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, pages: Sequence[Figure], alt: str, data: Mapping[str, str] | None = None
    ) -> Picture:
        """Make a figure of its pages, at least one."""
        return cls(pages[0], alt, tuple(pages[1:]), data or {})

    @property
    def pages(self) -> tuple[Picture, ...]:
        """Each page as a figure of its own."""
        if not self.further:
            return (self,)
        figures = (self.figure, *self.further)
        return tuple(
            Picture(
                figure,
                f"{self.alt} Page {n} of {len(figures)}.",
                data=self.data if n == 1 else {},
            )
            for n, figure in enumerate(figures, start=1)
        )

    def svg(self) -> str:
        """Return the figure as SVG; equal figures give equal text."""
        buffer = StringIO()
        self._write(buffer, "svg")
        return _tidy(buffer.getvalue(), self.alt, self.data)

    def png(self, dpi: int = 300) -> bytes:
        """Return the figure as PNG, with the pixels that any machine gives."""
        return self._rasterized(self.svg(), dpi)

    def save(self, path: Path, dpi: int = 600) -> None:
        """Write the figure as a journal takes it: text kept as text.

        Pages after the first are written beside it, as ``name-2.svg``.

        Parameters
        ----------
        path : Path
            Ends in ``.svg``, ``.pdf``, ``.png`` or ``.tif``.
        dpi : int
            Of bitmaps.

        Raises
        ------
        ValueError
            For any other ending.
        """
        for n, page in enumerate(self.pages[1:], start=2):
            page.save(path.with_name(f"{path.stem}-{n}{path.suffix}"), dpi)
        kind = path.suffix.removeprefix(".")
        if kind == "svg":
            path.write_text(self.svg(), encoding="utf-8")
        elif kind == "pdf":
            self._write(path, kind)
        elif kind == "png":
            path.write_bytes(self.png(dpi))
        elif kind == "tif":
            self._write_tiff(path, dpi)
        else:
            raise ValueError(
                f"{path.name}: a figure is saved as .svg, .pdf, .png or .tif"
            )

    def _ipython_display_(self) -> None:
        """Show every page; IPython asks for the representation of a single one."""
        if not self.further:
            raise NotImplementedError
        from IPython.display import display

        for page in self.pages:
            display(page)  # type: ignore[no-untyped-call]

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, Any]:
        svg = self.svg()
        formats: dict[str, Callable[[], Any]] = {
            "image/svg+xml": lambda: svg,
            "image/png": lambda: self._rasterized(svg),
        }
        return {kind: formats[kind]() for kind in _shown() or formats}

    def _rasterized(self, svg: str, dpi: int = 300) -> bytes:
        return rasterized(svg, dpi, _font_files(self.figure))

    def _write(self, target: Path | StringIO, kind: str) -> None:
        from matplotlib import rc_context

        # Without a date and with fixed identifiers, bytes repeat.
        undated = {
            "svg": {"Date": None, "Creator": None},
            "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
        }
        with rc_context(
            {"svg.fonttype": "none", "svg.hashsalt": "figure", "pdf.fonttype": 42}
        ):
            self.figure.savefig(target, format=kind, metadata=undated[kind])

    def _write_tiff(self, path: Path, dpi: int) -> None:
        """Write without transparency and compressed without loss, as printers want."""
        from PIL import Image

        with Image.open(BytesIO(self.png(dpi))) as image:
            image.convert("RGB").save(path, compression="tiff_lzw", dpi=(dpi, dpi))


def picture_of(result: object, alt: str) -> Picture | None:
    """Make a picture of what a cell ended with, if that is a figure.

    Parameters
    ----------
    result : object
        A picture, a figure of matplotlib, or what is drawn in one, such as axes.
        Figures that pyplot has open belong to it, as a notebook shows them.
    alt : str
        What it shows.
    """
    if isinstance(result, Picture):
        return result
    pyplot = sys.modules.get("matplotlib.pyplot")
    drawn = [pyplot.figure(n) for n in pyplot.get_fignums()] if pyplot else []
    if (own := _figure_of(result)) is not None and own not in drawn:
        drawn.append(own)
    return Picture.of(drawn, alt) if drawn else None


def _figure_of(result: object) -> Figure | None:
    from matplotlib.figure import Figure

    if isinstance(result, Figure):
        return result
    if isinstance(figure := getattr(result, "figure", None), Figure):
        return figure
    parts = getattr(result, "flat", result)
    if isinstance(parts, Iterable) and not isinstance(parts, str):
        found = (_figure_of(one) for one in parts if one is not result)
        return next((figure for figure in found if figure is not None), None)
    return None


def _font_files(figure: Figure) -> list[Path]:
    """Files of the fonts in which a figure is set."""
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.text import Text

    wanted: dict[FontProperties, None] = {}
    for text in figure.findobj(Text):
        wanted.setdefault(text.get_fontproperties())
    found: dict[Path, None] = {}
    for font in wanted:
        for family in font.get_family():
            one = font.copy()
            one.set_family(family)
            with suppress(ValueError):  # no file has a family of that name
                found.setdefault(Path(findfont(one, fallback_to_default=False)))
    return [*found]


def _shown() -> list[str]:
    """Return the formats in which this notebook shows matplotlib figures.

    Quarto and notebooks register a printer of figures for each format they want;
    empty where nobody has.
    """
    from matplotlib.figure import Figure

    try:
        from IPython import get_ipython
    except ImportError:
        return []
    shell = get_ipython()
    if shell is None:
        return []
    printers = shell.display_formatter.formatters
    return [
        kind
        for kind in ("image/svg+xml", "image/png")
        if Figure in printers[kind].type_printers
    ]


def _tidy(svg: str, alt: str, data: Mapping[str, str]) -> str:
    """Make an SVG fit to stand inside a page.

    matplotlib's style sheet would apply to the whole page and its group names
    clash with those of the next figure; a typeface that all lettering shares is
    named once, with what stands in for it.
    """
    families = set(_FAMILY.findall(svg))
    inherited = "stroke-linejoin: round; stroke-linecap: butt"
    if len(families) == 1:
        svg = _FAMILY.sub("", svg)
        inherited = f"font-family: '{families.pop()}', {STAND_INS}; {inherited}"
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    carried = "".join(
        f' data-{name}="{escape(content).replace(_BREAK, _WRITTEN)}"'
        for name, content in data.items()
    )
    root = re.compile(r"<svg ([^>]*)>")
    told = escape(alt, quote=False)
    return root.sub(
        lambda found: (
            f'<svg style="{inherited}" {found[1]}{carried}>\n<desc>{told}</desc>'
        ),
        svg,
        count=1,
    )
