"""A short letter that is laid out as the real one, in a repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COPIED = (
    *("analysis", "manuscript", "data", "partials", "journals", "journal.yml"),
    *("manuscript.yml", "vocabulary.yml"),
    *("CITATION.cff", "README.md", "_quarto.yml", "references.json"),
    *("requirements.txt", "setup_venv.py", ".gitignore"),
)
LETTER = """\
---
title: A short letter
date: 2026-11-22
author:
  - name: Contributors
---

```{python}
#| label: setup
#| include: false
from analysis.letter import figures
from analysis.letter import tables
from analysis.letter.study import study
from manuscript.source.places import place
from manuscript.prose import claim, item, v
```

As the original [@morice2024] shows in `{python} item("supptbl-counts")`, the ratio is
`{python} v("risk.placebo.or")` (@fig-forest).

::: {#fig-forest}

```{python}
#| label: forest
#| fig-alt: "A forest plot."
figures.figure_1(study())
```

**A forest plot.** Of all trials.
:::

## References {.unnumbered}

::: {#refs}
:::
"""
SUPPLEMENT = """\
---
title: Its supplement
supplement: true
---

```{python}
#| label: setup
#| include: false
from analysis.letter import figures
from analysis.letter import tables
from analysis.letter.study import study
from manuscript.prose import claim, item, v
```

See @supptbl-counts and @suppfig-swimmer.

::: {.landscape}
::: {#supptbl-counts}

```{python}
#| label: counts
tables.counts(study().trials, v)
```

**Counts.** As analyzed [@morice2024].
:::
:::

::: {#suppfig-swimmer}

```{python}
#| label: swimmer
#| fig-alt: "A swimmer plot."
figures.swimmer(study().cases)
```

**Swimmers.** Each in a lane.
:::

## References {.unnumbered}

::: {#refs}
:::
"""

REPORT = """---
title: "Report"
author: [{name: A}]
date: 2026-11-22
supplement: true
---

```{python}
#| label: setup
#| include: false
from analysis.letter import figures
from analysis.letter import tables
from analysis.letter.study import study
from manuscript.prose import claim, item, v
```

See @tbl-cases and @fig-course.

::: {#tbl-cases}

```{python}
#| label: cases
tables.cases(study().cases, v)
```

**Cases.** As summarized.
:::

::: {#fig-course}

```{python}
#| label: course
#| fig-alt: "A swimmer plot, again."
figures.swimmer(study().cases)
```

**Course.** Each in a lane.
:::
"""


def git(folder: Path, *arguments: str) -> None:
    settings = ("user.name=T", "user.email=t@example.org", "commit.gpgsign=false")
    options = [part for each in settings for part in ("-c", each)]
    subprocess.run(
        ["git", *options, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env=os.environ | {"GIT_COMMITTER_DATE": "2026-11-22T12:00:01+00:00"},
    )


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "All")


@pytest.fixture(scope="session")
def short_letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("short") / "letter"
    root.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            unwanted = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, root / name, ignore=unwanted)
        else:
            shutil.copy(source, root / name)
    (root / "index.qmd").write_text(LETTER, "utf-8")
    (root / "supplement.qmd").write_text(SUPPLEMENT, "utf-8")
    (root / "reproduction.qmd").write_text(REPORT, "utf-8")
    quarto = root / "_quarto.yml"
    text = quarto.read_text("utf-8")
    # The checks are for the letter that is printed.
    checked = "  pre-render: manuscript/prerender.py\n"
    assert checked in text
    quarto.write_text(text.replace(checked, ""), "utf-8")
    git(root, "init", "--quiet")
    commit(root)
    return root
