import pytest

from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import ABOVE


@pytest.mark.parametrize(
    "text",
    [
        "The odds ratio was 3.82.",
        "The odds ratio was **3.82**.",
        "The odds ratio was $3.82$ and `4.48`.",
        "It ran from 1.22–11.92 or 1.22-11.92.",
        "There were eighteen trials.",
        "Forty-two patients, a dozen of them old.",
        "Two thirds died.",
        "The risk was 4-fold, or fourfold, or doubled.",
        "All have a 90% confidence interval.",
        "We saw 2024 patients.",
        "As Figure 1 and Table S4 show.",
        "See Table S4.",
        "It was 3·82, or ½, or 3,82.",
        "| a | 7/20 (35%) |",
        "- a list of 9 things",
        "## Heading 3",
        "```\n3.82\n```",
        "<b>3.82</b>",
        '`{python} claim("3 times", v("risk.all.or") > 3)`',
        "```{python}\nprint(3.82)\n```",
        '```{python}\nprint("the odds ratio was high")\n```',
        '```{python}\n#| fig-alt: "Some 18 trials."\nf()\n```',
        "::: {#fig-a}\n\n```{python}\nf()\n```\n\nOf 18 trials.\n:::",
    ],
)
def test_a_typed_number_is_found(found: Found, text: str) -> None:
    assert found("numbers", text)


@pytest.mark.parametrize(
    "text",
    [
        "It came into use in 2005 (Faillie 2017), until March 1, 2024.",
        "On 15 November 2023 or 2023-11-15, and in March 2024.",
        "Registered as CRD42024495677, NCT06251648 and 2004-000944-26.",
        "The trials E1A05 and MM-015 gave 25 mg/day or 10 mg.",
        "R 4.3.1, version 4.3 and Python 3.11 were used.",
        "A 95% confidence interval (95% CI); all have a level of 95%.",
        "Rates per 1000 and per 100 000 patients.",
        "See [@jones2023, p. 12] and https://doi.org/10.1038/s41408-024-01154-z.",
        "Genes such as *TP53*, IKZF3 and casein kinase 1α; CC-5013, L04AX042.",
        "PRISMA 2020 is a two-sided matter; no one knows one another.",
        'Of `{python} v("trials.all")`, `{python} v.words("trials.placebo")`.',
        '`{python} claim("about twice", v("risk.all.or") > 2)`',
        'It is [18]{.typed reason="a criterion"}.',
        "<!-- 3.82 -->",
        "```{python}\nfigures.figure_1(study(), v)\n```",
    ],
)
def test_a_lawful_number_is_left(found: Found, text: str) -> None:
    assert found("numbers", text) == []


def test_front_matter_is_read(found: Found) -> None:
    front = "title: A letter on 18 trials\nabstract: |\n  The ratio\n  was 3.82.\n"
    lines = [finding.line for finding in found("numbers", "Text.", front=front)]
    assert lines == [2, 5]


def test_a_finding_names_file_line_and_column(found: Found) -> None:
    (finding,) = found("numbers", "First line\nsecond *line* 3.82.")
    assert (finding.file, finding.line, finding.column) == ("index.qmd", ABOVE + 2, 15)
    assert str(finding).startswith(f"index.qmd:{ABOVE + 2}:15: typed number “3.82”")


def test_numbers_beside_a_citation_are_told_of_once_and_stop_nothing(
    found: Found,
) -> None:
    body = "It was 0.72 (0.55 to 0.94) in theirs [@a]. We found 3.8, as @a did."
    told = found("numbers", body, references=("a",))
    assert [(f.level, f.rule, f.what.split()[2]) for f in told] == [
        ("warning", "cited", "“0.72”"),
        ("warning", "cited", "“3.8”"),
    ]
    beside = "Theirs was low [@a]. Ours was 3.8."
    (ours,) = found("numbers", beside, references=("a",))
    assert ours.level == "error"


HIDDEN = '```{{python}}\n#| {}: false\n#| fig-alt: "Of 12 patients."\n{}\n```'


def test_what_a_cell_never_shows_is_no_result(found: Found) -> None:
    for option in ("eval", "include", "output"):
        assert found("numbers", HIDDEN.format(option, 'print("a ratio of 3.82")')) == []
    assert found("numbers", "```{python}\ntime.sleep(2)\n```") == []


def test_what_a_hidden_cell_keeps_is_found(found: Found) -> None:
    for option in ("include", "output"):
        assert found("numbers", HIDDEN.format(option, "ratio = 3.82"))
    assert found("numbers", HIDDEN.format("echo", "print(3.82)"))


def test_one_warning_a_sentence_takes_none_from_the_sentence_before(
    found: Found,
) -> None:
    told = found("numbers", "Two explanations come to mind. We use 35 cycles of it.")
    assert [(f.level, f.what.split()[2]) for f in told] == [
        ("warning", "“Two”"),
        ("warning", "“35”"),
    ]
