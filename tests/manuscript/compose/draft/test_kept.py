"""A draft takes pages from renders, a render from drafts, and no fault with them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).resolve().parents[4]
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


def rendered(root: Path, *options: str) -> tuple[int, dict[str, bytes]]:
    command = [sys.executable, "-m", "manuscript", "render", "--engine", "builtin"]
    done = subprocess.run(
        [*command, "--to", "html", *options],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        check=False,
    )
    folder = root / "_output" / ("draft" if "--draft" in options else "")
    pages = {path.name: path.read_bytes() for path in folder.glob("*.html")}
    return done.returncode, pages


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_made_anew(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    (tmp_path / "_quarto.yml").write_text(
        "project: {render: [a.qmd, b.qmd]}\n", "utf-8"
    )
    states = [*itertools.product(TITLES, TEXTS, MORE)]
    for name in ("a.qmd", "b.qmd"):
        (tmp_path / name).write_text(PAGE.format(title="T", text="", more=""), "utf-8")
    for _ in range(8):
        title, text, more = chance.choice(states)
        page = PAGE.format(title=title, text=text, more=more)
        (tmp_path / chance.choice(("a.qmd", "b.qmd"))).write_text(page, "utf-8")
        draft = ("--draft",) if chance.random() < 0.7 else ()
        kept = rendered(tmp_path, *draft)
        assert rendered(tmp_path, *draft, "--fresh") == kept
