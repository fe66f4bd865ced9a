"""Tables of ``data/evidence/``, read into records.

Each row gives its reason or its source. Text in them may name values between
braces, as in ``in {trials.placebo} trials``, so that no number is typed twice.
"""

from __future__ import annotations

from pathlib import Path

from analysis.review import Folder

EVIDENCE = Folder(
    Path(__file__).resolve().parents[3] / "data" / "evidence", "data/evidence"
)

read = EVIDENCE.read
refuse = EVIDENCE.refuse
