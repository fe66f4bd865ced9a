"""Risk of bias as traffic lights that need no colour to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.plots.paper import style
from analysis.plots.paper.sheet import Sheet
from analysis.plots.paper.style import Page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Judgement -> colour of the light, its sign, and colour of the sign.
LIGHTS = {
    "low": (style.GREEN, "+", style.PAPER),
    "some": ("#f0c808", "\N{MINUS SIGN}", style.INK),
    "high": (style.VERMILION, "\N{MULTIPLICATION SIGN}", style.PAPER),
    "unclear": (style.PAPER, "?", style.MUTED),
}
SEVERITY = ("low", "unclear", "some", "high")  # the worst comes last
LABELS = 78.0
ROW, RADIUS = 17.0, 5.6
LEADING = 7.4


@dataclass(frozen=True)
class Lights:
    """Judgements of groups of studies by domain.

    Attributes
    ----------
    domains, groups : mapping of str to str
        Printed name by key, in the order of columns and rows.
    judgements : mapping of (group, domain) to str
        ``low``, ``some``, ``high`` or ``unclear``; a pair left out is unclear.
    names : mapping of str to str
        What each judgement is called.
    overall : str
        Heading of a last column with the most severe judgement of each group over
        all domains, as in robvis (McGuinness and Higgins, Res Synth Methods
        2021;12:55-61); empty for none.

    Raises
    ------
    ValueError
        For a judgement without a light.
    """

    domains: Mapping[str, str]
    groups: Mapping[str, str]
    judgements: Mapping[tuple[str, str], str]
    names: Mapping[str, str]
    overall: str = ""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.judgements.values()) - set(LIGHTS))
        if unknown:
            raise ValueError(
                f"no light for the judgement {', '.join(map(repr, unknown))}: "
                f"expected one of {', '.join(LIGHTS)}"
            )

    def of(self, group: str, domain: str) -> str:
        """Return how a domain was judged for a group."""
        return self.judgements.get((group, domain), "unclear")

    def worst(self, group: str) -> str:
        """Return the most severe judgement of a group over all domains."""
        return max((self.of(group, d) for d in self.domains), key=SEVERITY.index)


def traffic_lights(lights: Lights, page: Page) -> Figure:
    """Draw a light for every group of studies and every domain."""
    titles = [*lights.domains.values(), *filter(None, [lights.overall])]
    step = (page.width - LABELS - 2) / len(titles)
    headings = [style.wrap(name, step - 5, style.BODY, True) for name in titles]
    top = 5 + LEADING * max(map(len, headings))
    sheet = Sheet(page.width, top + ROW * len(lights.groups) + 20)
    for column, lines in enumerate(headings):
        x = LABELS + step * (column + 0.5)
        for i, line in enumerate(lines):
            y = top - 5 - LEADING * (len(lines) - 1 - i)
            sheet.text(x, y, line, bold=True, align="center")
    sheet.line([(0, top), (page.width, top)])
    for row, (group, label) in enumerate(lights.groups.items()):
        y = top + ROW * (row + 0.5)
        if row:
            edge = y - ROW / 2
            sheet.line([(0, edge), (page.width, edge)], color=style.TINT)
        sheet.text(3, y, label)
        judged = [lights.of(group, domain) for domain in lights.domains]
        if lights.overall:
            judged.append(lights.worst(group))
        for column, judgement in enumerate(judged):
            x = LABELS + step * (column + 0.5)
            _draw_light(sheet, x, y, judgement)
    if lights.overall:
        edge = LABELS + step * len(lights.domains)
        foot = top + ROW * len(lights.groups)
        sheet.line([(edge, top), (edge, foot)], color=style.RULE)
    bottom = top + ROW * len(lights.groups)
    sheet.line([(0, bottom), (page.width, bottom)])
    _draw_key(sheet, bottom + 11, [(key, lights.names[key]) for key in LIGHTS])
    return sheet.figure


def _draw_light(sheet: Sheet, x: float, y: float, judgement: str) -> None:
    fill, sign, ink = LIGHTS[judgement]
    edge = style.RULE if fill == style.PAPER else style.INK
    sheet.disc(x, y, RADIUS, fill=fill, edge=edge, width=0.5)
    sheet.text(x, y, sign, size=style.TITLE, bold=True, color=ink, align="center")


def _draw_key(sheet: Sheet, y: float, entries: Sequence[tuple[str, str]]) -> None:
    x = 3.0 + RADIUS
    for judgement, name in entries:
        _draw_light(sheet, x, y, judgement)
        sheet.text(x + RADIUS + 4, y, name, size=style.SMALL)
        x += 2 * RADIUS + 14 + style.text_width(name, style.SMALL)
