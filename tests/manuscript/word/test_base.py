"""Patched sources are printed with all that lies beside them."""

from __future__ import annotations

from pathlib import Path

from manuscript.compose import compose
from manuscript.execute import Execution, Options
from manuscript.source import Project
from manuscript.word.base import patched
from tests.manuscript.compose.conftest import write

PICTURES = """
![One.](img.png){#fig-one fig-alt="A blue field."}

![Two.](<figures/my img.png>){#fig-two fig-alt="The same field."}

{{< include sections/_more.qmd >}}
"""
MORE = '![Three.](/figures/my%20img.png){#fig-three fig-alt="Once more."}\n'


def test_pictures_are_there(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections/_more.qmd").write_text(MORE, "utf-8")
    write(tmp_path, PICTURES)
    (tmp_path / "figures/my img.png").write_bytes((tmp_path / "img.png").read_bytes())
    text = (tmp_path / "index.qmd").read_text("utf-8")
    texts = {"index.qmd": f"{text}\nPatched.\n", "sections/_more.qmd": MORE}
    with patched(tmp_path, texts) as tree:
        project = Project.load(tree)
        [document] = project.documents
        article = compose(project, document, Execution((), {}), Options())
    names = [picture.path for picture in article.pictures.values()]
    assert names == ["img.png", "figures/my img.png", "figures/my img.png"]
