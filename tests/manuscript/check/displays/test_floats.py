from tests.manuscript.check.conftest import Found

FIGURE = """
::: {{#{label}}}

```{{python}}
#| fig-alt: "A plot of one thing against another."
plot()
```

{caption}
:::
"""


def figure(label: str, caption: str = "What it shows.") -> str:
    return FIGURE.format(label=label, caption=caption)


def whats(found: Found, body: str, **more: str) -> list[str]:
    return [finding.what for finding in found("floats", body, **more)]


def test_figures_mentioned_in_order_pass(found: Found) -> None:
    body = "See @fig-a and [@fig-b]; B of @fig-a.\n" + figure("fig-a") + figure("fig-b")
    assert whats(found, body) == []


def test_a_figure_out_of_order_is_found(found: Found) -> None:
    body = "See @fig-b and @fig-a.\n" + figure("fig-a") + figure("fig-b")
    assert whats(found, body) == ["Figure 1 is first mentioned after Figure 2"]


def test_a_figure_that_nothing_mentions_is_found(found: Found) -> None:
    assert whats(found, figure("fig-a")) == ["Figure 1 (`fig-a`) is never mentioned"]


def test_a_mention_in_the_letter_counts_for_the_supplement(found: Found) -> None:
    body = 'See `{python} item("supptbl-a")`.'
    assert whats(found, body, supplement=figure("supptbl-a")) == []


def test_items_of_the_supplement_are_mentioned_in_order(found: Found) -> None:
    body = 'See `{python} item("supptbl-b")`, `{python} item("supptbl-a")`.'
    supplement = figure("supptbl-a") + figure("supptbl-b")
    (what,) = whats(found, body, supplement=supplement)
    assert what == "Table S1 is first mentioned after Table S2"


def test_a_lost_label_is_found(found: Found) -> None:
    (what,) = whats(found, "See @fig-lost, @fig-b.\n" + figure("fig-b"))
    assert "labelled `fig-lost`; did you mean fig-b?" in what


def test_a_repeated_label_is_found(found: Found) -> None:
    body = "See @fig-a.\n" + figure("fig-a") + figure("fig-a")
    assert any("is taken at index.qmd" in what for what in whats(found, body))


def test_a_figure_without_caption_is_found(found: Found) -> None:
    body = "See @fig-a.\n" + figure("fig-a", "")
    assert whats(found, body) == ["Figure 1 (`fig-a`) has no caption"]


def test_panels_are_mentioned_in_order(found: Found) -> None:
    body = "See @fig-a B.\n" + figure("fig-a")
    assert whats(found, body) == ["panel B of `fig-a` is mentioned before A"]
