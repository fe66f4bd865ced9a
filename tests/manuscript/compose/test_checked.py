"""What the checks find is kept for a state, and never for another."""

import re
from pathlib import Path

import pytest

from manuscript import check
from manuscript.compose import render
from manuscript.compose.checked import Checked
from manuscript.errors import ManuscriptError, faults_of
from manuscript.execute import Kept, State
from manuscript.source import Project
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter

BODY = 'The ratio was `{python} v("risk.all.or")`, and seven more. TODO: words.\n'


def _outcomes(root: Path) -> dict[str, check.Outcome]:
    kept = Kept(root)
    checked = Checked(Project.load(root), State.of(root), kept)
    found = dict(checked.outcomes(KnownLetter()))
    kept.commit()
    return found


def test_what_was_found_is_found_again_without_looking(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(BODY).root
    found = _outcomes(root)
    assert check.findings(found)
    monkeypatch.setattr("manuscript.check.running.outcomes", None)
    assert _outcomes(root) == found


@pytest.mark.parametrize("file", ["index.qmd", "vocabulary.yml", "data/new.csv"])
def test_any_change_of_a_source_is_looked_at(project: Write, file: str) -> None:
    root = project(BODY).root
    before = _outcomes(root)
    path = root / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text("utf-8") if path.exists() else ""
    path.write_text(text.replace("TODO: w", "W") + "\n", "utf-8")
    again = Checked(Project.load(root), State.of(root), Kept(root))
    assert not again._known()
    assert (dict(again.outcomes(KnownLetter())) == before) is (file != "index.qmd")


def test_a_bibliography_in_a_hidden_folder_is_looked_at(project: Write) -> None:
    root = project(BODY).root
    hidden = root / ".works" / "more.json"
    hidden.parent.mkdir()
    hidden.write_text("[]", "utf-8")
    settings = root / "_quarto.yml"
    text = settings.read_text("utf-8")
    named = "bibliography: .works/more.json"
    settings.write_text(re.sub(r"(?m)^bibliography: .*$", named, text), "utf-8")
    _outcomes(root)
    hidden.write_text('[{"id": "a", "type": "book"}]', "utf-8")
    assert not Checked(Project.load(root), State.of(root), Kept(root))._known()


def test_outcomes_are_the_same_where_a_copy_of_the_process_finds_them(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(BODY).root
    here = dict(Checked(Project.load(root)).outcomes(KnownLetter()))
    monkeypatch.setattr("manuscript.execute.aside.possible", lambda: True)
    aside = Checked(Project.load(root))
    aside.begin(KnownLetter())
    monkeypatch.setattr("manuscript.check.running.outcomes", None)
    assert dict(aside.outcomes(KnownLetter())) == here


def test_a_ledger_is_kept_for_what_it_was_made_of(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(BODY).root
    kept = Kept(root)

    def written(shown: str) -> bytes:
        found = Checked(Project.load(root), State.of(root), kept)
        made = found.ledger(KnownLetter(), {("index.qmd", 1): shown})
        kept.commit()
        return made

    before = written("<svg>1</svg>")
    monkeypatch.setattr("manuscript.record.ledger.build", lambda *_: {"made": "anew"})
    assert written("<svg>1</svg>") == before
    assert b"anew" in written("<svg>2</svg>")


def test_a_render_names_the_column_and_the_rule_as_check_does(project: Write) -> None:
    made = project("The risk was 5 times.\n")
    settings = made.root / "_quarto.yml"
    checked = "project:\n  pre-render: manuscript/commands/prerender.py\n"
    text = settings.read_text("utf-8").replace("project:\n", checked, 1)
    settings.write_text(text, "utf-8")
    made = Project.load(made.root)
    found = check.outcomes(made, ["numbers"], KnownLetter())["numbers"].findings
    with pytest.raises((ManuscriptError, ExceptionGroup)) as refused:
        render._check(made, KnownLetter(), Checked(made), print)
    said = [str(fault) for fault in faults_of(refused.value)]
    assert [str(each) for each in found] == [s for s in said if "[numbers]" in s] != []
