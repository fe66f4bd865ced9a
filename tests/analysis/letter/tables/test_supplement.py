"""Tables of the supplement follow the data without another edit."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis import meta
from analysis.letter import Letter, data, letter, tables
from analysis.letter.data import Trials
from analysis.letter.evidence.eligible import eligible_trials
from analysis.letter.study import Study
from analysis.review import certainty as grade
from manuscript.values.markdown import Table
from tests.analysis.letter.counts import COUNTS

SHIPPED = data.trials()
TITLE = "ALL against placebo (primary); median follow-up 12.9 months to 12.5 years"


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
    assert row(made, "P5") == [
        "P5",
        "4 / 114",
        "1 / 124",
        "3.70 (0.63–21.71)",
        "25.1",
        "3.51 (0.96–8.74)",
    ]
    assert row(made, r"\*\*All trials\*\*".replace("\\", ""))[1:4] == [
        "18 / 3265",
        "2 / 2715",
        "4.48 (1.85–10.86)",
    ]
    assert row(made, "P7")[3] == "–"


def test_source_and_follow_up_of_a_trial_are_listed_once_collected() -> None:
    """In a reconstruction which trial has which is a matter of chance."""
    invented = plain(tables.counts(SHIPPED, letter()))
    assert "Source" not in invented
    assert "follow-up" not in invented
    assert not [
        key
        for key in letter().all()
        if key.startswith("trial.") and key.endswith(".followup")
    ]
    collected = replace(COUNTS, basis="collected")
    made = tables.counts(collected, Letter(Study(collected, data.cases())))
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
    assert row(made, "P7")[2] == "–"


def test_cases_by_source_are_cases_once_the_source_is_known() -> None:
    """What the letter prints sums to its trials, and is carried over till then."""
    keys = ("publications", "registries", "investigator")
    invented = letter()
    printed = [invented(f"cases.from_{key}") for key in keys]
    assert [value.number for value in printed] == [9, 8, 1]
    assert {value.origin.basis for value in printed} == {"published"}
    collected = replace(COUNTS, basis="collected")
    v = Letter(Study(collected, data.cases()))
    counted = [v(f"cases.from_{key}") for key in keys]
    assert sum(value.number for value in counted) == v("cases.all").number == 20
    assert {value.origin.basis for value in counted} == {"collected"}


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
    trials, v = without("O2")
    before, after = plain(make(SHIPPED, letter())), plain(make(trials, v))
    assert before != after
    assert "4.48 (1.85–10.86)" in before
    assert "4.48 (1.85–10.86)" not in after
    assert "O2" not in after


def test_a_class_without_trials_leaves_no_empty_group() -> None:
    trials, v = without("O1", "O2", "O3", "O4")
    made = plain(tables.counts(trials, v))
    assert "Observation" not in made
    assert "Chemotherapy" in made


def test_sensitivity_holds_every_method_and_every_informative_trial() -> None:
    made = tables.sensitivity(SHIPPED, letter())
    informative = re.findall(r"\| Without ([A-Z]\d) \|", plain(made))
    assert informative == ["P5", "P6", "P8", "C2", "O2"]
    # 1e-9 against R is tested in tests/analysis/meta; here only the link
    assert plain(made).count("| Exact conditional | 5 | 8.08 (1.9") == 1
    assert plain(made).count("| Exact conditional | 3 |") == 1
    assert row(made, "Crude, Clopper-Pearson")[2] == "0.55 (0.33–0.87)"
    # methods that answer alike share a row, and none is lost
    for method in meta.TWO_ARMS:
        per = method.label if method.name != "asd" else "Inverse variance"
        assert plain(made).replace("\\", "").count(per) >= 2, method.name


def test_p_values_print_alike_in_letter_and_table() -> None:
    v = letter()
    for scope in ("", ".placebo"):
        one = v(f"sensitivity{scope}.peto.p").text
        assert one == v(f"risk.{scope.strip('.') or 'all'}.p").text


def test_the_interval_of_i2_is_shown() -> None:
    made = plain(tables.sensitivity(SHIPPED, letter()))
    assert made.count("0 (0–79)") == 1
    assert made.count("17 (0–52)") == 1


def test_certainty_gives_every_judgment_a_reason() -> None:
    made = tables.certainty(letter())
    notes = plain(made).split("::: {.notes}")[1]
    for title in grade.DOMAINS.values():
        assert notes.count(f"{title}: ") == 2
    assert plain(made).count("**⊕○○○ Very low**") == 2
    assert notes.count("very serious (−2)") == 2
    assert "\\" not in notes
    assert plain(made).count("suggests that lenalidomide may increase the risk") == 2
    first = row(made, TITLE)
    assert first[5] == "4.5 (0.4–17.2) more"


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
    (line,) = [line for line in text.split("\n") if line.startswith("| IFM 2005-02;")]
    assert "| – |" in line
    assert "307" not in line
    assert text.count("| Not found |") == 1


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
    made = plain(tables.bias(letter()))
    named = r"(?:All|Placebo|Chemotherapy ± SCT|Observation)"
    lines = re.findall(rf"^\| ({named}[^|]*) \|[^|]*\| ([^|]*) \|", made, re.MULTILINE)
    judged = sum(3 if who.startswith("All") else who.count("(") for who, _ in lines)
    assert judged == 24
    assert all(len(reason) > 20 for _, reason in lines)
    assert made.count("concealed was not examined") == 1
    (selection,) = [x for x in made.split("\n") if "concealed was not" in x]
    assert "| Unclear |" in selection


def test_cases_and_their_summary() -> None:
    made = tables.cases(data.cases(), letter())
    assert row(made, "**Median**") == [
        "**Median**",
        "62.6",
        "4.4",
        "5.1",
        "5 of 7 alive",
        "9.6",
    ]


def test_single_cases_are_listed_once_they_are_collected() -> None:
    assert "| C |" not in plain(tables.cases(data.cases(), letter()))
    assert not [key for key in letter().all() if key.startswith("case.")]
    collected = replace(data.cases(), basis="collected")
    made = tables.cases(collected, Letter(Study(data.trials(), collected)))
    assert row(made, "C") == ["C", "61.8", "3.8", "4.3", "Dead", "5.8"]


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
