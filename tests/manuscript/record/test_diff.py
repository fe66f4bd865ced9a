import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from manuscript.errors import ManuscriptError
from manuscript.record import diff, ledger, revisions
from tests.manuscript.conftest import Command, Write
from tests.manuscript.papers import KnownLetter

BODY = """The ratio was `{python} v("risk.all.or")`. It
`{python} claim("rose", v("risk.all.or") > 1)`.

::: {#tbl-a}

```{python}
table()
```

A caption.
:::
"""
SHOWN = {("index.qmd", 1): "| 1 |"}


@pytest.fixture
def made(project: Write) -> dict[str, Any]:
    return ledger.build(project(BODY), KnownLetter(), SHOWN)


def test_a_ledger_does_not_differ_from_itself(made: dict[str, Any]) -> None:
    assert diff.compare(made, made) == ()
    assert diff.as_text(()) == "No number, claim, figure or table changed.\n"


def test_the_last_bits_of_a_number_are_no_change(project: Write) -> None:
    old, new = (
        ledger.build(project(BODY), KnownLetter(risk__all__or=4.48 + bits))
        for bits in (0, 1e-13)
    )
    assert diff.compare(old, new) == ()


def test_exactly_the_changed_numbers_are_listed(
    project: Write, made: dict[str, Any]
) -> None:
    changed = KnownLetter(risk__all__or=0.9, trials__all=19)
    new = ledger.build(project(BODY), changed, SHOWN)
    ratio, trials, claim = diff.compare(made, new)
    assert (ratio.name, ratio.old, ratio.new) == ("risk.all.or", "4.48", "0.90")
    assert ratio.detail == "4.4803 → 0.9"
    assert ratio.places == (
        diff.Place("index.qmd:9", "The ratio was 0.90.", "The ratio was 4.48."),
    )
    assert (trials.name, trials.places) == ("trials.all", ())
    assert (claim.name, claim.how) == ("rose", "fails")


def test_new_and_lost_things_are_listed(project: Write, made: dict[str, Any]) -> None:
    body = BODY.replace("rose", "grew").replace("> 1", "> 2").replace("tbl-a", "tbl-b")
    new = ledger.build(project(body), KnownLetter(), SHOWN)
    new["values"] = new["values"][1:]
    changes = [(c.kind, c.how, c.name) for c in diff.compare(made, new)]
    assert changes == [
        ("value", "gone", made["values"][0]["key"]),
        ("claim", "new", "grew"),
        ("claim", "gone", "rose"),
        ("table", "new", "Table 1 (tbl-b)"),
        ("table", "gone", "Table 1 (tbl-a)"),
    ]


def test_a_reworded_claim_is_one_change(project: Write, made: dict[str, Any]) -> None:
    new = ledger.build(project(BODY.replace("rose", "grew")), KnownLetter(), SHOWN)
    (change,) = diff.compare(made, new)
    assert (change.how, change.old) == ("changed", "“rose” on risk.all.or = 4.4803 > 1")


def test_a_table_that_shows_something_else_is_listed(
    project: Write, made: dict[str, Any]
) -> None:
    new = ledger.build(project(BODY), KnownLetter(), {("index.qmd", 1): "| 2 |"})
    (change,) = diff.compare(made, new)
    assert (change.kind, change.detail) == ("table", "what it shows")


def test_the_three_forms_tell_the_same(project: Write, made: dict[str, Any]) -> None:
    new = ledger.build(project(BODY), KnownLetter(risk__all__or=5), SHOWN)
    changes = diff.compare(made, new)
    text, markdown = diff.as_text(changes), diff.as_markdown(changes)
    for part in ("risk.all.or", "4.48 → 5.00", "The ratio was 5.00.", "was: The ratio"):
        assert part in text
        assert part in markdown
    assert text.startswith("Numbers in the text (1)\n")
    assert markdown.startswith("## Numbers in the text (1)\n")
    (one, *_) = json.loads(diff.as_json(changes))["changes"]
    assert (one["old"], one["new"]) == ("4.48", "5.00")


def test_ledger_files_are_compared_by_command(
    made: dict[str, Any], tmp_path: Path, command: Command
) -> None:
    for name in ("old.json", "new.json"):
        (tmp_path / name).write_text(ledger.dumps(made), "utf-8")
    answer = command(tmp_path, "diff", "old.json", "new.json")
    assert (answer.status, answer.complained) == (0, "")
    assert answer.said == "No number, claim, figure or table changed.\n"


@pytest.mark.parametrize("source", ["nothing", "--upload-pack=x", "index.qmd"])
def test_what_is_no_ledger_and_no_revision_is_refused(
    project: Write, source: str
) -> None:
    root = project(BODY).root
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        with pytest.raises(ManuscriptError, match=r"no ledger|neither a file nor"):
            revisions.ledgers(root, [source])
