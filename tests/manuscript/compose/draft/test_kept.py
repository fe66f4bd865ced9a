"""A draft takes pages from renders, a render from drafts, and no fault with them."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from random import Random

import pytest

from tests.manuscript.conftest import Command

PAGE = """---
title: {title}
---

Words of a page{text}.

{more}
"""
# What one edit puts into a document: some of it is refused, marked, or neither.
TITLES = ("One", '"Not closed', "Another")
TEXTS = (" as they are", " with `{python} 1 / 0`", " and [@missing2020]", "")
MORE = (
    "```{python}\nprint(1 + 1)\n```\n",
    "```{python}\nraise ValueError('no')\n```\n",
    "{{< include none.qmd >}}\n",
    "$$\\frac{1}{$$\n",
    "Nothing else.\n",
)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_made_anew(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    def rendered(root: Path, *options: str) -> tuple[int, dict[str, bytes]]:
        to = ("render", "--engine", "builtin", "--to", "html")
        status = command(root, *to, *options).status
        folder = root / "_output" / ("draft" if options else "")
        return status, {path.name: path.read_bytes() for path in folder.glob("*.html")}

    chance = Random(seed)
    root = tmp_path / "kept"
    root.mkdir()
    (root / "_quarto.yml").write_text("project: {render: [a.qmd, b.qmd]}\n", "utf-8")
    states = [*itertools.product(TITLES, TEXTS, MORE)]
    for name in ("a.qmd", "b.qmd"):
        (root / name).write_text(PAGE.format(title="T", text="", more=""), "utf-8")
    for step in range(8):
        title, text, more = chance.choice(states)
        page = PAGE.format(title=title, text=text, more=more)
        (root / chance.choice(("a.qmd", "b.qmd"))).write_text(page, "utf-8")
        draft = ("--draft",) if chance.random() < 0.7 else ()
        # Where nothing is kept: on disk, nor by this process for this folder.
        anew = tmp_path / str(step)
        shutil.copytree(root, anew, ignore=shutil.ignore_patterns(".manuscript"))
        assert rendered(anew, *draft) == rendered(root, *draft)
