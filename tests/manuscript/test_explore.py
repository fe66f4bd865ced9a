"""The explorable forest plot of the letter, in a real browser."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis import meta
from analysis.letter.data import trials
from analysis.letter.figures.forest import explorable
from analysis.letter.study import study
from analysis.meta.results import Pooled
from analysis.plots.explorable import METHODS
from tests.manuscript.test_page import Visit, chromium, output, visit

__all__ = ["chromium", "output", "visit"]

FIELDS = ("estimate", "se", "low", "high", "p", "k", "q", "df", "qP", "i2", "tau2")
POOL = """cases => {
  const plain = x => Number.isNaN(x) ? "nan" : x;
  const section = document.querySelector(".explore");
  return cases.map(([method, flags]) => {
    const pool = section.pool(method, flags);
    return Object.fromEntries(FIELDS.map(f => [f, plain(pool[f])]))
  });
}""".replace("FIELDS", json.dumps(FIELDS))


def pooled(method: str, keep: np.ndarray[Any, Any]) -> Pooled:
    pool = next(one.pool for one in meta.TWO_ARMS if one.name == method)
    return pool(*(column[keep] for column in trials().counts))


def fields(pool: Pooled) -> dict[str, float]:
    spread = pool.heterogeneity
    assert spread is not None
    numbers = (
        *(pool.estimate, pool.se, pool.ci_low, pool.ci_high, pool.p, pool.k),
        *(spread.q, spread.df, spread.p, spread.i2, spread.tau2),
    )
    return dict(zip(FIELDS, map(float, numbers), strict=True))


def opened(visit: Visit) -> Any:
    visit.page.get_by_role("button", name="Explore Figure 1").click()
    section = visit.page.locator(".explore")
    section.wait_for(state="visible")
    return section


def test_the_page_pools_as_the_analysis_does(visit: Visit) -> None:
    rng = np.random.default_rng(20)
    k = len(trials())
    keeps = [np.ones(k, dtype=bool), *(rng.random((80, k)) < rng.random((80, 1)))]
    keeps += [~np.eye(k, dtype=bool)[i] for i in range(k)]
    cases = [(m, keep) for m in METHODS for keep in keeps if keep.any()]
    found = visit.page.evaluate(POOL, [(m, keep.tolist()) for m, keep in cases])
    assert len(found) > 600
    finite = 0
    for (method, keep), told in zip(cases, found, strict=True):
        for name, expected in fields(pooled(method, keep)).items():
            got = math.nan if told[name] == "nan" else told[name]
            assert got == pytest.approx(expected, rel=1e-9, abs=1e-11, nan_ok=True), (
                method,
                np.flatnonzero(keep),
                name,
            )
            finite += math.isfinite(expected)
    assert finite > 4000


def test_the_page_pools_any_counts_as_the_analysis_does(visit: Visit) -> None:
    """Other tables than the shipped one: large, with full arms, heterogeneous."""
    rng = np.random.default_rng(21)
    for _ in range(12):
        k = int(rng.integers(1, 12))
        n1, n2 = rng.integers(2, 400, (2, k))
        a = rng.binomial(n1, rng.choice([0.0, 0.02, 0.3, 0.9, 1.0], k))
        c = rng.binomial(n2, rng.choice([0.0, 0.02, 0.3, 0.9, 1.0], k))
        counts = np.stack([a, n1, c, n2], axis=1).tolist()
        visit.page.evaluate(
            """counts => {
              const svg = document.querySelector("svg[data-explore]");
              const data = JSON.parse(svg.dataset.explore);
              data.trials = counts.map((four, i) => ["T" + i, "G", ...four]);
              const copy = svg.cloneNode(), figure = document.createElement("figure");
              copy.dataset.explore = JSON.stringify(data);
              figure.append(copy);
              const holder = document.createElement("div");
              holder.append(figure);
              document.querySelector(".explore").parentElement.replaceChildren(holder);
              const script = [...document.scripts].find(one =>
                one.textContent.includes("A forest plot to look into"));
              new Function(script.textContent)();
            }""",
            counts,
        )
        cases = [(method, [True] * k) for method in METHODS]
        found = visit.page.evaluate(POOL, cases)
        for (method, _), told in zip(cases, found, strict=True):
            pool = next(one.pool for one in meta.TWO_ARMS if one.name == method)
            for name, expected in fields(pool(a, n1, c, n2)).items():
                got = math.nan if told[name] == "nan" else told[name]
                assert got == pytest.approx(
                    expected, rel=1e-9, abs=1e-11, nan_ok=True
                ), (method, counts, name)


def test_a_reader_leaves_out_trials_by_keyboard(visit: Visit) -> None:
    section = opened(visit)
    result = section.get_by_role("status")
    assert "4.48 (1.85–10.86), P < 0.01; I² = 0%, P = 0.93" in result.inner_text()
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.tagName") == "SELECT"
    section.get_by_label("Method").select_option("mh")
    assert "8.30 (1.89–36.51)" in result.inner_text()
    section.get_by_label("Method").select_option("peto")
    section.get_by_label("P5", exact=True).focus()
    visit.page.keyboard.press("Space")
    # As Table S8 prints it.
    assert "4.77 (1.71–13.29)" in result.inner_text()
    assert "17 of 18 trials kept, 4 of them in the estimate" in result.inner_text()
    group = section.get_by_label("Placebo")
    assert group.evaluate("box => box.indeterminate")
    group.click()
    section.get_by_label("Chemotherapy ± SCT").uncheck()
    section.get_by_label("Observation").uncheck()
    section.get_by_label("P5", exact=True).check()
    pool = study().risk["placebo"].natural()
    assert "3.82" in f"{float(pool[0]):.2f}"
    section.get_by_role("button", name="Keep all trials").click()
    assert "18 of 18 trials kept" in result.inner_text()


def test_all_trials_may_be_left_out(visit: Visit) -> None:
    section = opened(visit)
    for group in ("Placebo", "Chemotherapy ± SCT", "Observation"):
        section.get_by_label(group).uncheck()
    words = section.get_by_role("status").inner_text()
    assert "not estimable" in words
    assert "0 of 18 trials kept" in words
    assert visit.errors == []


def test_no_reader_misses_that_counts_are_reconstructed(visit: Visit) -> None:
    section = opened(visit)
    assert "reconstructed from published totals, not collected" in section.inner_text()
    visit.page.emulate_media(media="print")
    assert not section.is_visible()
    assert visit.page.locator("svg[data-explore]").is_visible()


@pytest.mark.parametrize(
    "visit",
    [{"has_touch": True, "viewport": {"width": 360, "height": 740}}],
    indirect=True,
)
def test_it_fits_a_phone_and_answers_taps(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Explore Figure 1").tap()
    section = visit.page.locator(".explore")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    table = section.locator("table").bounding_box()
    assert table["x"] + table["width"] <= 360
    section.get_by_label("O2", exact=True).tap()
    assert "17 of 18" in section.get_by_role("status").inner_text()
    for label in section.locator("label:has(input)").all():
        assert label.bounding_box()["height"] >= 24


@pytest.mark.parametrize(
    "visit",
    [
        {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
        for scheme in ("light", "dark")
        for width in (360, 1200)
    ],
    indirect=True,
)
def test_axe_finds_no_violation_in_it(visit: Visit) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    section = opened(visit)
    section.get_by_label("O2", exact=True).uncheck()
    found = axe.run(visit.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_the_letter_stays_small(output: Path) -> None:
    assert (output / "index.html").stat().st_size < 250_000


def test_collected_counts_carry_no_notice() -> None:
    from dataclasses import replace

    own = study()
    collected = replace(own, trials=replace(own.trials, basis="collected"))
    assert explorable(own).notice
    assert not explorable(collected).notice
