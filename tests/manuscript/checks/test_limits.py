import pytest

from manuscript.checks import limits
from manuscript.checks.limits import words
from manuscript.checks.proof import Proof
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter


def test_unknown_limits_are_not_passed_and_known_ones_hold(
    project: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = Proof.of(project("One two-part word, and 18. [@a]\n"), KnownLetter())
    assert len(limits.check(proof).unknown) == 4
    known = {
        **limits.journal(),
        "limits": {
            name: {"value": 1, "source": "a guide", "checked": "2026-11-22"}
            for name in limits.journal()["limits"]
        },
    }
    monkeypatch.setattr(limits, "journal", lambda: known)
    findings = [finding.what for finding in limits.check(proof).findings]
    assert [what.split(",")[0] for what in findings] == [
        "words 15",
        "characters of the title 8",
    ]


def test_a_hyphenated_compound_is_one_word() -> None:
    assert len(words("A placebo-controlled trial – of ALL (n = 18).")) == 7
