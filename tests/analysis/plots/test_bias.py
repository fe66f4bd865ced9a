import pytest

from analysis.plots import Lights


def test_an_unknown_judgement_is_refused() -> None:
    with pytest.raises(ValueError, match="no light for the judgement 'fair'"):
        Lights({"d": "D"}, {"g": "G"}, {("g", "d"): "fair"}, {})


def test_the_worst_domain_is_the_overall_judgement() -> None:
    lights = Lights(
        {"a": "A", "b": "B"},
        {"g": "G", "h": "H", "i": "I"},
        {("g", "a"): "low", ("g", "b"): "some", ("h", "a"): "high", ("i", "a"): "low"},
        {},
    )
    assert [lights.worst(group) for group in "ghi"] == ["some", "high", "unclear"]
