"""The counts of which R gave its answers; not those that are analyzed."""

from __future__ import annotations

from pathlib import Path

from analysis.letter import Letter, data
from analysis.letter.study import Study

COUNTS = Path(__file__).parents[1] / "meta" / "reference" / "letter-trials.csv"
KNOWN = Letter(Study(data.trials(COUNTS), data.cases()))
