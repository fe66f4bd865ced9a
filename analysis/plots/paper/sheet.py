"""A blank sheet of paper, measured in points from its upper left corner."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Literal

from analysis.plots.paper import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Align = Literal["left", "center", "right"]
Point = tuple[float, float]

# Half the height of a capital, as a share of the type size: text drawn this far
# below a line's middle looks centred on it whatever its letters.
_HALF_CAPITAL = 0.358


class Sheet:
    """Paper on which figures are drawn; later marks cover earlier ones.

    Parameters
    ----------
    width, height : float
        In points.
    scale : float, optional
        Share of their size at which everything is drawn.
    """

    def __init__(self, width: float, height: float, scale: float = 1.0) -> None:
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self._scale = scale
        self._figure = Figure(
            figsize=(scale * width / 72, scale * height / 72), facecolor=style.PAPER
        )
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._layer = 1.0
        self._down = 0.0

    def below(self, top: float) -> Sheet:
        """Return the same paper, measured from ``top`` points further down."""
        part = copy(self)
        part._down = self._down + top
        return part

    def text(
        self,
        x: float,
        y: float,
        string: str,
        *,
        size: float = style.BODY,
        bold: bool = False,
        color: str = style.INK,
        align: Align = "left",
        rotation: float = 0,
    ) -> None:
        """Write one line whose capitals are centred on ``y``.

        Letters that the figures' typeface lacks are drawn as shapes: no reader then
        needs the typeface from which they are.
        """
        style.refuse_unprintable(string)
        if not style.is_own(string):
            self._shapes(x, y, string, size, bold, color, align)
            return
        shift, y = _HALF_CAPITAL * size, y + self._down
        upright = rotation == 0
        self._axes.text(
            x if upright else x + shift,
            y + shift if upright else y,
            string,
            fontproperties=style.font(size * self._scale, bold),
            color=color,
            ha=align,
            va="baseline",
            rotation=rotation,
            rotation_mode="anchor",
            parse_math=False,
            zorder=self._next(),
        )

    def _shapes(
        self,
        x: float,
        y: float,
        string: str,
        size: float,
        bold: bool,
        color: str,
        align: Align,
    ) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.textpath import TextPath
        from matplotlib.transforms import Affine2D

        width = style.text_width(string, size, bold)
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width
        foot = y + self._down + _HALF_CAPITAL * size
        path = TextPath((0, 0), string, prop=style.font(size, bold))
        turned = Affine2D().scale(1, -1).translate(left, foot).transform_path(path)
        self._axes.add_patch(
            PathPatch(
                turned,
                facecolor=color,
                edgecolor="none",
                linewidth=0,
                zorder=self._next(),
                clip_on=False,
            )
        )

    def line(
        self,
        points: Sequence[Point],
        *,
        color: str = style.INK,
        width: float = 0.6,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """Draw a line through points."""
        from matplotlib.lines import Line2D

        self._axes.add_line(
            Line2D(
                [x for x, _ in points],
                [y + self._down for _, y in points],
                color=color,
                linewidth=width * self._scale,
                linestyle="-" if dashes is None else (0, dashes),
                solid_capstyle="butt",
                dash_capstyle="butt",
                zorder=self._next(),
                clip_on=False,
            )
        )

    def polygon(
        self,
        points: Sequence[Point],
        *,
        fill: str = "none",
        edge: str = "none",
        width: float = 0.6,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """Fill a closed shape."""
        from matplotlib.patches import Polygon

        self._axes.add_patch(
            Polygon(
                [(x, y + self._down) for x, y in points],
                closed=True,
                facecolor=fill,
                edgecolor=edge,
                linewidth=width * self._scale if edge != "none" else 0,
                linestyle="-" if dashes is None else (0, dashes),
                joinstyle="miter",
                zorder=self._next(),
                clip_on=False,
            )
        )

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str = "none",
        edge: str = "none",
        width: float = 0.6,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """Fill a rectangle."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        self.polygon(corners, fill=fill, edge=edge, width=width, dashes=dashes)

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = style.INK,
        edge: str = "none",
        width: float = 0.6,
    ) -> None:
        """Draw a circle."""
        from matplotlib.patches import Circle

        self._axes.add_patch(
            Circle(
                (x, y + self._down),
                radius,
                facecolor=fill,
                edgecolor=edge,
                linewidth=width * self._scale if edge != "none" else 0,
                zorder=self._next(),
                clip_on=False,
            )
        )

    def arrow(
        self,
        points: Sequence[Point],
        *,
        color: str = style.INK,
        width: float = 0.6,
        head: float = 3.6,
    ) -> None:
        """Draw a line that ends in an arrowhead ``head`` points long."""
        (x0, y0), (x1, y1) = points[-2:]
        length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        neck = (x1 - dx * head, y1 - dy * head)
        half = head * 0.42
        self.line([*points[:-1], neck], color=color, width=width)
        self.polygon(
            [
                (x1, y1),
                (neck[0] - dy * half, neck[1] + dx * half),
                (neck[0] + dy * half, neck[1] - dx * half),
            ],
            fill=color,
        )

    @property
    def figure(self) -> Figure:
        """What has been drawn."""
        return self._figure

    def _next(self) -> float:
        self._layer += 0.001
        return self._layer
