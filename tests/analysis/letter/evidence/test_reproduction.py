from dataclasses import replace

import pytest

from analysis.letter import letter
from analysis.letter.evidence.reproduction import comparisons
from manuscript.values.value import Value


def test_every_printed_number_has_a_verdict() -> None:
    compared = comparisons(letter())
    assert len(compared) == 110
    verdicts = {one.reported.key: one.verdict for one in compared}
    carried = [k for k, verdict in verdicts.items() if verdict == "not recomputable"]
    assert carried == [
        "search.citations",
        "cases.from_publications",
        "cases.from_registries",
        "cases.from_investigator",
    ]
    assert "differs" not in verdicts.values()


@pytest.mark.parametrize(
    ("key", "number", "verdict"),
    [
        ("risk.placebo.or", 3.8249, "reproduced"),
        ("risk.placebo.or", 3.8251, "differs"),
        ("patients.all", 5979, "differs"),
        ("risk.all.p", 0.0099, "reproduced"),
        ("risk.all.p", 0.0101, "differs"),
        ("risk.all.p", float("nan"), "differs"),
    ],
)
def test_a_verdict_goes_by_the_rounding_interval(
    key: str, number: float, verdict: str
) -> None:
    v = letter()

    def changed(asked: str) -> Value:
        return replace(v(asked), number=number) if asked == key else v(asked)

    found = {one.reported.key: one.verdict for one in comparisons(changed)}
    assert found[key] == verdict
    others = {k: one for k, one in found.items() if k != key}
    assert "differs" not in others.values()


def test_counts_of_verdicts_sum_to_the_numbers_compared() -> None:
    v = letter()
    kinds = ("reproduced", "differs", "not_recomputable")
    total = sum(v(f"reproduction.{kind}").number for kind in kinds)
    assert total == v("reproduction.values").number == 110
    bases = ("published", "reconstruction", "synthetic")
    assert sum(v(f"reproduction.from_{basis}").number for basis in bases) == 110
