"""The counts of which R gave its answers; not those that are analyzed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from analysis.letter import Letter, data
from analysis.letter.study import Study
from tests.described import described

_TABLE = Path(__file__).parents[1] / "meta" / "reference" / "letter-trials.csv"

with tempfile.TemporaryDirectory() as _folder:
    COUNTS = data.trials(described(Path(shutil.copy(_TABLE, _folder))))
KNOWN = Letter(Study(COUNTS, data.cases()))
