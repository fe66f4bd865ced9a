"""What a check finds in a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from manuscript import check as checks
from manuscript.check.finding import Finding
from manuscript.values.answers import Answers
from tests.manuscript.conftest import Write
from tests.manuscript.papers import KnownLetter

Found = Callable[..., list[Finding]]


@pytest.fixture
def found(project: Write) -> Found:
    """What one check, or several, find in a text."""

    def find(
        check: str | tuple[str, ...],
        body: str,
        letter: Answers | None = None,
        **more: object,
    ) -> list[Finding]:
        names = (check,) if isinstance(check, str) else check
        outcomes = checks.outcomes(
            project(body, **more), names, letter or KnownLetter()
        )
        return sorted({f for name in names for f in outcomes[name].findings})

    return find
