"""A figure never shows boxes for letters that no font has."""

import pytest

from analysis.plots.paper.sheet import Sheet
from analysis.plots.paper.style import UnprintableError, text_width


@pytest.mark.parametrize("text", ["試験一", "Study 生", "تجربة"])
def test_letters_without_a_font_are_refused_where_they_are_set(text: str) -> None:
    with pytest.raises(UnprintableError, match="put a font file"):
        text_width(text, 8)
    with pytest.raises(UnprintableError, match="partials/fonts"):
        Sheet(100, 50).text(0, 10, text)


def test_letters_of_the_typeface_are_set() -> None:
    Sheet(100, 50).text(0, 10, "Étude – I² ≤ 5 %")
    assert text_width("Étude – I² ≤ 5 %", 8) > 0
