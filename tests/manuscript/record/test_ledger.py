import json

import pytest

from manuscript.record import ledger
from tests.manuscript.conftest import Write
from tests.manuscript.papers import NUMBERS, KnownLetter

BODY = """The ratio was `{python} v("risk.all.or")` (`{python} v.ci("risk.all")`). Of
`{python} v.words("trials.placebo")` it `{python} claim("rose", v("risk.all.or") > 1)`.

::: {#tbl-a}

```{python}
table()
```

A caption.
:::
"""


def test_the_ledger_holds_every_value_and_each_use(project: Write) -> None:
    made = ledger.build(project(BODY), KnownLetter())
    values = {value["key"]: value for value in made["values"]}
    assert list(values) == sorted(NUMBERS)
    ratio = values["risk.all.or"]
    assert ratio["printed"] == "4.48"
    assert ratio["number"] == 4.4803
    assert ratio["basis"] == "reconstruction"
    assert ratio["source"].startswith("analysis/letter/data.py:")
    assert ratio["uses"] == [
        {
            "printed": "4.48",
            "document": "index.qmd",
            "file": "index.qmd",
            "line": 9,
            "column": 15,
            "sentence": "The ratio was 4.48 (1.85–10.86).",
        }
    ]
    assert values["trials.placebo"]["uses"][0]["printed"] == "eight"
    assert values["risk.all.ci_high"]["uses"]
    assert values["cases.alive"]["uses"] == []


def test_the_ledger_holds_claims_with_their_readings(project: Write) -> None:
    (claim,) = ledger.build(project(BODY), KnownLetter())["claims"]
    assert claim["words"] == "rose"
    assert claim["condition"] == "v('risk.all.or') > 1"
    assert claim["reading"] == "risk.all.or = 4.4803 > 1"
    assert claim["holds"] is True
    assert claim["line"] == 10


def test_tables_bear_their_keys_and_a_digest(project: Write) -> None:
    made = project(BODY)
    shown = {("index.qmd", 1): '| [4]{.value key="trials.observation"} |'}
    (table,) = ledger.build(made, KnownLetter(), shown)["floats"]
    assert table["keys"] == ["trials.observation"]
    assert table["calls"] == ["table"]
    assert len(table["digest"]) == 16
    (other,) = ledger.build(made, KnownLetter(), {})["floats"]
    assert other["digest"] == ""


def test_two_ledgers_of_one_project_are_the_same_bytes(project: Write) -> None:
    made = project(BODY)
    first, second = (ledger.dumps(ledger.build(made, KnownLetter())) for _ in "ab")
    assert first == second
    assert json.loads(first)["version"] == ledger.VERSION


def test_cells_run_without_a_kernel(project: Write) -> None:
    class Table:
        def _repr_markdown_(self) -> str:
            return "| 4 |"

    body = BODY.replace("table()", "from fractions import Fraction\nTABLE")
    import builtins

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "TABLE", Table(), raising=False)
        assert ledger.run_cells(project(body)) == {("index.qmd", 1): "| 4 |"}
