"""Test statistics: P from the statistic and its degrees of freedom, I² from Q.

As statcheck reads them (``t(48) = 2.31, p = .025``), and as meta-analyses print
them (``Q = 15.9, df = 8, P = 0.04; I² = 50%``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import erfc, exp, inf, pi, sqrt

from manuscript.check.results.fault import Result
from manuscript.check.results.numbers import (
    BEGIN,
    END,
    SIGNED,
    UNSIGNED,
    Printed,
    printed,
)
from manuscript.check.results.significance import (
    P_VALUE,
    Probability,
    is_one_sided,
    probability,
    two_sided,
)

_STATISTIC = re.compile(
    r"(?<![\w-])(?P<name>t|F|χ\s?[²2]?|[Xx]²|[Cc]hi[- ]?squared?|(?:Cochran(?:'s)?\s)?Q"
    r"|[zZ]|r|rho|ρ)(?:\s(?:test|statistic))?\s?"
    r"(?:[(\[]\s?(?:df\s?=\s?)?(?P<df1>\d+(?:\.\d+)?)"
    rf"(?:\s?,\s?(?:[nN]\s?=\s?)?(?P<df2>{UNSIGNED}))?\s?[)\]])?"
    rf"\s?(?P<rel>[=:<>])\s?(?P<x>{SIGNED}){END}"
)
_DF = re.compile(
    r"[\s,;(]*(?:(?:df|d\.f\.|degrees? of freedom)\s?[=:]?\s?(?P<a>\d+)"
    r"|(?P<b>\d+)\s(?:df\b|degrees? of freedom))"
)
_I2 = re.compile(
    rf"(?<![\w])I\s?(?:²|2|\^2|-squared)(?:\s(?:was|of|statistic))*\s?[=:]?\s?"
    rf"(?P<i2>{SIGNED}){END}\s?%"
)
_P_NEAR = re.compile(
    r"[)\]]?[\s,;:]*[(\[]?"
    r"(?:(?:with|and|an?|χ\s?²|for heterogeneity|two-(?:sided|tailed))\s)*"
    + P_VALUE.replace(r"(?<![\w-])[Pp]", r"(?<![\w-])[Pp](?:\sfor\sheterogeneity)?")
)
_CORRELATION = re.compile(
    r"\b(?:spearman|pearson|correlat\w+)\b(?:(?!value|statistic|score)[^.;|(\d]){0,40}?"
    r"(?:\br|\brho|ρ|coefficient|=)"
    rf"\s?(?:=\s?|of\s|was\s)?(?P<r>{BEGIN}{SIGNED}){END}(?!\s?%|/)",
    re.IGNORECASE,
)
_MOST_DF = 200
_CORRELATIONS = ("r", "rho", "ρ")
# Characters between Q and the I² that is its own.
_REACH = 50


def judged(sentence: str) -> Iterator[Result]:
    """Recompute P values and I² from the statistics beside them."""
    heterogeneity: list[tuple[re.Match[str], int]] = []
    for match in _STATISTIC.finditer(sentence):
        df, end = match["df1"], match.end()
        if after := _DF.match(sentence, end):
            df, end = after["a"] or after["b"], after.end()
        # Where ² cannot be written, r(2) and χ(2) are squares.
        if match["df1"] == "2" and match["name"] in ("r", "χ"):
            continue
        is_q = match["name"][0] in "QχXxCc" and match["rel"] == "="
        if is_q and df and float(df) >= 1:
            heterogeneity.append((match, int(float(df))))
        i2 = _I2.match(sentence, _gap(sentence, end))
        p = _P_NEAR.match(sentence, i2.end() if i2 else end)
        if p and match["rel"] in "=:" and (df or match["name"] in ("z", "Z")):
            yield _tested(sentence, match, df or "", probability(p))
    every = list(_I2.finditer(sentence))
    pairs = _beside(every, heterogeneity)
    for match in every:
        yield from _i2(sentence, match, pairs.get(match.start()))
    yield from _correlations(sentence)


def _gap(sentence: str, end: int) -> int:
    found = re.compile(r"[\s,;)\]]*(?:and\s)?").match(sentence, end)
    return found.end() if found else end


def _tested(sentence: str, match: re.Match[str], df: str, p: Probability) -> Result:
    name = match["name"]
    start, end = match.start(), p.end
    # Authors write r(n) for r(df), and commas for points.
    dfs = [df, str(int(float(df)) - 2)] if name in _CORRELATIONS and df else [df]
    texts = {match["x"]}
    if match["x"].count(",") == 1:
        texts.add(match["x"].replace(",", "."))
    xs = [printed(text) for text in sorted(texts)]
    fits = any(
        _fits(name, x, one, match["df2"], p, is_one_sided(sentence))
        for one in dfs
        for x in xs
        if one in ("", df) or float(one) >= 1
    )
    x = printed(match["x"])
    least, greatest = (
        _p_of(name, value, df, match["df2"]) for value in _far_and_near(x)
    )
    what = ""
    if not fits:
        every = ", ".join(each for each in (df, match["df2"]) if each)
        of = f"{name}({every})" if df else name
        about = _p_of(name, abs(x.number), df, match["df2"])
        what = f"{p.text} does not fit {of} = {match['x']}, which gives {about:.2g}"
    mild = (
        what
        and max(least - p.high, p.low - greatest) <= 0.02
        and _same_side(p, least, greatest)
    )
    return Result("statistic", start, end, what, "warning" if mild else "error")


def _fits(
    name: str, x: Printed, df: str, df2: str | None, p: Probability, one_sided: bool
) -> bool:
    least, greatest = (_p_of(name, value, df, df2) for value in _far_and_near(x))
    if p.allows(least, greatest):
        return True
    if one_sided and p.allows(least / 2, greatest / 2):
        return True
    return name == "F" and _corrected(x, df, df2, p)


def _same_side(p: Probability, least: float, greatest: float) -> bool:
    return (p.high < 0.05) == (greatest < 0.05) or (p.low > 0.05) == (least > 0.05)


def _far_and_near(x: Printed) -> tuple[float, float]:
    """Greatest and least size that the statistic may have."""
    ends = sorted((abs(x.low), abs(x.high)))
    return ends[1], 0.0 if x.low <= 0 <= x.high else ends[0]


def _p_of(name: str, x: float, df: str, df2: str | None) -> float:
    if name in ("z", "Z"):
        return two_sided(x)
    n = float(df)
    if name[0] in "QχXxCc":
        return chi_squared_tail(x, int(n))
    from scipy.special import fdtrc, stdtr

    if name == "F":
        return float(fdtrc(n, printed(df2).number, x)) if df2 else 0.0
    if name != "t":
        x = x * sqrt(n / (1 - x * x)) if x < 1 else inf
    return 2 * float(stdtr(n, -x))


def _corrected(x: Printed, df: str, df2: str | None, p: Probability) -> bool:
    """Whether P fits with degrees of freedom corrected for sphericity.

    Greenhouse and Geisser (1959, Psychometrika 24:95): both are multiplied by a
    number from 1/df1 to 1.
    """
    if not df2:
        return True
    from scipy.special import fdtrc

    far, near = _far_and_near(x)
    first, second = float(df), printed(df2).number
    least, greatest = 1.0, 0.0
    for step in range(11):
        factor = 1.05 - step / 10 * (1.05 - 1 / max(first, 1.0))
        tails = (fdtrc(first * factor, second * factor, f) for f in (far, near))
        low, high = map(float, tails)
        least, greatest = min(least, low), max(greatest, high)
    return p.allows(least, greatest)


def chi_squared_tail(x: float, df: int) -> float:
    """Upper tail of the chi-squared distribution with whole degrees of freedom.

    Abramowitz and Stegun (1964), equations 26.4.4 and 26.4.5.

    Examples
    --------
    >>> round(chi_squared_tail(3.841, 1), 3), round(chi_squared_tail(15.9, 8), 4)
    (0.05, 0.0438)
    """
    if x <= 0:
        return 1.0
    if x > 1400:
        return 0.0
    half = x / 2
    if df % 2:
        total, term = erfc(sqrt(half)), sqrt(2 * x / pi) * exp(-half)
        for k in range(1, (df - 1) // 2 + 1):
            total += term
            term *= x / (2 * k + 1)
        return min(total, 1.0)
    total = term = exp(-half)
    for k in range(1, df // 2):
        term *= half / k
        total += term
    return min(total, 1.0)


def _i2(
    sentence: str, match: re.Match[str], q: tuple[re.Match[str], int] | None
) -> Iterator[Result]:
    """Compare I² with Q and its degrees of freedom, or with P for any of these."""
    i2 = printed(match["i2"])
    start, end = match.span()
    if i2.low > 100 or i2.high < 0:
        yield Result(
            "heterogeneity", start, end, f"I² is {i2.text}%, not from 0 to 100"
        )
        return
    if q:
        statistic, df = q
        x = printed(statistic["x"])
        least, greatest = (i_squared(value, df) for value in (x.low, x.high))
        what = ""
        if not (least <= i2.high and i2.low <= greatest):
            what = (
                f"I² is {i_squared(x.number, df):.0f}% for {statistic['name']} = "
                f"{x.text} with {df} df, not {i2.text}%"
            )
        first, last = min(start, statistic.start()), max(end, statistic.end())
        yield Result("heterogeneity", first, last, what)
        return
    after = _P_NEAR.match(sentence, end)
    if after:
        p = probability(after)
        what = "" if _any_df(i2, p) else f"{p.text} does not go with I² = {i2.text}%"
        yield Result("heterogeneity", start, p.end, what)


def _beside(
    every: list[re.Match[str]], statistics: list[tuple[re.Match[str], int]]
) -> dict[int, tuple[re.Match[str], int]]:
    """Pair each Q with the I² next to it, by where this starts."""
    pairs: dict[int, tuple[re.Match[str], int]] = {}
    for q in statistics:
        gaps = [
            (max(each.start() - q[0].end(), q[0].start() - each.end()), each.start())
            for each in every
        ]
        if gaps and min(gaps)[0] <= _REACH:
            pairs[min(gaps)[1]] = q
    return pairs


def i_squared(q: float, df: int) -> float:
    """I² in percent (Higgins and Thompson 2002, Stat Med 21:1539, equation 10)."""
    return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0


def _any_df(i2: Printed, p: Probability) -> bool:
    """Whether some number of studies gives this I² and this P."""
    if i2.high >= 100:
        return True
    for df in range(1, _MOST_DF + 1):
        most = chi_squared_tail(0 if i2.low <= 0 else df / (1 - i2.low / 100), df)
        least = chi_squared_tail(df / (1 - i2.high / 100), df)
        if p.allows(least, most):
            return True
    return False


def _correlations(sentence: str) -> Iterator[Result]:
    for match in _CORRELATION.finditer(sentence):
        r = printed(match["r"])
        what = f"no correlation is {r.text}" if r.low > 1 or r.high < -1 else ""
        yield Result("correlation", match.start("r"), match.end("r"), what)
