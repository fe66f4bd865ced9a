"""Reported results of any text: read by one grammar, recomputed, judged.

A rule raises an alarm only where no rounding and no reading of the printed numbers
makes them agree. Nothing here knows a manuscript: a sentence goes in, with a
vocabulary, and results come out.
"""

from manuscript.check.results.fault import Result
from manuscript.check.results.recompute import recomputed

__all__ = ["Result", "recomputed"]
