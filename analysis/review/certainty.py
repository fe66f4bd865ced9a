"""Certainty of the evidence by GRADE, with absolute effects and imprecision.

Randomized trials start at high certainty; each of five domains may take it
down. Four domains are judged by people, with a reason; imprecision is computed
from the interval and from the optimal information size.

References
----------
Guyatt GH, Oxman AD, Vist GE, et al. GRADE: an emerging consensus on rating
quality of evidence and strength of recommendations. BMJ 2008;336:924-6.
Guyatt GH, Oxman AD, Kunz R, et al. GRADE guidelines 6. Rating the quality of
evidence - imprecision. J Clin Epidemiol 2011;64:1283-93.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from scipy.special import ndtri

from analysis.review.records import Folder, not_once, text
from analysis.schema import Cell, CellError, one_of

JUDGED = ("risk-of-bias", "inconsistency", "indirectness", "publication-bias")
IMPRECISION = "imprecision"
DOMAINS = {
    "risk-of-bias": "Risk of bias",
    "inconsistency": "Inconsistency",
    "indirectness": "Indirectness",
    IMPRECISION: "Imprecision",
    "publication-bias": "Publication bias",
}
CERTAINTIES = ("Very low", "Low", "Moderate", "High")

# GRADE's customary effect for the information size: a quarter more or less.
RELATIVE_INCREASE = 0.25
# Share of the information size below which events are very few.
VERY_FEW = 0.1
SIGNS = "\N{CIRCLED PLUS}", "\N{WHITE CIRCLE}"


@dataclass(frozen=True)
class Downgrade:
    """Levels by which a domain takes certainty down, and why."""

    outcome: str
    domain: str
    levels: int
    reason: str


@dataclass(frozen=True)
class AbsoluteEffect:
    """Risks in [0, 1] that an odds ratio implies at a baseline risk.

    Attributes
    ----------
    baseline : float
        Risk without treatment.
    risk, risk_low, risk_high : float
        Risk with treatment, at the odds ratio and its limits.
    """

    baseline: float
    risk: float
    risk_low: float
    risk_high: float

    @property
    def difference(self) -> tuple[float, float, float]:
        """Excess risk, at the odds ratio and its limits."""
        return (
            self.risk - self.baseline,
            self.risk_low - self.baseline,
            self.risk_high - self.baseline,
        )


def absolute_effect(
    baseline: float, odds_ratio: tuple[float, float, float]
) -> AbsoluteEffect:
    """Turn an odds ratio into risks.

    Parameters
    ----------
    baseline : float
        Risk without treatment, in [0, 1]; the uncertainty of it is left out,
        as GRADE does.
    odds_ratio : tuple of float
        Estimate and limits.
    """
    return AbsoluteEffect(baseline, *(treated_risk(baseline, x) for x in odds_ratio))


def treated_risk(baseline: float, odds_ratio: float) -> float:
    """Risk with treatment: p·OR / (1 - p + p·OR); NaN for the odds ratio 0 of risk 1.

    Examples
    --------
    >>> round(treated_risk(0.2, 3.0), 4)
    0.4286
    """
    odds = baseline * odds_ratio
    whole = 1 - baseline + odds
    return odds / whole if whole else math.nan


def optimal_information_size(
    baseline: float, treated: float, alpha: float = 0.05, power: float = 0.80
) -> float:
    """Patients in two equal arms that a single trial would need.

    Parameters
    ----------
    baseline, treated : float
        Risks to tell apart, in [0, 1].
    alpha : float
        Two-sided.
    power : float

    Returns
    -------
    float
        Rounded up to whole patients an arm; NaN where the risks do not differ.

    Notes
    -----
    Normal approximation without continuity correction, as ``power.prop.test``
    of R solves it in closed form.

    Examples
    --------
    >>> optimal_information_size(0.1, 0.2)
    398.0
    """
    if not baseline < treated < 1:
        return math.nan
    mean = (baseline + treated) / 2
    spread = float(ndtri(1 - alpha / 2)) * math.sqrt(2 * mean * (1 - mean))
    spread += float(ndtri(power)) * math.sqrt(
        baseline * (1 - baseline) + treated * (1 - treated)
    )
    return 2.0 * math.ceil((spread / (treated - baseline)) ** 2)


def imprecision(patients: int, wanted: float, interval: tuple[float, float]) -> int:
    """Grade imprecision from the numbers.

    A level for fewer patients than the optimal information size, and another if
    they are fewer than a tenth of it or the interval includes no effect. GRADE
    asks for two levels where events are very few and leaves the limit to who
    judges; the tenth is the judgment of this project.

    Parameters
    ----------
    patients : int
    wanted : float
        Optimal information size; NaN, where it cannot be computed, counts as
        not reached.
    interval : tuple of float
        Limits of the odds ratio; NaN counts as including no effect.

    Returns
    -------
    int
        Levels down: 0, 1 or 2.
    """
    low, high = interval
    reached = patients >= wanted
    excludes_no_effect = low > 1 or high < 1
    very_few = not patients >= VERY_FEW * wanted
    return (not reached) + (very_few or not excludes_no_effect)


def signs(levels: int) -> str:
    """Draw the certainty that is left as GRADE does, such as ``⊕⊕○○``."""
    left = max(len(CERTAINTIES) - levels, 1)
    return SIGNS[0] * left + SIGNS[1] * (len(CERTAINTIES) - left)


def certainty(levels: int) -> str:
    """Name the certainty that is left of high after some levels down."""
    return CERTAINTIES[max(len(CERTAINTIES) - 1 - levels, 0)]


def read_judged(
    folder: Folder, name: str, outcomes: Sequence[str]
) -> dict[tuple[str, str], Downgrade]:
    """Read the judged domains, by outcome and domain.

    Parameters
    ----------
    folder : Folder
    name : str
        File in it.
    outcomes : sequence of str
        Every one is judged in every domain but imprecision.

    Raises
    ------
    DataError
        With every fault of the table, and for an outcome that lacks a domain.
    """
    rows = folder.read(
        name,
        Downgrade,
        {
            "outcome": one_of(*outcomes),
            "domain": one_of(*JUDGED),
            "levels": _levels,
            "reason": text,
        },
    )
    pairs = [(row.outcome, row.domain) for row in rows]
    folder.refuse(name, not_once(pairs, product(outcomes, JUDGED)))
    return dict(zip(pairs, rows, strict=True))


def _levels(cell: str) -> Cell:
    if cell not in ("0", "1", "2"):
        raise CellError("0, 1 or 2 levels")
    return int(cell)
