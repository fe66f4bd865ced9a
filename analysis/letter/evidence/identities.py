"""Identities between the printed numbers of the published letter.

A sum, a share, the middle of a confidence interval, the pool of groups under
one common effect: each gives a printed number as a function of others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, ndtr, ndtri

from analysis.meta import cochran_q

SUBGROUPS = ("placebo", "chemotherapy", "observation")

_Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Identity:
    """A printed number as a function of others.

    Attributes
    ----------
    key : str
    inputs : tuple of str
        Keys of the numbers that give it.
    formula : callable
        Takes the inputs in order; monotone in each over its rounding interval.
    says : str
        The identity in words.
    """

    key: str
    inputs: tuple[str, ...]
    formula: Callable[..., float]
    says: str


def _total(*parts: float) -> float:
    return sum(parts)


def _share(part: float, whole: float) -> float:
    return 100 * part / whole


def _other_share(part: float, whole: float) -> float:
    return 100 * (whole - part) / whole


def _middle(low: float, high: float) -> float:
    return (low + high) / 2


def _geometric_middle(low: float, high: float) -> float:
    return math.sqrt(low * high)


def _z_test(low: float, high: float) -> float:
    z = _Z * (math.log(high) + math.log(low)) / (math.log(high) - math.log(low))
    return float(2 * ndtr(-abs(z)))


def _logit(percent: float) -> float:
    return math.log(percent / (100 - percent))


def _percent(logit: float) -> float:
    return 100 / (1 + math.exp(-logit))


def _logit_middle(low: float, high: float) -> float:
    return _percent((_logit(low) + _logit(high)) / 2)


def _i2(p: float, trials: float) -> float:
    q = float(chdtri(trials - 1, p))
    return 100 * max(0.0, (q - (trials - 1)) / q)


def _overall(limit: float) -> Callable[..., float]:
    """Pool subgroups of one common-effect model, given as pairs of limits."""

    def pool(*ends: float) -> float:
        logits = np.array([_logit(end) for end in ends]).reshape(-1, 2)
        weight = (2 * _Z / (logits[:, 1] - logits[:, 0])) ** 2
        mean = float(np.sum(weight * logits.mean(axis=1)) / np.sum(weight))
        return _percent(mean + limit * _Z / math.sqrt(float(np.sum(weight))))

    return pool


def between_groups(numbers: Sequence[float]) -> float:
    """Cochran's Q between groups, each given as percent, lower and upper limit."""
    logits = np.array([_logit(number) for number in numbers]).reshape(-1, 3)
    weight = (2 * _Z / (logits[:, 2] - logits[:, 1])) ** 2
    mean = np.sum(weight * logits[:, 0]) / np.sum(weight)
    return float(cochran_q(logits[:, 0], weight, np.asarray(mean)))


def _shares(whole: str, says: str, *parts: str) -> list[Identity]:
    return [Identity(f"{part}.percent", (part, whole), _share, says) for part in parts]


def _pools() -> list[Identity]:
    found = []
    for name in ("placebo", "all"):
        ends = (f"risk.{name}.ci_low", f"risk.{name}.ci_high")
        says = "middle of the limits on the log scale"
        found.append(Identity(f"risk.{name}.or", ends, _geometric_middle, says))
        found.append(Identity(f"risk.{name}.p", ends, _z_test, "z test of the limits"))
    for name in (*SUBGROUPS, "all"):
        ends = (f"incidence.{name}.ci_low", f"incidence.{name}.ci_high")
        says = "middle of the limits on the logit scale"
        found.append(Identity(f"incidence.{name}", ends, _logit_middle, says))
        inputs = (f"incidence.{name}.q_p", f"trials.{name}")
        says = "heterogeneity P over all trials"
        found.append(Identity(f"incidence.{name}.i2", inputs, _i2, says))
    groups = tuple(
        f"incidence.{group}.{end}"
        for group in SUBGROUPS
        for end in ("ci_low", "ci_high")
    )
    for end, limit in (("ci_low", -1.0), ("ci_high", 1.0)):
        says = "common-effect pool of the three groups"
        found.append(Identity(f"incidence.all.{end}", groups, _overall(limit), says))
    return found


IDENTITIES: tuple[Identity, ...] = (
    Identity(
        "trials.all", ("trials.placebo", "trials.open_label"), _total, "sum of designs"
    ),
    Identity(
        "trials.open_label",
        ("trials.chemotherapy", "trials.observation"),
        _total,
        "sum of controls",
    ),
    Identity(
        "patients.all",
        ("patients.lenalidomide", "patients.control"),
        _total,
        "sum of arms",
    ),
    *_shares(
        "patients.all", "share of patients", "patients.lenalidomide", "patients.control"
    ),
    Identity(
        "cases.all",
        (
            "cases.from_publications",
            "cases.from_registries",
            "cases.from_investigator",
        ),
        _total,
        "sum of sources",
    ),
    Identity(
        "cases.death.n",
        ("cases.detailed", "cases.alive"),
        lambda detailed, alive: detailed - alive,
        "detailed cases less the living",
    ),
    *_shares("cases.detailed", "share of detailed cases", "cases.alive"),
    Identity(
        "cases.death.median",
        ("cases.death.q1", "cases.death.q3"),
        _middle,
        "middle of the quartiles of two",
    ),
    *_pools(),
    *_shares("vigibase.all_drugs", "share of reports", "vigibase.lenalidomide"),
    Identity(
        "vigibase.lenalidomide",
        ("vigibase.all_nos", "vigibase.b_all", "vigibase.bcr_abl1"),
        _total,
        "sum of kinds",
    ),
    *_shares("vigibase.sex.available", "share of reports with sex", "vigibase.male"),
    *_shares(
        "vigibase.indication.available",
        "share of reports with indication",
        "vigibase.myeloma",
        "vigibase.leukemia",
        "vigibase.lymphoma",
    ),
    Identity(
        "vigibase.non_myeloma.percent",
        ("vigibase.myeloma", "vigibase.indication.available"),
        _other_share,
        "share of reports with indication",
    ),
    *_shares(
        "vigibase.withdrawn.available",
        "share of reports with action",
        "vigibase.withdrawn",
    ),
    Identity(
        "vigibase.outcome.available",
        ("vigibase.not_recovered", "vigibase.recovered", "vigibase.fatal"),
        _total,
        "sum of outcomes",
    ),
    *_shares(
        "vigibase.outcome.available",
        "share of reports with outcome",
        "vigibase.not_recovered",
        "vigibase.recovered",
        "vigibase.fatal",
    ),
)
