"""A few inputs for every reader; ``python -m tests.hostile`` tries 100,000."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.check import accepts
from tests.hostile.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_any_input_is_taken_or_refused(target: Target) -> None:
    @settings(
        max_examples=max(5, target.share // 2),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def check(given_: Any) -> None:
        accepts(target, given_)

    check()


def test_the_guard_sees_what_it_forbids() -> None:
    def stray(given: object, folder: Any) -> None:
        (folder.parent / "stray").write_text("x")

    def endless(given: object, folder: Any) -> None:
        while True:
            pass

    def other(given: object, folder: Any) -> None:
        raise KeyError

    made = [Target("", st.none(), read, (ValueError,), 0) for read in (stray, other)]
    with pytest.raises(AssertionError, match="outside the folder: open"):
        accepts(made[0], None)
    with pytest.raises((KeyError, ExceptionGroup)):
        accepts(made[1], None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.hostile.guard.LIMIT", 0.2)
        with pytest.raises(AssertionError, match="no end within"):
            accepts(Target("", st.none(), endless, (), 0), None)
