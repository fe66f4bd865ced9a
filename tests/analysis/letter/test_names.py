import pytest

from analysis.letter.names import refuse_unprintable
from analysis.schema import DataError


def test_names_that_the_fonts_lack_are_refused_with_their_rows() -> None:
    names = ("P1", "东北研究", "دراسة")
    with pytest.raises(DataError) as refusal:
        refuse_unprintable("data/trials.csv", (2, 3, 4), names)
    chinese, arabic = map(str, refusal.value.faults)
    assert chinese.startswith(
        "data/trials.csv:3:trial: got '东北研究' with 东 北 研 究"
    )
    assert arabic.startswith("data/trials.csv:4:trial: got 'دراسة' with")
    assert "partials/fonts" in chinese


@pytest.mark.parametrize("name", ["Ελένη Ω", "Исследование", "Đặng-Şahin", "x²³ ± µ …"])
def test_greek_cyrillic_and_accented_names_pass(name: str) -> None:
    refuse_unprintable("data/trials.csv", (2,), (name,))
