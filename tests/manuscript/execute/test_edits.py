"""Edits of this manuscript, its data and code: what is reused equals what is fresh."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]

EDITED = """
import hashlib, json, sys, threading
from pathlib import Path
from manuscript.execute import cells as execute
from manuscript.compose import render
from manuscript.execute.incremental import Incremental
from manuscript.execute.inline import Answering
from manuscript.compose.checked import PANEL, Checked
from manuscript.execute.kept import Kept
from manuscript.execute.state import State
from manuscript.source.documents import Project

root = Path.cwd()
project = Project.load(root)
state, kept = State.of(root), Kept(root)
shown = {PANEL: Checked(project).panel}
ran = []
run_cell = execute.run_cell

def counted(cell, *rest):
    ran.append(cell.label)
    return run_cell(cell, *rest)

execute.run_cell = counted
same = True
names = []
found = []
incremental = Incremental(state, kept, Answering(state, kept, shown))
asked = [
    (each, render.cell_options(project, each, 600, render.EARLIEST))
    for each in project.documents[1:]
]
# Kernels that are copies, held against those that are started by themselves.
with incremental.ahead(asked):
    for document, options in asked:
        arguments = document, root, options, threading.Event()
        one = incremental.execute(*arguments)
        names += [f"{document.stem}.{label}" for label in ran]
        found += [repr(one.outputs), repr(sorted(one.inlines.items()))]
        if "compare" in sys.argv:
            whole = execute.execute(*arguments)
            same &= one.outputs == whole.outputs
            same &= dict(one.inlines) == whole.inlines
        ran.clear()
kept.commit()
print(json.dumps([same, hashlib.sha256("".join(found).encode()).hexdigest(), names]))
"""


def test_edits_of_the_manuscript_itself(tmp_path: Path) -> None:
    root = tmp_path / "manuscript"
    ignored = shutil.ignore_patterns(".*", "_output", "__pycache__", "tests")
    shutil.copytree(ROOT, root, ignore=ignored)

    def executed(*arguments: str) -> tuple[bool, str, list[str]]:
        time.sleep(0.1)
        command = [sys.executable, "-c", EDITED, *arguments]
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        same, found, names = json.loads(done.stdout)
        return same, found, names

    def edit(name: str, old: str, new: str) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), "utf-8")

    _, found, everything = executed()
    assert len(everything) > 15
    # Neither is seen by code, nor counted by checks: what is reused is what was found.
    edit(
        "sections/_conclusion.qmd", "## Conclusion\n", "## Conclusion\n\n<!-- No. -->\n"
    )
    edit("README.md", "\n", "\n\n")
    assert executed() == (True, found, [])
    edit("data/trials.csv", ",78.0,\n", ",78.0,registry\n")
    edit("analysis/letter/tables/risk_of_bias.py", '"Reason"', '"Reasons"')
    same, changed, names = executed("compare")
    assert same
    assert changed != found
    assert names == everything


SMALL = """---
title: "Small"
date: 2026-01-01
---

```{{python}}
#| label: setup
#| include: false
from analysis.letter import tables
from analysis.letter.study import study
from manuscript.check.panel import panel
from manuscript.prose import claim, item, v
```

{text}

Of `{{python}} v.words("trials.all")` trials (`{{python}} item("tbl-checks")`), risk was
`{{python}} claim("increased", v("risk.all.or") > 1)`: `{{python}} v("{key}")`.

::: {{#tbl-counts}}

```{{python}}
#| label: counts
tables.counts(study().trials, v)
```

**Counts.** As analyzed.
:::

::: {{#tbl-checks}}

```{{python}}
#| label: checks
panel()
```

**Checks.** As found.
:::
"""
# File, what an edit replaces there, and by what.
CHANGES = {
    "counts": ("data/trials.csv", ",114,124,4,", ",114,124,3,"),
    "source": ("data/trials.csv", ",78.0,\n", ",78.0,registry\n"),
    "sign": ("manuscript/values/text.py", "MINUS SIGN", "HYPHEN-MINUS"),
    "lines": ("analysis/letter/answers/pools.py", '"""\n', '"""\n\n# A line more.\n'),
    "panel": ("manuscript/check/panel.py", '"Passed"', '"Good"'),
    "unread": ("README.md", "\n", "\n\n"),
}
KEYS = ("risk.placebo.or", "risk.all.p", "vigibase.all.reports")


@dataclass
class Edited:
    """A small paper of this manuscript's analysis, some changes made to it."""

    root: Path
    text: str = "Words."
    key: str = KEYS[0]
    made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in ("analysis", "manuscript", "data", "partials"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, self.root / name, ignore=ignored)
        for name in (
            *("journal.yml", "references.json", "README.md"),
            *("manuscript.yml", "vocabulary.yml"),
        ):
            shutil.copy(ROOT / name, self.root)
        shutil.copytree(ROOT / "journals", self.root / "journals")
        quarto = (ROOT / "_quarto.yml").read_text("utf-8")
        listed = re.compile(r"(?m)^  render: \[.*\]$")
        assert listed.search(quarto)
        quarto = listed.sub("  render: [index.qmd]", quarto)
        # The paper is too small for the checks to find nothing; it shows what.
        quarto = quarto.replace("  pre-render: manuscript/commands/prerender.py\n", "")
        (self.root / "_quarto.yml").write_text(quarto, "utf-8")
        self.write()

    def write(self) -> None:
        text = SMALL.format(text=self.text, key=self.key)
        (self.root / "index.qmd").write_text(text, "utf-8")

    def edit(self, what: str, value: str) -> None:
        """Change what is written, or make a change that is not made, or undo it."""
        if what in ("text", "key"):
            setattr(self, what, value)
            self.write()
            return
        name, old, new = CHANGES[what]
        if what in self.made:
            old, new = new, old
        self.made ^= {what}
        content = (self.root / name).read_text("utf-8")
        assert old in content
        (self.root / name).write_text(content.replace(old, new, 1), "utf-8")

    def rendered(self, *, fresh: bool = False) -> tuple[dict[str, bytes], str]:
        """Return the outputs by name, and what the render said."""
        output = self.root.parent / ("fresh" if fresh else "output")
        kept, aside = self.root / ".manuscript", self.root.parent / "kept"
        if fresh:
            kept.rename(aside)
        # What changed within the last moment may change again unseen.
        time.sleep(0.1)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "manuscript", "render", "--to", "html"),
                *("--engine", "builtin", "--output", str(output)),
            ],
            cwd=self.root,
            env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        if fresh:
            shutil.rmtree(kept)
            aside.rename(kept)
        return {p.name: p.read_bytes() for p in output.iterdir()}, done.stdout


def _one_of(*names: str) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.sampled_from(names), st.just(""))


# An edit of prose, one of data and one of code, in any order.
EDITS = st.tuples(
    st.one_of(
        st.tuples(st.just("text"), st.sampled_from(["More words.", "No OR."])),
        st.tuples(st.just("key"), st.sampled_from(KEYS[1:])),
        _one_of("unread"),
    ),
    _one_of("counts", "source"),
    _one_of("sign", "lines", "panel"),
).flatmap(st.permutations)


@settings(
    max_examples=settings.default.max_examples // 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(EDITS)
def test_random_edits_give_what_a_fresh_render_gives(
    edits: list[tuple[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paper = Edited(Path(folder) / "project")
        paper.rendered()
        for edit in edits:
            paper.edit(*edit)
            found, said = paper.rendered()
            assert found == paper.rendered(fresh=True)[0]
            if edit[0] in ("text", "key"):
                assert "0 cells and" in said
