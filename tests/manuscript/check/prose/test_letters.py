"""Sentences as medical letters and case series have them, read in one project.

``none`` is what an author may say without data, ``warning`` what cites its source or
may be a result for all that can be told, ``error`` what states a result of the study:
beside each kind of number that is lawful stand results that look like it.
"""

from pathlib import Path

import pytest

from manuscript import check as checks
from manuscript.check.finding import Finding
from tests.manuscript.papers import ABOVE, KnownLetter, write

LETTERS = Path(__file__).with_name("letters.txt").read_text("utf-8").splitlines()
CHECKED = ("numbers", "wording", "abbreviations", "consistency")


@pytest.fixture(scope="module")
def by_line(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Finding]]:
    body = "\n\n".join(line.partition(": ")[2] for line in LETTERS)
    project = write(
        tmp_path_factory.mktemp("letters"), body, references=("vonelm2007",)
    )
    found: dict[int, list[Finding]] = {}
    for outcome in checks.outcomes(project, CHECKED, KnownLetter()).values():
        for each in outcome.findings:
            found.setdefault(each.line, []).append(each)
    return found


@pytest.mark.parametrize("line", LETTERS)
def test_a_letters_sentence_is_judged_as_its_author_would(
    by_line: dict[int, list[Finding]], line: str
) -> None:
    found = by_line.get(ABOVE + 1 + 2 * LETTERS.index(line), [])
    level = min((each.level for each in found), default="none")
    assert level == line.partition(":")[0], found
