"""The next question, in one file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.letter.extract import SHIPPED
from analysis.vigibase import CodesError, Extract, describe
from analysis.vigibase.codes import read_questions
from analysis.vigibase.cohort import population
from analysis.vigibase.study.remarks import remarks
from analysis.vigibase.study.restriction import Restriction

STUDY = """
drugs:
  - {key: one, label: Drug one, drecno: [1]}
  - {key: two, label: Drug two, drecno: [2], roles: [suspect]}
reactions:
  - {key: pain, label: Pain, terms: [{key: ache, label: Ache, meddra: [7]}]}
  - {key: rash, label: Rash, terms: [{key: itch, label: Itch, meddra: [8, 9]}]}
smallest_cell: 1
"""
ONE = """
drug: {key: one, label: Drug one, drecno: [1]}
reaction: {label: Pain, terms: [{key: ache, label: Ache, meddra: [7]}]}
smallest_cell: 1
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "codes.yml"
    path.write_text(text)
    return path


@pytest.fixture
def reports() -> Extract:
    """Give forty reports: drug 1 in twenty, drug 2 in ten, reaction 7 in half."""
    ids = list(range(1, 41))
    return Extract.from_tables(
        {
            "demo": {
                "UMCReportId": ids,
                "AgeGroup": [5 + r % 3 for r in ids],
                "Gender": [1 + r % 2 for r in ids],
                "Type": [1 if r % 4 else 2 for r in ids],
                "Region": [2 if r % 5 else 4 for r in ids],
                "FirstDateDatabase": [f"20{10 + r % 10}0601" for r in ids],
                "DateDatabase": ["20240101"] * 40,
            },
            "drug": {
                "UMCReportId": ids,
                "Drug_Id": ids,
                "DrecNo": [1 if r <= 20 else 2 if r <= 30 else 3 for r in ids],
                "Basis": [1 if r % 6 else 2 for r in ids],
            },
            "adr": {
                "UMCReportId": ids,
                "Adr_Id": ids,
                "MedDRA_Id": [7 if r % 2 or r > 36 else 8 for r in ids],
            },
            "srce": {"UMCReportId": ids, "Type": [1 if r % 3 else 5 for r in ids]},
        }
    )


def test_each_drug_is_asked_with_each_reaction(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path, STUDY))
    asked = [(codes.drug.key, codes.reaction.key, codes.roles) for codes in questions]
    assert asked == [
        ("one", "pain", "sci"),
        ("one", "rash", "sci"),
        ("two", "pain", "s"),
        ("two", "rash", "s"),
    ]


@pytest.mark.parametrize(
    ("restriction", "kept"),
    [
        (Restriction(only=(("sex", ("1",)),)), lambda r: r % 2 == 0),
        (Restriction(without=(("type", ("2",)),)), lambda r: r % 4 != 0),
        (Restriction(only=(("reporter", ("1", "2", "3")),)), lambda r: r % 3 != 0),
        (
            Restriction(only=(("region", ("4",)), ("age", ("5",)))),
            lambda r: r % 15 == 0,
        ),
        (
            Restriction(since="2014-01-01", until="2016-12-31"),
            lambda r: r % 10 in (4, 5, 6),
        ),
    ],
)
def test_a_restriction_keeps_the_reports_it_says(
    reports: Extract, restriction: Restriction, kept: object
) -> None:
    chosen = population(reports, restriction)
    found = reports.query(f"SELECT UMCReportId FROM demo WHERE {chosen.counted}")
    assert {int(r) for (r,) in found} == {r for r in range(1, 41) if kept(r)}  # type: ignore[operator]


def test_a_restriction_is_a_step_of_the_flow(reports: Extract, tmp_path: Path) -> None:
    (codes,) = read_questions(
        written(
            tmp_path, ONE + "restrict: {sex: [male], without: {type: [from_study]}}"
        )
    )
    steps = describe(reports, codes).flow.steps
    assert [(step.key, step.n) for step in steps] == [
        ("reports", 40),
        ("counted", 40),
        ("within", 10),
        ("all_drugs", 1),
        ("one", 0),
    ]


def test_a_comparator_takes_the_place_of_all_others(
    reports: Extract, tmp_path: Path
) -> None:
    (codes,) = read_questions(
        written(tmp_path, ONE + "comparator: {key: two, label: Two, drecno: [2]}")
    )
    found = describe(reports, codes).disproportionality[0]
    assert (found.a, found.b, found.c, found.d) == (10, 10, 5, 5)
    assert found.ror == 1


def test_sensitivity_sets_and_interactions_are_told(
    reports: Extract, tmp_path: Path
) -> None:
    text = ONE + (
        "interacting: [{key: three, label: Three, drecno: [3]}]\n"
        "adjust: [sex, year]\n"
        "ebgm: yes\n"
        "sensitivity:\n"
        "  - {key: suspect_only, label: Suspect only, roles: [suspect]}\n"
        "  - {key: professionals, label: Health professionals,\n"
        "     restrict: {reporter: [physician, pharmacist, other_professional]}}\n"
    )
    (codes,) = read_questions(written(tmp_path, text))
    further = describe(reports, codes).further
    suspect, professionals = (other.table for other in further.sensitivity)
    cases = {r for r in range(1, 21) if r % 2}
    assert suspect.a == len({r for r in cases if r % 6})
    assert professionals.a == len({r for r in cases if r % 3})
    assert further.interactions[0].n == 0
    assert further.adjusted is not None
    assert further.adjusted.covariates == ("sex", "year")
    assert further.shrunk is not None


