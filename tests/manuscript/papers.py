"""A letter of a few known numbers, and projects that print them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from manuscript.source.documents import Project
from manuscript.values.answers import Answers, UnknownKeyError
from manuscript.values.value import Origin, Unit, Value

ROOT = Path(__file__).parents[2]
ORIGIN = Origin(
    "analysis.letter.data.trials", "data/trials.csv", "all rows", "reconstruction"
)

NUMBERS: dict[str, tuple[float, Unit, int]] = {
    "risk.placebo.or": (3.8194, "ratio", 2),
    "risk.placebo.ci_low": (1.2242, "ratio", 2),
    "risk.placebo.ci_high": (11.916, "ratio", 2),
    "risk.placebo.p": (0.02098, "p", 2),
    "risk.placebo.i2": (0.0, "percent", 0),
    "risk.placebo.q_p": (0.7203, "p", 2),
    "risk.all.or": (4.4803, "ratio", 2),
    "risk.all.ci_low": (1.8490, "ratio", 2),
    "risk.all.ci_high": (10.856, "ratio", 2),
    "risk.all.p": (0.0009, "p", 2),
    "incidence.all": (1.0853, "percent", 2),
    "incidence.crude": (0.5513, "percent", 2),
    "trials.all": (18, "count", 0),
    "trials.placebo": (8, "count", 0),
    "trials.chemotherapy": (6, "count", 0),
    "trials.observation": (4, "count", 0),
    "cases.alive": (5, "count", 0),
    "cases.alive.percent": (71.43, "percent", 0),
    "cases.detailed": (7, "count", 0),
    "cases.age.median": (62.6, "years", 1),
    "cases.age.q1": (61.4, "years", 1),
    "cases.age.q3": (66.2, "years", 1),
    "cases.age.min": (58.3, "years", 1),
    "cases.age.max": (70.1, "years", 1),
    "cases.death.median": (9.6, "months", 1),
}


class KnownLetter(Answers):
    """Answers the numbers above."""

    def __init__(self, **changed: float) -> None:
        self.changed = {key.replace("__", "."): x for key, x in changed.items()}

    def __call__(self, key: str) -> Value:
        if key not in NUMBERS:
            raise UnknownKeyError(f"no value has the key {key!r}")
        number, unit, decimals = NUMBERS[key]
        number = self.changed.get(key, number)
        return Value(key, number, unit, decimals, ORIGIN)

    def all(self) -> dict[str, Value]:
        return {key: self(key) for key in NUMBERS}


NOTICE = """::: {.notice}
Reconstructed from published aggregates; trials stand for no named trial.
:::

"""

SETTINGS = """project:
  render: [index.qmd, supplement.qmd]
bibliography: references.json
csl: style.csl
crossref:
  custom:
    - kind: float
      key: suppfig
      reference-prefix: Figure S
      space-before-numbering: false
    - kind: float
      key: supptbl
      reference-prefix: Table S
      space-before-numbering: false
"""

JOURNAL = """name: A Journal
document: index.qmd
limits:
  words: {value: null, source: a guide, checked: 2026-11-22}
  references: {value: null, source: a guide, checked: 2026-11-22}
comparable: {name: another journal, words: 1500}
statements: [Data and code availability, Ethics]
citation-style: style.csl
figures: {single: 89, double: 183, height: 170}
supplement: {figure: Figure S1, table: Table S1}
"""

STATEMENTS = """
## Data and code availability {.statement}

## Ethics {.statement}

## Competing interests {.statement}

## Author contributions {.statement}
"""


def _word_file() -> bytes:
    time = "<dcterms:{0}>2026-11-22T12:00:00Z</dcterms:{0}>"
    with zipfile.ZipFile(made := io.BytesIO(), "w") as package:
        core = time.format("created") + time.format("modified")
        package.writestr("docProps/core.xml", core)
        package.writestr(zipfile.ZipInfo("word/document.xml"), "")
    return made.getvalue()


# Files that a render takes for outputs of an earlier one.
GENERATED = {
    "html": b"<!--body-->The last good one<!--/body-->",
    "pdf": b"<xmp:CreatorTool>Typst 0.15</xmp:CreatorTool> startxref",
    "docx": _word_file(),
}

# Lines above the body in index.qmd.
ABOVE = 8


def write(
    root: Path,
    body: str,
    supplement: str = "Text.\n",
    front: str = "title: A letter\n",
    references: tuple[str, ...] = (),
) -> Project:
    """Write a project whose letter has a body, and whose supplement may have one."""
    files = {
        "vocabulary.yml": (ROOT / "vocabulary.yml").read_text("utf-8"),
        "_quarto.yml": SETTINGS,
        "journal.yml": JOURNAL,
        "style.csl": "<style/>",
        "index.qmd": f"---\n{front}---\n\n{NOTICE}{body}\n{STATEMENTS}",
        "supplement.qmd": f"---\ntitle: More\n---\n\n{NOTICE}{supplement}\n",
        "references.json": json.dumps([{"id": key} for key in references]),
    }
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    return Project.load(root)
