"""Every rule on one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from manuscript.check.results import (
    agreement,
    intervals,
    shares,
    significance,
    spread,
    statistics,
    sums,
)
from manuscript.check.results.fault import Result
from manuscript.check.results.numbers import normalized
from manuscript.check.vocabulary import Words

_NUMERIC = re.compile(r"\d|\b(?:of|out of)\b")


def recomputed(sentence: str, words: Words) -> Iterator[Result]:
    """Recompute what a sentence reports.

    Parameters
    ----------
    sentence : str
    words : Words
        Names of measures, units and the like.

    Yields
    ------
    Result
        One for each number that was recomputed, with its stretch in the sentence.

    Examples
    --------
    >>> from manuscript.check.vocabulary import Words
    >>> text = "The OR was 2.50 (95% CI 1.02–6.13), P = 0.30."
    >>> [result.what for result in recomputed(text, Words.of(None)) if result.what]
    ['P = 0.30, and the interval 1.02 to 6.13 leaves 1 out']
    """
    if not _NUMERIC.search(sentence):
        return
    text = normalized(sentence)
    for estimate in intervals.estimates(text, words):
        yield from agreement.judged(estimate)
    yield from significance.impossible(text)
    yield from shares.judged(text, words)
    yield from sums.judged(text, words)
    yield from spread.judged(text, words)
    yield from statistics.judged(text)
