"""Random edits by author and co-author: those of different sentences go together."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from manuscript.word.carry.update import update
from manuscript.word.compare.report import Merged

ROOT = Path(__file__).parents[4]
FILES = ("sections/_discussion.qmd", "sections/_opening.qmd", "sections/_review.qmd")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`])|\n+")
WORDS = ("risk", "of", "a", "second", "cancer", "after", "was", "(or", "so", "it)")


def sentences(text: str) -> list[str]:
    """Cut a text into sentences and what stands between them."""
    cut = re.split(f"({_SENTENCE.pattern})", text)
    return [each for each in cut if each]


def is_prose(sentence: str) -> bool:
    return sentence[0].isalpha() and sentence.count(" ") > 4 and sentence[-1] in ".!?"


def pieces(sentence: str) -> list[str]:
    """Cut a sentence into words, code in one piece."""
    return re.findall(r"(?:[^\s`]|`[^`]*`)+", sentence)


def reworded(sentence: str, chance: random.Random) -> str:
    """Edit a sentence: words replaced, set in or taken out, or all of it anew."""
    words = pieces(sentence)
    for _ in range(chance.randint(1, 3)):
        if len(words) < 6:
            break
        at = chance.randrange(1, len(words) - 3)
        new = chance.choices(WORDS, k=chance.randint(0, 3))
        words[at : at + chance.randint(0, 2)] = new
    if chance.random() < 0.1:
        words = ["Quite", "another", *chance.choices(WORDS, k=6), "now."]
    if chance.random() < 0.1:
        words += ["And", *chance.choices(WORDS, k=4), "too."]
    return " ".join(words)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("seed", range(15))
def test_edits_of_different_sentences_are_both_in_the_result(
    file: str, seed: int
) -> None:
    chance = random.Random(f"{file} {seed}")
    cut = sentences((ROOT / file).read_text("utf-8"))
    prose = [k for k, each in enumerate(cut) if is_prose(each)]
    chosen = chance.sample(prose, min(len(prose), 8))
    half = len(chosen) // 2
    mine = {k: reworded(cut[k], chance) for k in chosen[:half]}
    theirs = {k: reworded(cut[k], chance) for k in chosen[half:]}

    def edited(*changes: dict[int, str]) -> str:
        found = {k: new for each in changes for k, new in each.items()}
        return "".join(found.get(k, each) for k, each in enumerate(cut))

    merged = Merged({file: "".join(cut)}, {file: edited(mine)}, ())
    found = update(merged, {file: edited(theirs)})
    assert found.new[file] == edited(mine, theirs)
    assert not found.refused


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("seed", range(15))
def test_a_sentence_that_both_edit_is_refused_alone(file: str, seed: int) -> None:
    chance = random.Random(f"{file} {seed}")
    cut = sentences((ROOT / file).read_text("utf-8"))
    prose = [k for k, each in enumerate(cut) if is_prose(each)]
    both, other = chance.sample(prose, 2)
    words = pieces(cut[both])
    at = chance.randrange(1, len(words) - 1)

    def edited(word: str, *, also: bool) -> str:
        now = " ".join([*words[:at], word, *words[at + 1 :]])
        return "".join(
            {both: now, other: f"Indeed, {cut[other]}" if also else cut[other]}.get(
                k, each
            )
            for k, each in enumerate(cut)
        )

    merged = Merged({file: "".join(cut)}, {file: edited("mine", also=True)}, ())
    now = edited("theirs", also=False)
    found = update(merged, {file: now})
    assert found.new[file] == edited("theirs", also=True)
    assert found.refused
