"""A few dozen of the tables that ``python -m tests.any_table`` draws by thousands."""

from pathlib import Path

import pytest

from analysis.letter.figures import figure_1, figure_s2
from analysis.reconstruction.consequences import CHANGES
from manuscript.values.text import in_words
from tests.any_table.passing import fault, fits, study, values
from tests.any_table.tables import COLUMNS, table
from tests.described import described

QUICK = [seed for seed in range(200) if table(seed).count("\n") <= 7][:30]


@pytest.mark.parametrize("seed", QUICK)
def test_any_table_has_every_value_and_table(tmp_path: Path, seed: int) -> None:
    path = described(tmp_path / "trials.csv")
    path.write_text(table(seed), encoding="utf-8")
    assert fault(path, with_figures=seed in QUICK[:6]) == ""


def rows(*rows: str) -> str:
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return described(tmp_path / "trials.csv")


def test_a_class_without_trials_counts_none_and_has_no_estimate(path: Path) -> None:
    path.write_text(
        rows(
            "C1,chemotherapy,100,100,3,1,,registry",
            "C2,chemotherapy,80,90,0,1,,registry",
        )
    )
    v = values(study(path))
    assert v("trials.placebo").text == "0"
    assert v("risk.placebo.or").text == "not estimable"
    assert v.ci("risk.placebo").text == "not estimable"
    assert v("risk.placebo.or").origin.is_empty
    assert v("risk.placebo.or").origin.rows == "no row with control_class = placebo"
    assert not v("risk.chemotherapy.or").origin.is_empty


@pytest.mark.parametrize(
    ("events", "printed"),
    [("20,2", f"more than {in_words(CHANGES)}"), ("0,0", "not estimable")],
)
def test_fragility_prints_what_the_search_found(
    path: Path, events: str, printed: str
) -> None:
    path.write_text(rows(f"P1,placebo,231,229,{events},91,publication"))
    v = values(study(path))
    assert v.words("sensitivity.placebo.fragility").text == printed


def test_many_trials_go_on_on_further_pages_of_the_journals_size(path: Path) -> None:
    many = [f"{i} {'long name ' * 15},placebo,99,98,{i % 3},0,," for i in range(90)]
    path.write_text(rows(*(f"{row}registry" for row in many)))
    picture = figure_1(study(path))
    fits(picture)
    assert len(picture.pages) > 1
    assert "long name " * 14 in picture.alt


def test_a_class_without_trials_has_a_figure_that_says_so(path: Path) -> None:
    path.write_text(rows("C1,chemotherapy,100,100,3,1,,registry"))
    picture = figure_s2(study(path))
    fits(picture)
    assert picture.alt.startswith("No trial has this control: ")
