"""Figure S3: effects against their precision, over contours of P."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from analysis import meta
from analysis.letter.figures import style, wording
from analysis.letter.figures.axes import horizontal_axis, vertical_axis
from analysis.letter.figures.picture import Picture
from analysis.letter.figures.scales import Scale, count_scale, ratio_scale
from analysis.letter.figures.sheet import Point, Sheet
from analysis.letter.study import ALL, Study
from analysis.meta.results import Pooled
from analysis.meta.small_study import AsymmetryTest, Funnel
from manuscript.values import text

WIDTH, HEIGHT = 130 * style.POINTS_PER_MM, 82 * style.POINTS_PER_MM
LEFT, RIGHT, TOP, BOTTOM = 34.0, WIDTH - 104.0, 6.0, HEIGHT - 24.0

# Two-sided P at which the shading changes, with its normal quantile (Peters et
# al., J Clin Epidemiol 2008;61:991-6).
CONTOURS = (
    (0.01, 2.5758293035489004),
    (0.05, 1.959963984540054),
    (0.1, 1.6448536269514722),
)
SHADES = ("#f3f5f8", "#dde4ec", "#c3cfdb", style.PAPER)


def figure_s3(study: Study) -> Picture:
    """Draw odds ratios against their standard errors over contours of P.

    The verdicts of the tests of asymmetry, or why they are refused, are printed
    beside the plot. A trial beyond the axis is an arrow at its edge; a name that
    would cover another is left out.

    Parameters
    ----------
    study : Study
    """
    pooled, trial = study.risk[ALL], study.trials.trial
    counts = study.trials.counts
    tests = (meta.harbord(*counts), meta.peters(*counts), meta.egger(*counts))
    data = meta.funnel(pooled)
    sheet = Sheet(WIDTH, HEIGHT)
    logs = [*data.estimate, *data.edge_low, *data.edge_high]
    across = ratio_scale(map(_ratio, logs))
    down = count_scale(1.08 * data.se)
    _draw_contours(sheet, across, down)
    _draw_funnel(sheet, data, across, down)
    horizontal_axis(sheet, across, LEFT, RIGHT, BOTTOM, "Odds ratio (log scale)")
    vertical_axis(sheet, down, BOTTOM, TOP, LEFT, "Standard error of log odds ratio")
    _draw_trials(sheet, data, trial, across, down)
    _draw_key(sheet, pooled, len(trial) - len(data.trial), tests)
    return sheet.picture(figure_s3_alt(study))


def figure_s3_alt(study: Study) -> str:
    """Say in words what the funnel plot shows."""
    data, trial = meta.funnel(study.risk[ALL]), study.trials.trial
    entries = "; ".join(
        f"{trial[int(i)]} {text.decimal(_ratio(x), 2)}, {text.decimal(se, 2)}"
        for i, x, se in zip(data.trial, data.estimate, data.se, strict=True)
    )
    return (
        f"Funnel plot of {text.in_words(len(data.trial))} trials with an odds ratio, "
        f"of {text.in_words(len(trial))}. Odds ratio and standard error: "
        f"{entries or 'none'}."
    )


def _ratio(log: float) -> float:
    """Return an odds ratio, short of overflow."""
    return math.exp(min(max(float(log), -700.0), 700.0))


def _at(across: Scale, down: Scale, ratio: float, se: float) -> Point:
    return (
        LEFT + across.fraction(ratio) * (RIGHT - LEFT),
        TOP + down.fraction(se) * (BOTTOM - TOP),
    )


def _wedge(across: Scale, down: Scale, centre: float, quantile: float) -> list[Point]:
    """Return the region within ``quantile`` standard errors, cut at the edges."""
    sides = []
    for sign, edge in ((-1, across.low), (1, across.high)):
        reach = abs(math.log(edge) - centre) / quantile
        se = min(reach, down.high)
        bend = _at(across, down, _ratio(centre + sign * quantile * se), se)
        corner = [_at(across, down, edge, down.high)] if reach < down.high else []
        sides.append([bend, *corner])
    apex = _at(across, down, _ratio(centre), 0.0)
    return [apex, *sides[0], *reversed(sides[1])]


def _draw_contours(sheet: Sheet, across: Scale, down: Scale) -> None:
    sheet.box(LEFT, TOP, RIGHT, BOTTOM, fill=SHADES[0])
    for (_, quantile), shade in zip(CONTOURS, SHADES[1:], strict=True):
        sheet.polygon(_wedge(across, down, 0.0, quantile), fill=shade)
    null = [_at(across, down, 1.0, 0.0), _at(across, down, 1.0, down.high)]
    sheet.line(null, color=style.RULE)


def _draw_funnel(sheet: Sheet, data: Funnel, across: Scale, down: Scale) -> None:
    centre = _ratio(data.centre)
    if not across.low < centre < across.high or not len(data.se):
        return
    line = [_at(across, down, centre, 0.0), _at(across, down, centre, down.high)]
    sheet.line(line, color=style.VERMILION)
    quantile = float((data.edge_high[-1] - data.centre) / data.edge_se[-1])
    outline = _wedge(across, down, data.centre, quantile)
    for end in (outline[1], outline[-1]):
        slope = [outline[0], end]
        sheet.line(slope, color=style.VERMILION, dashes=(3, 2))


def _draw_trials(
    sheet: Sheet, data: Funnel, trial: Sequence[str], across: Scale, down: Scale
) -> None:
    line = _at(across, down, _ratio(data.centre), 0.0)[0]
    places = [
        _at(across, down, _ratio(x), se)
        for x, se in zip(data.estimate, data.se, strict=True)
    ]
    taken = [(x - 2, x + 2, y) for x, y in places]
    for i, (x, y) in zip(data.trial, places, strict=True):
        name = trial[int(i)]
        width = style.text_width(name, style.SMALL)
        for left, middle in (
            (x + 4, y),
            (x - 4 - width, y),
            (x - width / 2, y + 7),
            (x - width / 2, y - 7),
        ):
            right = left + width
            free = all(
                abs(middle - at) > 5.5 or left > end or right < start
                for start, end, at in taken
            )
            if free and left > LEFT and right < RIGHT and not left < line < right:
                sheet.text(left, middle, name, size=style.SMALL)
                taken.append((left, right, middle))
                break
    for x, y in places:
        if LEFT <= x <= RIGHT:
            sheet.disc(x, y, 2.2, fill=style.BLUE, edge=style.PAPER, width=0.4)
        else:
            edge = LEFT if x < LEFT else RIGHT
            inside = edge + math.copysign(8, (LEFT + RIGHT) / 2 - edge)
            sheet.arrow([(inside, y), (edge, y)], color=style.BLUE, width=0.8)


def _draw_key(
    sheet: Sheet, pooled: Pooled, silent: int, tests: Sequence[AsymmetryTest]
) -> None:
    x, y = RIGHT + 12, TOP + 4
    names = [f"P < {text.decimal(CONTOURS[0][0], 2)}"]
    names += [
        f"{text.decimal(low, 2)} ≤ P < {text.decimal(high, 2)}"
        for (low, _), (high, _) in pairwise(CONTOURS)
    ]
    names += [f"P ≥ {text.decimal(CONTOURS[-1][0], 2)}"]
    for shade, name in zip(SHADES, names, strict=True):
        sheet.box(x, y - 3, x + 10, y + 3, fill=shade, edge=style.RULE, width=0.4)
        sheet.text(x + 14, y, name, size=style.SMALL)
        y += 9
    sheet.line([(x + 5, y - 3), (x + 5, y + 3)], color=style.VERMILION)
    sheet.text(x + 14, y, "Pooled odds ratio", size=style.SMALL)
    y += 9
    slope = [(x, y + 3), (x + 10, y - 3)]
    sheet.line(slope, color=style.VERMILION, dashes=(3, 2))
    sheet.text(x + 14, y, f"Its {wording.level(pooled)} region", size=style.SMALL)
    y += 14
    for line in _remarks(silent, tests):
        for piece in style.wrap(line, WIDTH - x - 2, style.SMALL):
            sheet.text(x, y, piece, size=style.SMALL, color=style.MUTED)
            y += 7
        y += 3


def _remarks(silent: int, tests: Sequence[AsymmetryTest]) -> list[str]:
    remarks = []
    if silent:
        trials = "trial has" if silent == 1 else "trials have"
        remarks.append(
            f"{text.in_words(silent).capitalize()} {trials} no odds ratio "
            "and cannot be drawn."
        )
    refused = {test.reason for test in tests if test.reason}
    names = [test.method.capitalize() for test in tests if test.reason]
    remarks += [f"{', '.join(names)}: {reason}." for reason in refused]
    remarks += [
        f"{test.method.capitalize()}: t = {text.decimal(float(test.t), 2)}, "
        f"{wording.p_value(test.p)}."
        for test in tests
        if not test.reason
    ]
    return remarks
