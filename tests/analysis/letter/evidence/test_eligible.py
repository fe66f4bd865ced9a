import csv
import json
import re
from pathlib import Path

import pytest

from analysis.letter import letter
from analysis.letter.data import DATA, ROOT
from analysis.letter.evidence import eligible, literature
from analysis.letter.evidence.eligible import EligibleTrial, is_sure

TRIALS = eligible.eligible_trials()
REFERENCES = {
    entry["id"]
    for entry in json.loads((ROOT / "references.json").read_text(encoding="utf-8"))
}


def test_no_column_could_hold_a_count_of_leukemia() -> None:
    path = DATA / "evidence" / "eligible-trials.csv"
    with path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    assert not [name for name in header if re.search("all|event|case|leuk", name)]


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_a_fact_is_printed_only_if_a_source_was_read(trial: EligibleTrial) -> None:
    bases = {
        "n_lenalidomide": trial.sizes_basis,
        "randomized": trial.randomized_basis,
        "followup": trial.followup_basis,
    }
    known = letter().section("evidence")
    for name, basis in bases.items():
        assert (f"evidence.eligible.{trial.id}.{name}" in known) == is_sure(basis)
    assert trial.references or trial.sources() or trial.is_not_found


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_arms_do_not_exceed_the_patients_randomized(trial: EligibleTrial) -> None:
    if is_sure(trial.sizes_basis) and is_sure(trial.randomized_basis):
        assert trial.n_lenalidomide + trial.n_control <= trial.randomized


def test_every_reference_is_in_the_list() -> None:
    cited = {key for trial in TRIALS for key in trial.references.split()}
    cited |= {report.reference for report in literature.reports() if report.reference}
    assert cited <= REFERENCES


def test_sources_belong_to_trials() -> None:
    assert {source.trial for source in eligible.sources()} <= {t.id for t in TRIALS}


def test_no_lettered_trial_is_named() -> None:
    names = {trial.name for trial in TRIALS} | {trial.id for trial in TRIALS}
    lettered = (Path(DATA) / "trials.csv").read_text(encoding="utf-8").lower()
    assert not [name for name in names if name.lower() in lettered]
