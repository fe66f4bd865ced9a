"""Every analysis over the ensemble, and what is said of trials that disagree."""

import re

import numpy as np
import pytest

from analysis import meta
from analysis.letter import Letter, data, letter, tables
from analysis.letter.study import Study

SHIPPED = data.trials()


def lines(v: Letter) -> list[str]:
    made = tables.ensemble(v)._repr_markdown_()
    return re.sub(r"\[([^\]]*)\]\{\.value [^}]*\}", r"\1", made).split("\n")


def rows(v: Letter, label: str) -> list[list[str]]:
    found = [line for line in lines(v) if line.startswith(f"| {label} |")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def without(*names: str) -> Letter:
    kept = np.array([name not in names for name in SHIPPED.trial])
    return Letter(Study(SHIPPED.where(kept), data.cases()))


def test_each_method_has_a_row_or_shares_one() -> None:
    v = letter()
    shared = next(line for line in lines(v) if "is also that of" in line)
    for method in meta.TWO_ARMS:
        per = ", per 1000" if method.name in ("rd", "rd-iv") else ""
        found = len(rows(v, method.label + per))
        # no variation between trials is estimated in any table: one row for four
        alike = method.name in ("dl", "pm", "reml")
        assert found == (0 if alike or method.name == "asd" else 2), method.name
        assert not alike or method.label in shared


def test_peto_is_what_the_letter_prints_in_every_table() -> None:
    against_placebo, against_any = rows(letter(), "Peto")
    assert against_placebo[1:] == ["3.82", "3.82", "3.82", "3.82", "0.02", "100.0"]
    assert against_any[1:] == ["4.48", "4.48", "4.48", "4.48", "< 0.01", "100.0"]


def test_what_is_proved() -> None:
    (control,) = [row for row in rows(letter(), "Any control") if "/" in row[1]]
    assert control[1] == control[4] == "18 / 2 / 5"


def test_a_search_that_went_no_further_says_so() -> None:
    placebo, anywhere = rows(letter(), "Peto, outcomes to change until it turns")
    assert placebo[1:5] == ["1", "1", "1", "1"]
    assert [cell.lower() for cell in anywhere[1:5]] == ["more than 2"] * 4


@pytest.mark.parametrize("name", ["O4", "P5", "O2"])
def test_trials_that_disagree_with_the_letter_are_told_apart(name: str) -> None:
    before, after = letter(), without(name)
    assert "agrees with all 39 published aggregates" in "\n".join(lines(before))
    notes = "\n".join(lines(after))
    met = after("ensemble.aggregates.met").text
    assert f"agrees with {met} of the 39 published aggregates" in notes
    assert "as do those sampled" not in notes
    # what others would say stays
    assert [row[2:] for row in rows(before, "Exact conditional")] == [
        row[2:] for row in rows(after, "Exact conditional")
    ]


def test_a_class_without_trials_is_not_known_as_analyzed() -> None:
    v = without(*(name for name in SHIPPED.trial if name.startswith("C")))
    found = rows(v, "Chemotherapy ± SCT")
    assert [row[1] for row in found] == ["–", "–", "–"]
    assert found[0][4] == "3 / 0 / 1"