def test_codes_that_match_nothing_and_levels_are_told(
    reports: Extract, tmp_path: Path
) -> None:
    text = ONE.replace("[1]", "[1, 77]").replace("meddra: [7]", "meddra: [70]")
    (codes,) = read_questions(written(tmp_path, text))
    said = remarks(reports, codes)
    assert said[0] == "Drug one: 1 of 2 codes match no row of DRUG: 77"
    assert said[1] == "Ache: its code matches no row of ADR: 70"
    assert "lowest level terms" in said[2]
    assert (
        "day of extraction not stated (the last date in DEMO is 2024-01-01)" in said[3]
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("drecno: [1]", "drecno: []", "drug, drecno: got [], expected one at least"),
        ("meddra: [7]", "meddra: []", "terms, entry 1, meddra: got [], expected one"),
        ("terms: [{key: ache, label: Ache, meddra: [7]}]", "terms: []", "one term at"),
        ("drecno: [1]", "drecno: [1], roles: []", "roles: got [], expected one"),
        ("drecno: [1]", "name: [x]", "has to be looked up in WHODrug"),
        ("meddra: [7]", "pt: [x]", "has to be looked up in MedDRA"),
        ("smallest", "restrict: {sex: [man]}\nsmallest", "got 'man', expected one of"),
        ("smallest", "restrict: {since: 2020}\nsmallest", "a day such as"),
        ("smallest", "drugs: []\nsmallest", "got 'both'"),
        ("smallest", "adjust: [weight]\nsmallest", "one of age, sex"),
        ("smallest", "dictionaries: {meddra: no}\nsmallest", "a folder that exists"),
        ("smallest", "comparator: &a {x: *a}\nsmallest", "an anchor"),
        (
            "smallest",
            "comparator: {key: two, label: Two, drecno: [2, 1]}\nsmallest",
            "comparator, two: got 1, expected no code of one",
        ),
        (
            "smallest",
            "interacting: [{key: two, label: Two, drecno: [1]}]\nsmallest",
            "interacting, two: got 1, expected no code of one",
        ),
        (
            "drug: {key: one, label: Drug one, drecno: [1]}",
            "drugs: [{key: one, label: A, drecno: [1]}, "
            "{key: one, label: B, drecno: [2]}]",
            "got 'one with reaction twice'",
        ),
        ("smallest", "reaction: {}\nsmallest", "got the entry reaction twice"),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(CodesError) as error:
        read_questions(written(tmp_path, ONE.replace(old, new, 1)))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_bomb_of_aliases_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(CodesError, match="an anchor"):
        read_questions(written(tmp_path, "\n".join(lines)))


def test_the_command_answers_every_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drugs = "drug: {key: d, label: D, drecno: [990011]}"
    path = written(
        tmp_path,
        drugs
        + "\nreactions:\n"
        + "".join(
            f"  - {{key: r{n}, label: R{n}, terms: "
            f"[{{key: t{n}, label: T{n}, meddra: [{n}]}}]}}\n"
            for n in (99000001, 99000002)
        ),
    )
    command = ["vigibase", "describe", str(SHIPPED), "--codes", str(path), "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["reaction"] for one in found["questions"]] == ["r99000001", "r99000002"]


def test_a_drug_is_screened_and_onsets_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, times = tmp_path / "screen.csv", tmp_path / "onset.csv"
    assert main(["vigibase", "screen", "--to", str(table), "--picture"]) == 0
    rows = table.read_text().splitlines()
    assert rows[0].startswith("code,name,a,b,c,d,expected,ror")
    assert rows[1].startswith("99000002,,81,197,450,2215,50.159")
    assert table.with_suffix(".svg").read_text().startswith("<?xml")
    assert main(["vigibase", "onset", "--to", str(times)]) == 0
    assert len(times.read_text().splitlines()) == 16
    assert "10 reactions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "holds"), [("yes", True), ("True", True), ("On", True), ("No", False)]
)
def test_yes_and_no_are_read_in_any_case(
    tmp_path: Path, word: str, holds: bool
) -> None:
    (codes,) = read_questions(written(tmp_path, f"{ONE}ebgm: {word}\n"))
    assert codes.ebgm is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE + "ebgm: maybe\n", "ebgm: got 'maybe', expected yes or no"),
        (
            ONE.replace("smallest_cell: 1", "smallest_cell: 0"),
            "smallest_cell: got '0', expected a whole number from 1",
        ),
        (ONE.replace("[1]", "1"), "drug, drecno: got '1', expected a list"),
        (ONE.replace("[7]", "7"), "terms, entry 1, meddra: got '7', expected a list"),
    ],
)
def test_an_entry_that_means_nothing_is_named(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(CodesError, match=said):
        read_questions(written(tmp_path, text))


def test_a_covariate_named_twice_counts_once(tmp_path: Path) -> None:
    (codes,) = read_questions(written(tmp_path, ONE + "adjust: [age, age, sex]\n"))
    assert codes.adjust == ("age", "sex")
