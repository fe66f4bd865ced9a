from manuscript.check.documents import limits
from manuscript.check.documents.limits import words
from manuscript.check.finding import Outcome
from manuscript.check.proof import Proof
from tests.manuscript.conftest import Write
from tests.manuscript.papers import JOURNAL, KnownLetter


def measured(project: Write, profile: str) -> Outcome:
    made = project("One two-part word, and 18. [@a]\n")
    (made.root / "journal.yml").write_text(profile, "utf-8")
    return limits.check(Proof.of(made, KnownLetter()))


def test_unknown_limits_are_not_passed(project: Write) -> None:
    outcome = measured(project, JOURNAL)
    assert outcome.unknown == (
        "words 15, limit unknown (another journal allows 1500)",
        "references 1, limit unknown",
    )
    assert not outcome.findings


def test_many_words_are_told_by_the_hundred(project: Write) -> None:
    made = project("word " * 1234 + "\n")
    outcome = limits.check(Proof.of(made, KnownLetter()))
    assert outcome.summary == "words about 1200, references 0"


def test_known_limits_hold(project: Write) -> None:
    known = JOURNAL.replace("words: {value: null", "words: {value: 14").replace(
        "references: {value: null", "references: {value: 1"
    )
    outcome = measured(project, known)
    assert not outcome.unknown
    assert [str(finding) for finding in outcome.findings] == [
        "index.qmd:2:1: words 15, and A Journal allows 14 (a guide, checked "
        "2026-11-22); shorten the letter [limits]"
    ]


def test_settings_of_another_journal_are_found(project: Write) -> None:
    other = JOURNAL.replace("table: Table S1", "table: Web Table 1")
    assert [finding.what for finding in measured(project, other).findings] == [
        "reference-prefix is `Table S`, and A Journal wants `Web Table`",
        "space-before-numbering is `false`, and A Journal wants `true`",
    ]


def test_a_letter_that_is_not_there_is_named(project: Write) -> None:
    other = JOURNAL.replace("document: index.qmd", "document: nope.qmd")
    assert [str(finding) for finding in measured(project, other).findings] == [
        "journal.yml:2:1: `nope.qmd`, of which the limits are, does not exist; name "
        "the letter, by its path from the project [limits]"
    ]


def test_without_a_journal_nothing_is_judged(project: Write) -> None:
    made = project("Text.\n")
    (made.root / "journal.yml").unlink()
    outcome = limits.check(Proof.of(made, KnownLetter()))
    assert (outcome.findings, outcome.unknown) == ((), ("there is no journal.yml",))


def test_a_hyphenated_compound_is_one_word() -> None:
    assert len(words("A placebo-controlled trial – of ALL (n = 18).")) == 7
