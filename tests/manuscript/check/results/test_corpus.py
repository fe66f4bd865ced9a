"""At least 95% of planted faults are caught, with at most 1% false alarms."""

from collections import Counter

import pytest

from tests.manuscript.check.results.sentences import FILES, corpus, faults

CAUGHT = 0.95
FALSE = 0.01


def test_the_corpus_is_large_and_half_of_it_is_wrong() -> None:
    every = [sentence for file in FILES for sentence in corpus(file)]
    pairs = [sentence for sentence in every if sentence.wrong is not None]
    assert 2 * len(pairs) >= 300
    assert all(sentence.right != sentence.wrong for sentence in pairs)
    assert len(every) > len(pairs)


@pytest.mark.parametrize("file", FILES)
def test_planted_faults_are_caught(file: str) -> None:
    planted: Counter[str] = Counter()
    missed: list[str] = []
    for sentence in corpus(file):
        if sentence.wrong is not None:
            planted[sentence.kind] += 1
            if not faults(sentence.wrong):
                missed.append(f"{sentence.kind}: {sentence.wrong}")
    assert len(missed) <= (1 - CAUGHT) * planted.total(), "\n".join(missed)


@pytest.mark.parametrize("file", FILES)
def test_right_sentences_raise_no_alarm(file: str) -> None:
    rights = [sentence.right for sentence in corpus(file)]
    alarms = [f"{text}: {faults(text)}" for text in rights if faults(text)]
    assert len(alarms) <= FALSE * len(rights), "\n".join(alarms)
