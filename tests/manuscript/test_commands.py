"""``check`` and ``values`` as an author or an editor calls them."""

import json
import re

import pytest

from manuscript import check as checks
from tests.manuscript.conftest import Command, Write
from tests.manuscript.papers import KnownLetter

FAULTY = "The ratio was 3.82.\n"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    from manuscript.check import running
    from manuscript.record import ledger

    for module in (running, ledger):
        monkeypatch.setattr(module, "answers", lambda root: KnownLetter())


def test_a_finding_is_a_line_that_editors_jump_to(
    project: Write, command: Command
) -> None:
    answer = command(project(FAULTY).root, "check")
    assert answer.status == 1
    first = answer.said.splitlines()[0]
    assert re.fullmatch(r"index\.qmd:9:15: typed number .+; .+ \[numbers\]", first)
    # One more than those of the room: whether every format takes what is written.
    count = len(checks.CHECKS) + 1
    assert answer.said.splitlines()[-1] == f"{count} checks, 1 finding"


def test_a_clean_text_passes_and_unknown_limits_are_said(
    project: Write, command: Command
) -> None:
    answer = command(project("Text.").root, "check")
    assert answer.status == 0
    assert "unknown: words 11, limit unknown" in answer.said


def test_findings_as_json(project: Write, command: Command) -> None:
    answer = command(project(FAULTY).root, "check", "--json")
    report = json.loads(answer.said)
    assert report["passed"] is False
    (finding,) = report["findings"]
    assert (finding["file"], finding["line"], finding["column"]) == ("index.qmd", 9, 15)
    assert report["checks"]["numbers"]["findings"] == 1


def test_one_check_alone(project: Write, command: Command) -> None:
    root = project(FAULTY).root
    assert command(root, "check", "--only", "citations").status == 0
    answer = command(root, "check", "--only", "numbers")
    assert (answer.status, answer.said.splitlines()[-1]) == (1, "1 checks, 1 finding")
    answer = command(root, "check", "--only", "nombers")
    assert answer.status == 1
    assert "there is no check `nombers`; choose from expressions" in answer.complained


def test_values_are_listed_with_origin_and_places(
    project: Write, command: Command
) -> None:
    root = project('The OR was `{python} v("risk.all.or")`.').root
    (line,) = command(root, "values", "risk.all.or").said.splitlines()
    assert line.split()[:3] == ["risk.all.or", "4.48", "ratio"]
    assert "(data/trials.csv, all rows; reconstruction)" in line
    assert line.endswith("in index.qmd:9")
    listed = json.loads(command(root, "values", "--json").said)
    assert len(listed["values"]) == len(KnownLetter().all())
    assert command(root, "values", "nothing").status == 1


def test_check_goes_on_after_what_cannot_be_read(
    project: Write, command: Command
) -> None:
    root = project("The risk was 5 times.").root
    index = root / "index.qmd"
    text = "\n```{r}\nx <- 17\n\ny <- 18\n```\n\nSee 19 {{< foo >}} and no more.\n"
    index.write_text(index.read_text("utf-8") + text, "utf-8")
    said = command(root, "check").said
    for part in ("“5”", "`r`", "“19”", "`foo`"):
        assert part in said
    assert "“17”" not in said
    assert "“18”" not in said
    assert ":8: shortcode `foo` (column 8) is not supported" in said
    assert "`r`" not in command(root, "check", "--only", "sections").said
