"""Table S6: risk of bias by the domains of the PROTECT checklist."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import Letter, data
from analysis.letter.evidence.bias import domains, judgements
from analysis.review import LEVEL_NAMES
from manuscript.values import (
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
    Column("Trials", 18),
    Column("Judgment", 14),
    Column("Reason", 68),
)


def bias(v: Letter) -> Table:
    """Give the judgement and its reason, by domain and by group of trials.

    Parameters
    ----------
    v : Letter
    """
    return table(_COLUMNS, _rows(v))


def _rows(v: Letter) -> Iterator[tuple[Cell, ...]]:
    for domain in domains():
        yield heading(f"{domain.name}: {domain.asks}", _COLUMNS)
        for groups in _alike(domain.domain):
            judgement = judgements()[groups[0], domain.domain]
            reason = filled(judgement.reason, v)
            if judgement.references:
                reason = join(reason, Markup(" "), cite(judgement.references))
            yield (
                _named(groups, v),
                LEVEL_NAMES[judgement.judgement],
                join(reason, "."),
            )


def _alike(domain: str) -> list[list[str]]:
    """Put groups of trials together that are judged alike for the same reason."""
    judged = judgements()
    together: dict[tuple[str, str, str], list[str]] = {}
    for group in data.described().keys:
        one = judged[group, domain]
        key = (one.judgement, one.reason, one.references)
        together.setdefault(key, []).append(group)
    return list(together.values())


def _named(groups: list[str], v: Letter) -> Cell:
    if len(groups) == len(data.described().keys):
        return join("All (", v("trials.all"), ")")
    label = data.described().label
    named = [join(label(g), " (", v(f"pool.{g}.trials"), ")") for g in groups]
    return Markup("; ".join(named))
