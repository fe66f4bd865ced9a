"""Tables of the supplement follow the data without another edit."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from analysis.letter import Letter, data, letter, tables
from analysis.letter.data import Trials
from analysis.letter.evidence.eligible import eligible_trials
from analysis.letter.study import Study
from manuscript.values.markdown import Table

SHIPPED = data.trials()


def without(*names: str) -> tuple[Trials, Letter]:
    """Leave trials out of the data."""
    kept = SHIPPED.where(np.array([name not in names for name in SHIPPED.trial]))
    return kept, Letter(Study(kept, data.cases()))


def plain(made: Table) -> str:
    """Give a table's Markdown with values as they print."""
    return re.sub(r"\[([^\]]*)\]\{\.value [^}]*\}", r"\1", made._repr_markdown_())


def row(made: Table, name: str) -> list[str]:
    lines = [line for line in plain(made).split("\n") if line.startswith(f"| {name} |")]
    assert len(lines) == 1, name
    return [cell.strip() for cell in lines[0].strip("|").split("|")]


def test_counts_of_a_trial_and_of_the_pools() -> None:
    made = tables.counts(SHIPPED, letter())
    assert row(made, "P1") == [
        "P1",
        "Publication",
        "91.0",
        "6 / 231",
        "2 / 229",
        "2.74 (0.68–11.06)",
        "40.2",
        "2.60 (0.96–5.57)",
    ]
    assert row(made, r"\*\*All trials\*\*".replace("\\", ""))[3:6] == [
        "18 / 3265",
        "2 / 2715",
        "4.48 (1.85–10.86)",
    ]
    assert row(made, "P7")[2] == "–"
    assert row(made, "P7")[5] == "–"


@pytest.mark.parametrize(
    "make",
    [
        lambda trials, v: tables.counts(trials, v),
        lambda trials, v: tables.certainty(v),
        lambda trials, v: tables.sensitivity(trials, v),
    ],
    ids=["counts", "certainty", "sensitivity"],
)
def test_deleting_a_trial_changes_its_tables(
    make: Callable[[Trials, Letter], Table],
) -> None:
    trials, v = without("O1")
    before, after = plain(make(SHIPPED, letter())), plain(make(trials, v))
    assert before != after
    assert "4.48 (1.85–10.86)" in before
    assert "4.48 (1.85–10.86)" not in after
    assert "O1" not in after


def test_a_class_without_trials_leaves_no_empty_group() -> None:
    trials, v = without("O1", "O2", "O3", "O4")
    made = plain(tables.counts(trials, v))
    assert "Observation" not in made
    assert "Chemotherapy" in made


def test_sensitivity_holds_every_method_and_every_informative_trial() -> None:
    made = tables.sensitivity(SHIPPED, letter())
    assert row(made, "Without P1")[1:] == ["4", "6.24 (1.98–19.61)", "0.002"]
    informative = re.findall(r"\| Without ([A-Z]\d) \|", plain(made))
    assert informative == ["P1", "P2", "P3", "C1", "O1"]
    # 1e-9 against R is tested in tests/analysis/meta; here only the link
    assert plain(made).count("| Exact conditional | 5 | 8.09 (1.92–72.") == 1
    assert plain(made).count("| Exact conditional | 3 |") == 1
    assert row(made, "Crude, Clopper-Pearson")[2] == "0.55 (0.33–0.87)"


def test_certainty_gives_every_judgement_a_reason() -> None:
    made = tables.certainty(letter())
    used = set(re.findall(r"\^([a-z])\^", plain(made).split("::: {.notes}")[0]))
    explained = re.findall(
        r"\^([a-z])\^\xa0(\S+)", plain(made).split("::: {.notes}")[1]
    )
    assert used == {letter for letter, _ in explained} == set("abcdefghij")
    assert row(made, "**Certainty of the evidence**")[1:] == ["**Low**", "**Low**"]
    assert row(made, "More with lenalidomide, per 1000 (95% CI)")[1:] == [
        "4.8 (0.4–18.2)",
        "2.6 (0.6–7.2)",
    ]


def test_no_count_of_leukemia_stands_beside_a_named_trial() -> None:
    made = tables.eligible(letter())
    text = plain(made)
    assert all(trial.name in text.replace("\\", "") for trial in eligible_trials())
    words = re.sub(r"<https?://[^>]*>", "", text)
    assert not re.search(r"leuk|\bALL\b|malignanc", words, re.IGNORECASE)
    keys = re.findall(r'key="([^"]*)"', made._repr_markdown_())
    assert keys
    assert all(key.startswith("evidence.eligible.") for key in keys)


def test_what_was_not_verified_is_named_and_not_printed() -> None:
    text = plain(tables.eligible(letter()))
    (line,) = [line for line in text.split("\n") if line.startswith("| IFM 2005-02 |")]
    assert "| Arm sizes |" in line
    assert "307" not in line


def test_the_report_lists_all_published_numbers() -> None:
    made = tables.reproduction(letter())
    verdicts = re.findall(
        r"\| (\*\*Differs\*\*|Reproduced|Not recomputable) \|", plain(made)
    )
    assert len(verdicts) == 110
    cases = row(made, "ALL cases collected")
    assert cases[1:3] == ["20", "20"]
    assert cases[5] == "**Differs:** 18 (sum of sources)"
    assert row(made, "Citations identified by the search")[2:4] == [
        "–",
        "Not recomputable",
    ]


def test_a_place_that_does_not_exist_stops_the_checklist() -> None:
    def nowhere(place: str) -> str:
        raise LookupError(f"no place {place}")

    with pytest.raises(
        LookupError, match=r"prisma-harms item 1: no place letter#title"
    ):
        tables.checklists(nowhere)


def test_risk_of_bias_gives_a_reason_for_each_group_and_domain() -> None:
    made = tables.bias(letter())
    reasons = [
        line.split("|")[3].strip()
        for line in plain(made).split("\n")
        if re.match(r"\| (Placebo|Chemotherapy ± SCT|Observation) \(\d+\) \|", line)
    ]
    assert len(reasons) == 24
    assert all(len(reason) > 20 for reason in reasons)


def test_cases_and_their_summary() -> None:
    made = tables.cases(data.cases(), letter())
    assert row(made, "C") == ["C", "61.8", "3.8", "4.3", "Dead", "5.8"]
    assert row(made, "**Median**") == [
        "**Median**",
        "62.6",
        "4.4",
        "5.1",
        "5 of 7 alive",
        "9.6",
    ]


def test_literature_is_ordered_by_size_and_never_summed() -> None:
    text = plain(tables.literature(letter()))
    series = text.split("Case reports")[0]
    sizes = [int(n) for n in re.findall(r"\| (\d+) \|", series)]
    assert sizes == sorted(sizes, reverse=True)
    assert "total" not in text.lower()


def test_search_says_what_is_not_public() -> None:
    text = plain(tables.search())
    assert text.count("Not public") == 4
    assert "November 15, 2023" in text
