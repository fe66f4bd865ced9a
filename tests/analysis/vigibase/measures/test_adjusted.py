"""Logistic adjustment against glm of R, and interaction against vigicaen."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from analysis.letter.extract import SHIPPED, codes_path
from analysis.vigibase import Extract, read_codes
from analysis.vigibase.cohort import cohort
from analysis.vigibase.measures.interaction import from_counts, interaction
from analysis.vigibase.measures.logistic import adjusted, maximum


def test_grouped_reports_give_what_glm_gives() -> None:
    # R: d <- expand.grid(drug = 0:1, sex = c("a", "b"), age = c("x", "y", "z"))
    #    glm(cbind(y, n - y) ~ drug + sex + age, binomial, d)
    n = [100, 40, 90, 60, 200, 80, 150, 70, 50, 30, 66, 44]
    y = [5, 6, 3, 7, 20, 16, 9, 11, 4, 8, 2, 9]
    rows = [
        (1, drug, sex == "b", age == "y", age == "z")
        for age, sex, drug in product("xyz", "ab", (0, 1))
    ]
    estimate, error, score = maximum(rows, y, n, of=1)
    assert estimate == pytest.approx(1.158226607515007, rel=1e-12)
    assert error == pytest.approx(0.217474184222344, rel=1e-12)
    assert score < 1e-12


def test_the_shipped_reports_give_what_glm_gives() -> None:
    # R: glm(y ~ x + age + sex, binomial, demo), unknown a level of each;
    # exp(b + c(0, -1, 1) * qnorm(0.975) * se)
    codes = read_codes(codes_path())
    cases = cohort(
        Extract.open(SHIPPED), codes.drug.codes, codes.reaction.codes, codes.roles
    )
    found = adjusted(cases, ["age", "sex"])
    expected = (13.869034084129115, 6.789326871134507, 28.331248454766634)
    assert (found.ror, found.ror_low, found.ror_high) == pytest.approx(
        expected, rel=1e-9
    )
    assert found.score < 1e-12


def test_without_covariates_it_is_the_crude_ratio() -> None:
    estimate, error, _ = maximum([[1, 0], [1, 1]], [30, 12], [1000, 90], of=1)
    assert math.exp(estimate) == pytest.approx((12 / 78) / (30 / 970), rel=1e-12)
    assert error == pytest.approx(math.sqrt(1 / 12 + 1 / 78 + 1 / 30 + 1 / 970))


@pytest.mark.parametrize(
    ("events", "total"), [([0, 0], [5, 5]), ([5, 0], [5, 5]), ([0, 3], [10, 10])]
)
def test_what_has_no_maximum_is_not_estimated(
    events: list[int], total: list[int]
) -> None:
    assert math.isnan(maximum([[1, 0], [1, 1]], events, total, of=1)[0])


def test_a_level_without_an_event_says_nothing_of_the_drug() -> None:
    rows = [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]]
    with_level = maximum(rows, [30, 12, 0, 0], [1000, 90, 7, 3], of=1)
    assert with_level == pytest.approx(
        maximum([[1, 0], [1, 1]], [30, 12], [1000, 90], of=1)
    )


def test_interaction_from_all_reports_and_from_cells_apart() -> None:
    counts = {"xyz": 8, "xy": 20, "xz": 50, "yz": 30, "x": 400, "y": 300, "z": 500}
    found = from_counts(**counts, total=10_000)
    assert found.expected == 20 * 50 * 30 * 10_000 / (400 * 300 * 500)
    # vigicaen: n_xy and the others count reports without the third.
    assert found.expected_apart == 12 * 42 * 22 * 10_000 / (338 * 258 * 428)
    # R: log2(qgamma(0.025, 8.5, rate = 5.5))
    assert found.ic_low == pytest.approx(-0.540246693931624, abs=1e-12)


def test_interaction_counts_reports() -> None:
    reports = np.arange(1, 41)
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": reports},
            "drug": {
                "UMCReportId": [*reports[:20], *reports[10:30]],
                "Drug_Id": range(40),
                "DrecNo": [1] * 20 + [2] * 20,
                "Basis": [1] * 40,
            },
            "adr": {
                "UMCReportId": reports[15:40],
                "Adr_Id": range(25),
                "MedDRA_Id": [7] * 25,
            },
        }
    )
    found = interaction(cohort(extract, [1], [7]), [2], "s", "b", "B")
    assert found.n == 5
    assert found.expected == 5 * 10 * 15 * 40 / (20 * 25 * 20)
