"""How long a merge of a co-author's copy takes, by the number of its edits.

Run ``python -m benchmarks.merging [--document supplement.qmd] [--edits 100 2000]``.
The document is printed once; then each copy is read and merged, which prints the
patched sources and compares them with the copy. Processor time stands beside the
time that passed, since others may be at work.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from pathlib import Path

from lxml import etree

from manuscript.word.base import prepare, readings, write
from manuscript.word.origin import named
from manuscript.word.package import (
    DOCUMENT,
    open_package,
    read_document,
    serialized,
    tag,
    written,
)
from manuscript.word.proof import proved

ROOT = Path(__file__).resolve().parents[1]


def edited(made: Path, target: Path, count: int) -> int:
    """Replace words of a Word file at random; returns how many were replaced."""
    chance = random.Random(count)
    package = open_package(made)
    root = package.xml(DOCUMENT)
    assert root is not None
    texts = [
        text
        for paragraph in root.iter(tag("w:p"))
        for text in _typed(paragraph)
        if len((text.text or "").split()) > 3
    ]
    words = [(text, k) for text in texts for k in range(0, len(_split(text)), 3)]
    chosen = chance.sample(words, min(count, len(words)))
    for text, k in chosen:
        pieces = _split(text)
        pieces[k] = f"{pieces[k]}ish"
        text.text = " ".join(pieces)
    target.write_bytes(written({**package.parts, DOCUMENT: serialized(root)}))
    return len(chosen)


def _typed(paragraph: etree._Element) -> list[etree._Element]:
    inside = paragraph.getparent()
    if inside is None or inside.tag != tag("w:body"):
        return []
    return [
        text
        for run in paragraph.iterchildren(tag("w:r"))
        for text in run.iterchildren(tag("w:t"))
    ]


def _split(text: etree._Element) -> list[str]:
    return str(text.text or "").split(" ")


def main() -> None:
    """Print a line for each number of edits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--document", default="index.qmd")
    parser.add_argument("--edits", type=int, nargs="+", default=[0, 100, 2000])
    arguments = parser.parse_args()
    start = time.perf_counter()
    base = prepare(ROOT, named(readings(ROOT), arguments.document))
    print(
        f"{arguments.document}: run and printed in {time.perf_counter() - start:.1f} s"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = write(base, Path(folder))
        for asked in arguments.edits:
            copy = Path(folder) / "copy.docx"
            count = edited(made, copy, asked)
            start, used = time.perf_counter(), _processor()
            merged = proved(base, read_document(copy))
            passed, took = time.perf_counter() - start, _processor() - used
            refused = sum(note.kind == "refused" for note in merged.notes)
            print(
                f"{count} edits: {passed:.1f} s ({took:.1f} s of processor time), "
                f"{refused} not carried over"
            )


def _processor() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


if __name__ == "__main__":
    main()
