import pytest

from analysis.plots import Lights


def test_an_unknown_judgement_is_refused() -> None:
    with pytest.raises(ValueError, match="no light for the judgement 'fair'"):
        Lights({"d": "D"}, {"g": "G"}, {("g", "d"): "fair"}, {})
