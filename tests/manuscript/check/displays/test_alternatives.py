import pytest

from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import ABOVE

CELL = """::: {{#fig-a}}

```{{python}}
{option}plot()
```

A caption of its own here.
:::
"""


def body(option: str) -> str:
    return CELL.format(option=option)


def test_a_description_passes(found: Found) -> None:
    option = '#| fig-alt: "A line that rises from left to right."\n'
    assert found("alternatives", body(option)) == []


@pytest.mark.parametrize(
    ("option", "line", "what"),
    [
        ("", 3, "has no alternative text"),
        ('#| fig-alt: " "\n', 4, "empty alternative text"),
        ('#| fig-alt: "Figure."\n', 4, "fewer than"),
        ('#| fig-alt: "A caption of its own here."\n', 4, "repeats its caption"),
    ],
)
def test_what_does_not_describe_is_found(
    found: Found, option: str, line: int, what: str
) -> None:
    (finding,) = found("alternatives", body(option))
    assert finding.line == ABOVE + line
    assert what in finding.what


def test_two_figures_need_two_descriptions(found: Found) -> None:
    one = body('#| fig-alt: "A line that rises from left to right."\n')
    (finding,) = found("alternatives", one + "\n" + one.replace("fig-a}", "fig-b}"))
    assert "has the alternative text of Figure 1" in finding.what


def test_an_image_needs_one_too(found: Found) -> None:
    (finding,) = found("alternatives", "![A caption](a.svg){#fig-a}")
    assert "empty alternative text" in finding.what
    assert '{… fig-alt="…"}' in finding.mend
    assert "cell" not in finding.mend
