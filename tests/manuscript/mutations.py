"""Faults that a hurried author, or a change of data, could bring into the text.

Each is one edit of one source file, found by pattern so that the list follows
the manuscript. None knows how the checks work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

VALUE = re.compile(r'`\{python\} v(?:\.(?P<method>\w+))?\("(?P<key>[^"]+)"[^`]*\)`')
CLAIM = re.compile(r'`\{python\} claim\("(?P<words>[^"]+)", (?P<condition>[^`]+)\)`')
ITEM = re.compile(r'`\{python\} item\("(?P<label>[^"]+)"\)`')
PARAGRAPH = re.compile(r"^(?![#:|`>-]|\s*$|!\[).{80,}$", re.MULTILINE)


@dataclass(frozen=True)
class Mutation:
    """One edit: the file, the offset where it begins, and the text after it."""

    name: str
    file: str
    offset: int
    text: str

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.offset) + 1


class Source:
    """A source file to be mutated."""

    def __init__(self, root: Path, file: str) -> None:
        self.file = file
        self.text = (root / file).read_text(encoding="utf-8")

    def cut(self, name: str, start: int, end: int, new: str) -> Mutation:
        text = self.text[:start] + new + self.text[end:]
        return Mutation(f"{name} [{self.file}]", self.file, start, text)

    def swap(self, name: str, old: str, new: str, limit: int = 1) -> Iterator[Mutation]:
        """Replace each of the first occurrences of a pattern."""
        for match in islice(re.finditer(old, self.text, re.MULTILINE), limit):
            yield self.cut(name, match.start(), match.end(), match.expand(new))


def sources(root: Path) -> list[Source]:
    paths = sorted([*root.glob("*.qmd"), *root.glob("sections/**/_*.qmd")])
    return [Source(root, path.relative_to(root).as_posix()) for path in paths]


def mutations(root: Path, printed: Callable[[str, str], str]) -> list[Mutation]:
    """All mutations of a manuscript.

    Parameters
    ----------
    root : Path
    printed : callable
        What ``v`` or one of its methods prints for a key.
    """
    found: list[Mutation] = []
    for source in sources(root):
        found.extend(typed_values(source, printed))
        found.extend(inserted_sentences(source))
        found.extend(broken_claims(source))
        found.extend(unbound_words(source))
        found.extend(broken_citations(source))
        found.extend(broken_floats(source))
        found.extend(broken_abbreviations(source))
        found.extend(broken_notice(source))
        found.extend(broken_units(source))
        found.extend(other_keys(source))
        found.extend(other_code(source))
        found.extend(broken_exceptions(source))
        found.extend(broken_front_matter(source))
    return list({(m.file, m.text): m for m in found}.values())


def typed_values(
    source: Source, printed: Callable[[str, str], str]
) -> Iterator[Mutation]:
    """Type a number where a value stood."""
    for match in list(VALUE.finditer(source.text))[::4]:
        text = printed(match["method"] or "", match["key"])
        yield source.cut(f"typed {text}", *match.span(), text)


INSERTED = (
    "The odds ratio was 3.82.",
    "There were eighteen trials.",
    "Seven of twenty patients were alive.",
    "The interval ran from 1.22–11.92.",
    "It held in 7/20 (35%) of the cases.",
    "In a table of 20 cases, 5 (71%) were alive.",
    "A share of 12% was seen.",
    "The test gave *P* = 0.02.",
    "The risk was three times as large.",
    "Half of the patients had died.",
    "The risk was 4-fold.",
    "See Figure 1.",
    "See Table S4.",
    "Follow-up lasted 12.9 months.",
    "We included 2024 patients.",
    "A dozen reports were fatal.",
    "All intervals have a 90% confidence level.",
    "The estimate was $3.82$.",
    "The count was `3.82`.",
    "The odds ratio was **4.48**.",
    "Lenalidomide significantly increased the risk.",
    "The risk was markedly higher with lenalidomide.",
    "Lenalidomide caused these leukemias.",
    "There was no heterogeneity.",
    "The results were robust.",
    "Most patients were alive.",
    "This proves that the drug is to blame.",
    "The incidence did not differ between the groups.",
    "As was shown before [@nobody2020].",
    "The figure shows it (@fig-nothing).",
    'The details are in `{python} item("supptbl-nothing")`.',
    'The estimate was `{python} v("risk.nowhere.or")`.',
    "The level of NSAID use was unknown.",
)


def inserted_sentences(source: Source) -> Iterator[Mutation]:
    """Add a faulty sentence to the end of a paragraph."""
    paragraphs = list(PARAGRAPH.finditer(source.text))
    if not paragraphs:
        return
    turn = sum(map(ord, source.file))
    for step in range(6):
        sentence = INSERTED[(turn + step * 5) % len(INSERTED)]
        end = paragraphs[(turn + step) % len(paragraphs)].end()
        yield source.cut(f"inserted “{sentence}”", end, end, f" {sentence}")


OPPOSITE = (
    ("significantly increased", "significantly decreased"),
    ("significantly increased", "did not significantly change"),
    ("did not differ significantly", "differed significantly"),
    ("without detectable heterogeneity", "with marked heterogeneity"),
    ("higher", "lower"),
    ("raised", "lowered"),
    ("larger", "smaller"),
    ("above", "below"),
    ("about twice", "about half"),
    ("about twice", "about three times"),
    ("near one in a hundred", "near two in a hundred"),
    ("too few", "enough"),
    ("most trials", "few trials"),
)


def broken_claims(source: Source) -> Iterator[Mutation]:
    """Change what a claim says, or what it tests."""
    for match in CLAIM.finditer(source.text):
        words, condition = match["words"], match["condition"]

        def claim(
            name: str, words: str, condition: str, match: re.Match[str] = match
        ) -> Mutation:
            text = f'`{{python}} claim("{words}", {condition})`'
            return source.cut(f"claim {name}: {text}", *match.span(), text)

        yield source.cut(f"claim typed: {words}", *match.span(), words)
        yield claim("constant", words, "True")
        yield claim("vacuous", words, 'v("risk.all.or") > 0')
        yield claim("on p < 1", words, 'v("risk.all.p") <= 1')
        first = re.search(r"[<>]=?", condition)
        if first:
            flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[first[0]]
            text = condition[: first.start()] + flipped + condition[first.end() :]
            yield claim("flipped", words, text)
        if condition.startswith("("):
            yield claim("negated", words, f"~({condition})")
        if "0.05" in condition and "<" in condition and "significan" in words:
            yield claim("loose", words, condition.replace("0.05", "0.5"))
        for old, new in OPPOSITE:
            if old in words and old != new:
                yield claim("reworded", words.replace(old, new), condition)


def unbound_words(source: Source) -> Iterator[Mutation]:
    """Strengthen what prose says outside claims."""
    yield from source.swap("hedge lost", r"cannot be ascertained", "is certain")
    yield from source.swap(
        "cause", r"no causal conclusion can be drawn", "lenalidomide causes ALL"
    )
    yield from source.swap(
        "cause", r"has been linked to", "was caused by lenalidomide in"
    )


def broken_citations(source: Source) -> Iterator[Mutation]:
    yield from source.swap("misspelled key", r"@([a-z]+)(20\d\d)", r"@\g<1>x\g<2>", 2)
    yield from source.swap("other year", r"@([a-z]+)201(\d)", r"@\g<1>203\g<2>")


def broken_floats(source: Source) -> Iterator[Mutation]:
    yield from source.swap("no alternative text", r"^#\| fig-alt: .*\n", "", 2)
    yield from source.swap("empty alternative text", r"^(#\| fig-alt: ).*$", r'\1""', 2)
    yield from source.swap(
        "number in alternative text", r'^(#\| fig-alt: ".*)"$', r'\1 OR 3.82."', 2
    )
    yield from source.swap(
        "label changed", r"^::: \{#((?:supp)?(?:fig|tbl)-)(\w+)", r"::: {#\1x\2", 2
    )
    yield from source.swap(
        "reference changed", r"@((?:supp)?(?:fig|tbl)-)(\w+)", r"@\1x\2", 2
    )
    yield from source.swap(
        "item changed", r'item\("(\w+)-(\w+)"\)', r'item("\1-x\2")', 2
    )
    yield from source.swap("caption lost", r"^```\n\n\*\*[^\n]+\n:::", "```\n:::", 2)
    yield from source.swap(
        "number in caption", r"^(```\n\n\*\*[^\n]+)\n:::", r"\1 The OR is 3.82.\n:::", 2
    )
    items = list(ITEM.finditer(source.text))
    for one, other in pairwise(items):
        if one["label"].split("-")[0] == other["label"].split("-")[0]:
            text = other[0] + source.text[one.end() : other.start()] + one[0]
            yield source.cut(
                f"swapped {one['label']} and {other['label']}",
                one.start(),
                other.end(),
                text,
            )
            break
    labels = re.findall(r"^::: \{#([\w-]+)\}$", source.text, re.MULTILINE)
    if len(labels) > 1:
        yield from source.swap(
            "repeated label", rf"^::: \{{#{labels[1]}\}}$", f"::: {{#{labels[0]}}}"
        )


def broken_abbreviations(source: Source) -> Iterator[Mutation]:
    spelled = r"((?:[\w-]+ ){1,4}[\w-]+) \(([A-Z]{2,}s?)\)"
    yield from source.swap("abbreviation alone", spelled, r"\2", 4)


def broken_notice(source: Source) -> Iterator[Mutation]:
    if ".notice" in source.text:
        yield from source.swap("no notice", r"^::: \{\.notice\}\n[^:]*\n:::\n", "")
        yield from source.swap("notice unmarked", r"\{\.notice\}", "{.note}")
        yield from source.swap(
            "notice softened",
            r"rebuilt from (?:its|the) published aggregates",
            "collected from the trials",
        )


def broken_units(source: Source) -> Iterator[Mutation]:
    yield from source.swap("percent sign lost", r"(\)`)%", r"\1", 3)
    yield from source.swap("years for months", r"(\)`) months", r"\1 years", 2)
    yield from source.swap("months for years", r"(\)`) years", r"\1 months", 2)
    yield from source.swap("percent sign after OR", r'(\.or"\)`)', r"\1%", 2)
    yield from source.swap(
        "second relation", r"\*P\* (`\{python\} v\()", r"*P* = \1", 2
    )
    yield from source.swap("P lost", r"\*P\* (`\{python\} v\()", r"\1", 2)


SIBLINGS = (
    (".placebo", ".all"),
    (".all", ".placebo"),
    (".chemotherapy", ".observation"),
    (".observation", ".chemotherapy"),
    (".lenalidomide", ".control"),
    (".control", ".lenalidomide"),
    ("cases.age", "cases.latency"),
    ("cases.exposure", "cases.age"),
    ("vigibase.duration", "vigibase.latency"),
    ("vigibase.myeloma", "vigibase.lymphoma"),
    ("vigibase.recovered", "vigibase.fatal"),
    ("vigibase.fatal", "vigibase.recovered"),
    ("from_publications", "from_registries"),
    (".or", ".p"),
    (".q_p", ".p"),
    (".p", ".q_p"),
    (".i2", ".q_p"),
    (".median", ".max"),
)


def other_keys(source: Source) -> Iterator[Mutation]:
    """Print another value than the sentence speaks of."""
    seen: dict[tuple[str, str], int] = {}
    for match in VALUE.finditer(source.text):
        for pair in SIBLINGS:
            key = re.sub(
                rf"{re.escape(pair[0])}(?![\w])", pair[1], match["key"], count=1
            )
            if key != match["key"] and seen.get(pair, 0) < 2:
                seen[pair] = seen.get(pair, 0) + 1
                text = match[0].replace(match["key"], key)
                yield source.cut(f"{match['key']} became {key}", *match.span(), text)


def other_code(source: Source) -> Iterator[Mutation]:
    """Compute in the prose, or type into code."""
    value = VALUE.search(source.text)
    if value:
        for code in (
            "3.82",
            "round(3.8, 1)",
            f'v("{value["key"]}").number',
            "str(8)",
            "len([1])",
        ):
            yield source.cut(f"inline {code}", *value.span(), f"`{{python}} {code}`")
    yield from source.swap(
        "typed table",
        r"^```\{python\}\n(#\| label: [^\n]+\n)(?:(?!```)[^\n]*\n)+```",
        r"```{python}\n\1Markdown('| a | 3.82 |')\n```",
    )


def broken_exceptions(source: Source) -> Iterator[Mutation]:
    yield from source.swap("reason emptied", r'(\{\.typed reason=")[^"]+', r"\1", 2)
    yield from source.swap("reason lost", r'(\{\.typed) reason="[^"]+"', r"\1", 2)
    yield from source.swap(
        "needless exception",
        r"^(The|No|All) (\w+ \w+)",
        r'[\1]{.typed reason="no reason at all"} \2',
    )


def broken_front_matter(source: Source) -> Iterator[Mutation]:
    yield from source.swap(
        "number in title", r'^title: "(.*)"', r'title: "\1 in 18 trials"'
    )
    yield from source.swap(
        "number word in title", r'^title: "(.*)"', r'title: "\1 in eighteen trials"'
    )
    yield from source.swap(
        "finding in title",
        r'^title: "(.*)"',
        r'title: "Lenalidomide significantly increases leukemia: \1"',
    )
    yield from source.swap(
        "abstract with a number",
        r"^date:",
        'abstract: "The odds ratio was 3.82."\ndate:',
    )
