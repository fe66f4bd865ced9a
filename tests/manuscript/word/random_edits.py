"""Random edits of a Word file: words, structure and look, and the noise of editors."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

WORDS = [
    "leukemia",
    "patients",
    "trial",
    "exposure",
    "a",
    "the",
    "of",
    "in",
    "dose",
    "risk",
    "(see)",
    "[sic]",
    "5",
    "12.5",
    "95%",
    "—",
    "*star*",
    "_under_",
    "`code`",
    "$x$",
    "#tag",
    "@name",
    "10^3",
    "a~b",
    "x²",
    "≥",
    "±",
    "“quoted”",
    "don't",
    "e.g.",
    "i.e.",
    "--",
    "...",
    "1.",
    "-",
    "<b>",
    "{.class}",
    "\\back",
    "https://example.org/a_b",
    "doi:10.1000/x_y",
]
LOOKS = ("b", "i", "strike", "u", "caps", "vanish")


class Random:
    """Edits a copy at random, from a seed.

    Parameters
    ----------
    path : Path
        Of the Word file.
    seed : int
    """

    def __init__(self, path: Path, seed: int) -> None:
        self._random = random.Random(seed)
        self._document = docx.Document(str(path))
        self._body = self._document.element.body
        self.done: list[str] = []

    def edit(self, count: int) -> None:
        for _ in range(count):
            name = self._random.choice(EDITS)
            getattr(self, f"_{name}")()
            self.done.append(name)

    def save(self, path: Path) -> Path:
        self._document.save(str(path))
        return path

    def _paragraph(self) -> etree._Element:
        found = [
            p
            for p in self._body.iterchildren(qn("w:p"))
            if any(t.text for t in p.iter(qn("w:t")))
        ]
        return self._random.choice(found)

    def _run(self) -> etree._Element:
        while True:
            paragraph = self._paragraph()
            runs = [
                r
                for r in paragraph.iterchildren(qn("w:r"))
                if (text := r.find(qn("w:t"))) is not None and (text.text or "").strip()
            ]
            if runs:
                return self._random.choice(runs)

    def _some(self) -> str:
        return " ".join(self._random.choices(WORDS, k=self._random.randint(1, 6)))

    def _words(self, change: str) -> None:
        text = self._run().find(qn("w:t"))
        words = (text.text or "").split(" ")
        at = self._random.randrange(len(words))
        if change == "insert":
            words.insert(at, self._some())
        elif change == "delete":
            del words[at : at + self._random.randint(1, 4)]
        else:
            words[at : at + self._random.randint(1, 4)] = [self._some()]
        text.text = " ".join(words)
        text.set(qn("xml:space"), "preserve")

    def _insert(self) -> None:
        self._words("insert")

    def _delete(self) -> None:
        self._words("delete")

    def _replace(self) -> None:
        self._words("replace")

    def _split_run(self, run: etree._Element) -> etree._Element:
        """Give some words of a run a run of their own."""
        text = run.find(qn("w:t"))
        words = (text.text or "").split(" ")
        first = self._random.randrange(len(words))
        last = min(len(words), first + self._random.randint(1, 3))
        parts = [words[:first], words[first:last], words[last:]]
        chosen = run
        for index, part in enumerate(parts):
            new = deepcopy(run)
            shown = " ".join(part)
            if index == 0 and part:
                shown += " "
            if index == 2 and part:
                shown = " " + shown
            new.find(qn("w:t")).text = shown
            new.find(qn("w:t")).set(qn("xml:space"), "preserve")
            run.addprevious(new)
            if index == 1:
                chosen = new
        run.getparent().remove(run)
        return chosen

    def _look(self) -> None:
        run = self._split_run(self._run())
        properties = run.find(qn("w:rPr"))
        if properties is None:
            properties = OxmlElement("w:rPr")
            run.insert(0, properties)
        properties.append(OxmlElement(f"w:{self._random.choice(LOOKS)}"))

    def _script(self) -> None:
        run = self._split_run(self._run())
        properties = run.find(qn("w:rPr"))
        if properties is None:
            properties = OxmlElement("w:rPr")
            run.insert(0, properties)
        sign = OxmlElement("w:vertAlign")
        sign.set(qn("w:val"), self._random.choice(("superscript", "subscript")))
        properties.append(sign)

    def _power(self) -> None:
        run = self._run()
        new = deepcopy(run)
        for child in list(new):
            if child.tag != qn("w:t"):
                new.remove(child)
        properties = OxmlElement("w:rPr")
        sign = OxmlElement("w:vertAlign")
        sign.set(qn("w:val"), "superscript")
        properties.append(sign)
        new.insert(0, properties)
        new.find(qn("w:t")).text = self._random.choice(
            ("2", "6", "3", "−1", "15", "2,3")
        )
        run.addnext(new)

    def _new_paragraph(self) -> None:
        near = self._paragraph()
        new = OxmlElement("w:p")
        style = near.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if self._random.random() < 0.3:
            properties = OxmlElement("w:pPr")
            named = OxmlElement("w:pStyle")
            named.set(qn("w:val"), self._random.choice(("Heading2", "Heading3")))
            properties.append(named)
            new.append(properties)
        elif style is not None and self._random.random() < 0.5:
            new.append(deepcopy(near.find(qn("w:pPr"))))
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = self._some() + " " + self._some()
        text.set(qn("xml:space"), "preserve")
        run.append(text)
        new.append(run)
        near.addnext(new)

    def _delete_paragraph(self) -> None:
        paragraph = self._paragraph()
        paragraph.getparent().remove(paragraph)

    def _move_paragraph(self) -> None:
        paragraph, target = self._paragraph(), self._paragraph()
        if paragraph is not target:
            target.addnext(paragraph)

    def _split_paragraph(self) -> None:
        run = self._run()
        paragraph = run.getparent()
        new = OxmlElement("w:p")
        if (properties := paragraph.find(qn("w:pPr"))) is not None:
            new.append(deepcopy(properties))
        for each in [run, *run.itersiblings()]:
            new.append(each)
        paragraph.addnext(new)

    def _join(self) -> None:
        paragraph = self._paragraph()
        following = paragraph.getnext()
        if following is not None and following.tag == qn("w:p"):
            for each in [*following]:
                if each.tag != qn("w:pPr"):
                    paragraph.append(each)
            following.getparent().remove(following)

    def _heading(self) -> None:
        paragraph = self._paragraph()
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None:
            style.set(
                qn("w:val"), self._random.choice(("Heading2", "Heading3", "BodyText"))
            )

    def _value(self) -> None:
        controls = [*self._body.iter(qn("w:sdt"))]
        if controls:
            text = next(self._random.choice(controls).iter(qn("w:t")), None)
            if text is not None:
                text.text = str(self._random.randint(1, 99))

    def _cell(self) -> None:
        cells = [t for c in self._body.iter(qn("w:tc")) for t in c.iter(qn("w:t"))]
        if cells:
            self._random.choice(cells).text = self._some()

    def _move_sentence(self) -> None:
        run, target = self._run(), self._run()
        if run is not target:
            target.addnext(run)

    def _noise(self) -> None:
        run = self._split_run(self._run())
        run.set(qn("w:rsidR"), "00AA11BB")
        run.addprevious(OxmlElement("w:proofErr"))


EDITS = (
    *("insert", "delete", "replace", "look", "script", "power", "new_paragraph"),
    *("delete_paragraph", "move_paragraph", "split_paragraph", "join", "heading"),
    *("value", "cell", "move_sentence", "noise", "insert", "replace"),
)
