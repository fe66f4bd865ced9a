"""Table S6: risk of bias by the domains of the PROTECT checklist."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter
from analysis.letter.data import CONTROL_CLASSES
from analysis.letter.evidence.bias import domains, judgements
from analysis.review import LEVEL_NAMES
from manuscript.values.markdown import (
    Cell,
    Column,
    Markup,
    Table,
    cite,
    filled,
    heading,
    join,
    table,
)

_COLUMNS = (
    Column("Trials", 20),
    Column("Judgement", 18),
    Column("Reason", 62),
)
_GROUPS = {
    "placebo": "Placebo",
    "chemotherapy": "Chemotherapy ± SCT",
    "observation": "Observation",
}


def bias(v: Letter) -> Table:
    """Give the judgement and its reason, by domain and by group of trials.

    Parameters
    ----------
    v : Letter
    """
    return table(_COLUMNS, _rows(v))


def _rows(v: Letter) -> Iterator[tuple[Cell, ...]]:
    judged = judgements()
    for domain in domains():
        yield heading(f"{domain.name}: {domain.asks}", _COLUMNS)
        for group in CONTROL_CLASSES:
            judgement = judged[group, domain.domain]
            reason = filled(judgement.reason, v)
            if judgement.references:
                reason = join(reason, Markup(" "), cite(judgement.references))
            yield (
                join(_GROUPS[group], " (", v(f"pool.{group}.trials"), ")"),
                LEVEL_NAMES[judgement.judgement],
                join(reason, "."),
            )
