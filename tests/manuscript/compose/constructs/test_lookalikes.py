"""What Markdown would drop or print with its marks is refused, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from manuscript.compose import pandoc
from manuscript.compose.constructs import lookalikes
from tests.manuscript.compose.conftest import write

TABLE = "| a | b |\n|---|:-:|\n| 1 | 2 |\n"


def said(folder: Path, text: str) -> list[str]:
    [document] = write(folder, text).documents
    return [f"{each.line}: {each.what}" for each in lookalikes.remarks(document)]


@pytest.mark.parametrize(
    "row",
    [
        "| 1 | 2 | lost |",
        "1 | 2 | lost",
        "| `a|b` | 2 | lost |",
        r"| a \| b | 2 | lost |",
        "| $|x|$ | [c|d](e) | lost",
    ],
)
def test_a_surplus_cell(row: str, tmp_path: Path) -> None:
    text = f"{TABLE}{row}\n"
    assert "lost" not in pandoc.run(("-f", "markdown", "-t", "plain"), text, tmp_path)
    [told] = said(tmp_path, text)
    assert told.startswith("8: a row has 3 cells")
    assert "`lost`" in told


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        f"{TABLE}| `a|b` | 2 |\n| 1 |\n| a \\| b | $|x|$ |\n| 1 | 2 | |\n",
        f"{TABLE}\n| no | row | here |\n",
        f"```\n{TABLE}| 1 | 2 | 3 |\n```\n",
        "| a line\n| of | a | poem\n",
        "a --- b | c | d\n\n> | a |\n> |---|\n> | 1 |\n",
    ],
)
def test_nothing_is_lost(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ('R^`{python} v("a")`^', "^"),
        ('H~`{python} v("a")`~O', "~"),
        ('10^−`{python} v("a")`,x^', "^"),
        ('^*`{python} v("a")`*^', "^"),
    ],
)
def test_a_value_in_a_script(text: str, sign: str, tmp_path: Path) -> None:
    [told] = said(tmp_path, text)
    assert f"between two `{sign}`" in told


@pytest.mark.parametrize(
    "text",
    [
        'R<sup>`{python} v("a")`</sup> and ~~`{python} v("a")`~~',
        'A note^[`{python} v("a")`] and x^2^ `{python} v("a")` y^2^',
        '~5 of `{python} v("a")`~',
        '2^3^`{python} v("a")`',
    ],
)
def test_no_script(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []


def test_an_address_without_its_link(tmp_path: Path) -> None:
    text = "Words.\n\n[Aim]: Survival\n\nMore.\n"
    read = pandoc.run(("-f", "markdown", "-t", "plain"), text, tmp_path)
    assert "Survival" not in read
    [told] = said(tmp_path, text)
    assert told.startswith("7: `[Aim]: Survival` is read as the address of a link")


@pytest.mark.parametrize(
    "text",
    [
        "See [the  site].\n\n[The site]: http://example.org\n",
        "See [it][a].\n\n[a]: http://example.org 'T'\n",
        "[//]: # (a comment)\n\nWords[^n].\n\n[^n]: A note.\n",
        "```\n\n[a]: b\n```\n",
        "Words that go on\n[a]: b\n",
    ],
)
def test_no_address_is_lost(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == []
