"""What a synthetic extract agrees with: aggregates dealt out to single reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]

NONE = -1  # not stated in the report


@dataclass(frozen=True)
class Plan:
    """What single reports of the event say, one entry a report.

    Attributes
    ----------
    drug, duplicate : (n,) bool
        Whether the report names the drug; whether it is suspected to repeat one.
    term : (n,) int
        MedDRA_Id of the reaction.
    sex : (n,) int
        1 male, 2 female, ``NONE`` where the report does not say.
    indication : (n,) int
        Place among the indications of the source, or ``NONE``.
    onset_min, onset_max : (n,) int
        Days, or ``NONE``.
    action : (n,) int
        Dechallenge1, or ``NONE``.
    outcome : (n,) int
        Code, or ``NONE``.
    """

    drug: NDArray[np.bool_]
    duplicate: NDArray[np.bool_]
    term: Codes
    sex: Codes
    indication: Codes
    onset_min: Codes
    onset_max: Codes
    action: Codes
    outcome: Codes

    def __len__(self) -> int:
        return len(self.term)

    def where(self, keep: NDArray[np.bool_]) -> Plan:
        """Return the entries at which ``keep`` is true."""
        return Plan(**{f.name: getattr(self, f.name)[keep] for f in fields(self)})


@dataclass(frozen=True)
class Source:
    """Reports that every extract holds, whatever its size.

    Attributes
    ----------
    drug : (int, int)
        Invented ``DrecNo`` of the drug, and of another record of it.
    co_reported : tuple of int
        Of drugs that are often reported beside it.
    indications : tuple of str
        As they stand in reports.
    deal : callable
        Takes a generator of random numbers and returns the plan.
    notice : str
        What the extract agrees with, for its readers.
    """

    drug: tuple[int, int]
    co_reported: tuple[int, ...]
    indications: tuple[str, ...]
    deal: Callable[[np.random.Generator], Plan]
    notice: str
