"""Values of the ensemble against the tables that ship."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.letter import letter
from analysis.letter.answers import ensemble as values
from analysis.reconstruction.findings import StaleFindingsError, read_tables
from manuscript.values.value import Value

TABLES = read_tables(values.CONSTRAINTS)  # lenalidomide and control: cases, patients
PLACEBO, CHEMOTHERAPY, OBSERVATION = slice(0, 8), slice(8, 14), slice(14, 18)


def section() -> dict[str, Value]:
    return letter().section("ensemble")


@pytest.mark.parametrize(
    ("name", "trials"),
    [
        ("placebo", PLACEBO),
        ("chemotherapy", CHEMOTHERAPY),
        ("observation", OBSERVATION),
        ("all", slice(None)),
    ],
)
def test_what_is_proved_is_so_in_every_table(name: str, trials: slice) -> None:
    v = letter()
    some = TABLES[:, trials]
    for arm, column in (("treated", 0), ("control", 1)):
        events = some[:, :, column].sum(axis=1)
        assert set(events) == {v(f"ensemble.pinned.{name}.events.{arm}").number}
    informative = (some[:, :, :2].sum(axis=2) > 0).sum(axis=1)
    assert set(informative) == {v(f"ensemble.pinned.{name}.trials.informative").number}


def test_sizes_of_arms_and_the_risk_of_controls() -> None:
    v = letter()
    patients = [table[PLACEBO, 3].sum() for table in TABLES]
    assert v("ensemble.placebo.n_control.min").number == min(patients)
    assert v("ensemble.placebo.n_control.max").number == max(patients)
    # two cases among the placebo patients, by proof
    assert v("ensemble.placebo.baseline.max").number == pytest.approx(
        2000 / min(patients), rel=1e-12
    )
    assert v("ensemble.placebo.baseline.median").number == pytest.approx(
        2000 / np.median(patients), rel=1e-3
    )


def test_mantel_haenszel_by_hand_in_every_table() -> None:
    a, c, n1, n2 = np.moveaxis(TABLES[:, PLACEBO].astype(float), -1, 0)
    n = n1 + n2
    by_hand = (a * (n2 - c) / n).sum(1) / (c * (n1 - a) / n).sum(1)
    v = letter()
    assert v("ensemble.placebo.mh.min").number == pytest.approx(by_hand.min(), rel=1e-9)
    assert v("ensemble.placebo.mh.max").number == pytest.approx(by_hand.max(), rel=1e-9)


def test_shares_agree_with_the_extremes_of_p() -> None:
    found = section()
    shares = [key for key in found if key.endswith(".significant")]
    assert len(shares) > 30
    for key in shares:
        prefix = key.removesuffix("significant")
        everywhere = found[f"{prefix}p.max"].number < 0.05
        somewhere = found[f"{prefix}p.min"].number < 0.05
        share = found[key].number
        assert (share == 100) == everywhere, key
        assert (share > 0) == somewhere, key


@pytest.mark.parametrize("scope", ["all", "placebo"])
def test_methods_are_counted_once(scope: str) -> None:
    found = section()
    counts = [
        found[f"ensemble.{scope}.methods.{often}"].number
        for often in ("always", "never", "sometimes")
    ]
    methods = found[f"ensemble.{scope}.methods"].number
    shipped = "sensitivity" if scope == "all" else "sensitivity.placebo"
    assert sum(counts) == methods == letter()(f"{shipped}.methods").number


def test_numbers_come_in_order() -> None:
    found = section()
    prefixes = [key.removesuffix(".median") for key in found if key.endswith(".median")]
    assert len(prefixes) > 80
    for prefix in prefixes:
        ends = ("min", "ci_low", "median", "ci_high", "max")
        numbers = [found[f"{prefix}.{end}"].number for end in ends]
        if not any(map(math.isnan, numbers)):
            assert numbers == sorted(numbers), prefix


def test_other_constraints_want_another_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for suffix in (".yml", ".json", ".npz"):
        shutil.copy(values.CONSTRAINTS.with_suffix(suffix), tmp_path)
    copy = tmp_path / values.CONSTRAINTS.name
    monkeypatch.setattr(values, "CONSTRAINTS", copy)
    monkeypatch.chdir(tmp_path)
    assert values.letter_findings().tables == len(TABLES)
    copy.write_text(copy.read_text("utf-8").replace('"3.82"', '"3.83"'), "utf-8")
    mend = r"run: python -m analysis reconstruct letter\.yml --save"
    with pytest.raises(StaleFindingsError, match=mend):
        values.letter_findings()
