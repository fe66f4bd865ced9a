"""Risk of bias as traffic lights that need no colour to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.letter.data import CONTROL_CLASSES
from analysis.letter.evidence import bias
from analysis.letter.figures import style
from analysis.letter.figures.forest import control_label
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.sheet import Sheet

# Judgement -> colour of the light, its sign, and colour of the sign.
LIGHTS = {
    "low": (style.GREEN, "+", style.PAPER),
    "some": ("#f0c808", "\N{MINUS SIGN}", style.INK),
    "high": (style.VERMILION, "\N{MULTIPLICATION SIGN}", style.PAPER),
    "unclear": (style.PAPER, "?", style.MUTED),
}
LABELS = 78.0
ROW, RADIUS = 17.0, 5.6
LEADING = 7.4


def risk_of_bias() -> Picture:
    """Draw the judgements of ``data/evidence`` for the classes of trials."""
    return traffic_lights(
        {domain.domain: domain.name for domain in bias.domains()},
        {group: control_label(group) for group in CONTROL_CLASSES},
        {pair: found.judgement for pair, found in bias.judgements().items()},
        bias.LEVEL_NAMES,
    )


def traffic_lights(
    domains: Mapping[str, str],
    groups: Mapping[str, str],
    judgements: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
) -> Picture:
    """Draw a light for every group of trials and every domain.

    Parameters
    ----------
    domains, groups : mapping of str to str
        Printed name by key, in the order of columns and rows.
    judgements : mapping of (group, domain) to str
        ``low``, ``some``, ``high`` or ``unclear``; a pair left out is unclear.
    names : mapping of str to str
        What each judgement is called.

    Raises
    ------
    ValueError
        For a judgement without a light.
    """
    unknown = sorted(set(judgements.values()) - set(LIGHTS))
    if unknown:
        raise ValueError(
            f"no light for the judgement {', '.join(map(repr, unknown))}: "
            f"expected one of {', '.join(LIGHTS)}"
        )
    step = (style.PAGE_WIDTH - LABELS - 2) / len(domains)
    headings = {
        key: style.wrap(d, step - 5, style.BODY, True) for key, d in domains.items()
    }
    top = 5 + LEADING * max(map(len, headings.values()))
    sheet = Sheet(style.PAGE_WIDTH, top + ROW * len(groups) + 20)
    for column, lines in enumerate(headings.values()):
        x = LABELS + step * (column + 0.5)
        for i, line in enumerate(lines):
            y = top - 5 - LEADING * (len(lines) - 1 - i)
            sheet.text(x, y, line, bold=True, align="center")
    sheet.line([(0, top), (style.PAGE_WIDTH, top)])
    for row, (group, label) in enumerate(groups.items()):
        y = top + ROW * (row + 0.5)
        if row:
            sheet.line(
                [(0, y - ROW / 2), (style.PAGE_WIDTH, y - ROW / 2)], color=style.TINT
            )
        sheet.text(3, y, label)
        for column, domain in enumerate(domains):
            x = LABELS + step * (column + 0.5)
            _draw_light(sheet, x, y, judgements.get((group, domain), "unclear"))
    bottom = top + ROW * len(groups)
    sheet.line([(0, bottom), (style.PAGE_WIDTH, bottom)])
    _draw_key(sheet, bottom + 11, [(key, names[key]) for key in LIGHTS])
    return sheet.picture(traffic_lights_alt(domains, groups, judgements, names))


def traffic_lights_alt(
    domains: Mapping[str, str],
    groups: Mapping[str, str],
    judgements: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
) -> str:
    """Say every judgement in words."""
    return " ".join(
        f"{label}: "
        + "; ".join(
            f"{name}: {names[judgements.get((group, domain), 'unclear')].lower()}"
            for domain, name in domains.items()
        )
        + "."
        for group, label in groups.items()
    )


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
