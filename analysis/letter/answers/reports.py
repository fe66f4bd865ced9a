"""What the reports in VigiBase say."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import data
from analysis.letter.study import Study
from analysis.vigibase.results import Breakdown
from manuscript.values import Value

SECTION = "vigibase"

# The published letter's keys, where they are not the rule.
_AVAILABLE = {"action": "withdrawn"}
# Counts that follow from published ones by a sum or by subtraction.
DERIVED = frozenset(
    {
        "vigibase.female",
        "vigibase.other_drugs",
        "vigibase.other_indication",
        "vigibase.term.available",
    }
)
# What is said of a synthetic extract as such.
_EXTRACT = frozenset({"vigibase.reports", "vigibase.reports.synthetic"})


def vigibase(study: Study) -> Iterator[Value]:
    """Describe the reports of leukemia with lenalidomide.

    Of a synthetic extract only what agrees with the published letter has a value:
    everything else in it is drawn at random and means nothing.
    """
    # Slow to import, and whoever asks what is known does without.
    from analysis.letter import extract as source
    from analysis.letter.answers.vigibase import values

    path = source.extract_path().relative_to(source.ROOT)
    synthetic = study.reports.synthetic
    for value in values(study.reports, path.as_posix()):
        if is_known(value.key, synthetic) or value.key in _EXTRACT:
            yield value


def available_key(breakdown: Breakdown) -> str:
    """Return the key of the number of reports with data."""
    return f"{SECTION}.{_AVAILABLE.get(breakdown.key, breakdown.key)}.available"


def is_known(key: str, synthetic: bool) -> bool:
    """Tell whether a number of the reports rests on more than chance.

    Parameters
    ----------
    key : str
        Such as ``vigibase.male``, with or without ``.percent``.
    synthetic : bool
        Whether the extract is.
    """
    known = data.reported_values().keys() | DERIVED
    return not synthetic or key in known or key.removesuffix(".percent") in known
