from pathlib import Path

import pytest

from manuscript import prose
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter

CLAIM = 'claim("rose", v("risk.all.or") > 1)'


def test_a_claim_that_holds_prints_its_words() -> None:
    made = prose.claim("rose", KnownLetter()("risk.all.or") > 1)
    assert str(made) == "rose"
    assert made._repr_markdown_() == (
        '[rose]{.claim data-condition="risk.all.or = 4.4803 > 1"}'
    )


def test_a_claim_that_fails_says_where_it_stands(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(f"First. Then the risk `{{python}} {CLAIM}` a lot. Last.")
    fallen = KnownLetter(risk__all__or=0.8)
    monkeypatch.chdir(made.root)
    monkeypatch.setattr(prose, "_answers", lambda: fallen)
    with pytest.raises(prose.ClaimError) as raised:
        prose.claim("rose", fallen("risk.all.or") > 1)
    assert str(raised.value) == (
        'index.qmd:9:22: the data do not bear "rose": risk.all.or = 0.8 > 1; in the '
        "sentence “Then the risk rose a lot.”; change the words, or find out what "
        "changed the numbers"
    )


def test_a_claim_outside_a_project_says_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(prose.ClaimError, match=r"^the data do not bear \"rose\""):
        prose.claim("rose", KnownLetter()("risk.all.or") > 5)


def test_a_claim_needs_a_condition_that_read_something() -> None:
    with pytest.raises(TypeError, match="must compare values"):
        prose.claim("rose", True)  # type: ignore[arg-type]
