"""Pictures from files among the figures, and figures that are too large."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from manuscript.bundle import figures
from manuscript.compose import compose
from manuscript.execute import Execution, Options, Output
from manuscript.source import Journal
from tests.manuscript.compose.conftest import write

ROOT = Path(__file__).parents[3]
PROFILE = Journal("A journal", "index.qmd", {}, (), "a.csl", 183, 220, {})
ONE = '![A square.](img.png){#fig-one fig-alt="A square that is blue all over."}'
PANELS = """::: {#fig-two layout-ncol=2}
![One.](img.png){#fig-two-a}

![Two.](img.png){#fig-two-b}

Both.
:::
"""


def test_a_picture_from_a_file_is_saved_as_it_is(tmp_path: Path) -> None:
    project = write(tmp_path, f"{ONE}\n\n{PANELS}")
    article = compose(project, project.documents[0], Execution((), {}), Options())
    folder = tmp_path / "figures"
    folder.mkdir()
    assert dict(figures.save(article, Options(), folder, PROFILE)) == {
        "fig-one": "Figure-1.png",
        "fig-two-1": "Figure-2-1.png",
        "fig-two-2": "Figure-2-2.png",
    }
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "img.png").read_bytes()


@pytest.mark.parametrize(("points", "remarks"), [(518, 0), (700, 1)])
def test_a_figure_for_which_there_is_no_room_is_remarked_in_a_render(
    tmp_path: Path, points: int, remarks: int
) -> None:
    cell = '```{python}\n#| fig-alt: "Bars."\nplot()\n```\n'
    project = write(tmp_path, cell)
    shutil.copyfile(ROOT / "journal.yml", tmp_path / "journal.yml")
    (tmp_path / "partials").mkdir()
    shutil.copyfile(ROOT / "partials/letter.csl", tmp_path / "partials/letter.csl")
    svg = f'<svg xmlns="x" width="{points}pt" height="100pt"></svg>'
    drawn = Execution(((Output("figure", svg=svg),),), {})
    article = compose(project, project.documents[0], drawn, Options())
    assert len(article.remarks) == remarks
    assert all("draws a figure of 247 × 35 mm" in str(r) for r in article.remarks)
