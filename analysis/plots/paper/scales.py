"""Axes: where a number falls, how far an axis reaches, which ticks it bears."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_LEAST = 1e-5  # what ticks of six decimals can divide


@dataclass(frozen=True)
class Scale:
    """An axis from ``low`` to ``high``.

    Attributes
    ----------
    low, high : float
        Limits, positive on a logarithmic axis.
    ticks : tuple of float
    log : bool
    """

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False

    def fraction(self, value: float) -> float:
        """Return where a value falls: 0 at ``low``, 1 at ``high``."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return -math.inf
        return math.log(value / self.low) / math.log(self.high / self.low)

    def labels(self) -> tuple[str, ...]:
        """Return the printed ticks: alike in decimals unless logarithmic."""
        if self.log:
            return tuple(_label(tick, _decimals(tick)) for tick in self.ticks)
        decimals = max(_decimals(tick) for tick in self.ticks)
        return tuple(_label(tick, decimals) for tick in self.ticks)


def ratio_scale(inside: Iterable[float], room: float = 0.28) -> Scale:
    """Return a logarithmic axis for ratios, with 1 in its middle part.

    Parameters
    ----------
    inside : iterable of float
        Ratios that should lie within; those that are not finite and positive
        are passed over, and none beyond 1/10,000 or 10,000 is reached for.
    room : float
        Least share of the axis on either side of 1.
    """
    values = [v for v in inside if math.isfinite(v) and v > 0]
    low = max(min([*values, 0.6]) / 1.2, 1e-4)
    high = min(max([*values, 1.7]) * 1.2, 1e4)
    if high / low > 40:
        bounds = [10.0**n for n in range(-4, 5)]
    else:
        bounds = [m * 10.0**n for n in range(-4, 4) for m in (1, 2, 5)] + [1e4]
    below = max((b for b in bounds if b <= low), default=bounds[0])
    above = min((b for b in bounds if b >= high), default=bounds[-1])
    while -math.log(below) < room * math.log(above / below) and below > bounds[0]:
        below = max(b for b in bounds if b < below)
    while math.log(above) < room * math.log(above / below) and above < bounds[-1]:
        above = min(b for b in bounds if b > above)
    ticks = [b for b in bounds if below <= b <= above]
    return Scale(below, above, tuple(ticks), log=True)


def count_scale(inside: Iterable[float], most: float = math.inf) -> Scale:
    """Return a linear axis from 0 that reaches every finite value given.

    Parameters
    ----------
    inside : iterable of float
        At least 0.
    most : float
        The largest value that can occur, such as 100 for percentages.
    """
    highest = max([v for v in inside if math.isfinite(v)] + [0.0])
    if highest < _LEAST:
        highest = min(1.0, most)
    step = _step(highest / 6)
    top = math.ceil(highest / step - 1e-9) * step
    ticks = [round(i * step, 12) for i in range(round(top / step) + 1)]
    if top > most:
        top, ticks = most, [tick for tick in ticks if tick <= most]
    return Scale(0.0, top, tuple(ticks))


def difference_scale(inside: Iterable[float]) -> Scale:
    """Return a linear axis for differences that reaches every finite value and 0.

    Parameters
    ----------
    inside : iterable of float

    Examples
    --------
    >>> difference_scale([-0.4, 2.1]).ticks
    (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
    """
    values = [*(v for v in inside if math.isfinite(v)), 0.0]
    low, high = min(values), max(values)
    if high - low < _LEAST:
        low, high = -1.0, 1.0
    step = _step((high - low) / 6)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(i * step, 12) for i in range(first, last + 1)]
    return Scale(ticks[0], ticks[-1], tuple(ticks))


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= least * (1 - 1e-9))


def _label(tick: float, decimals: int) -> str:
    """Print a tick, with thin spaces in numbers from 10,000 on."""
    digits = f"{abs(tick):.{decimals}f}"
    if abs(tick) >= 10_000:
        digits = f"{abs(tick):,.{decimals}f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return ("\N{MINUS SIGN}" if tick < 0 else "") + digits


def _decimals(tick: float) -> int:
    """Return the decimals that a tick needs, up to 6."""
    return next(
        d
        for d in range(7)
        if d == 6 or math.isclose(tick, round(tick, d), abs_tol=1e-9)
    )
