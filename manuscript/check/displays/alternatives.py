"""Every figure has an alternative text of its own."""

from __future__ import annotations

from collections.abc import Iterator

from manuscript.check.finding import Finding, Outcome
from manuscript.check.proof import Proof
from manuscript.source import Float

NAME = "alternatives"
TITLE = "Figures have alternative texts"

_FEWEST_WORDS = 5
_MEND = 'say in words what the figure shows, as `#| fig-alt: "…"` of its cell'
_OF_IMAGE = 'say in words what the figure shows, as `![…](…){… fig-alt="…"}`'


def check(proof: Proof) -> Outcome:
    """Find figures that a screen reader could not describe."""
    figures = [each for each in proof.floats() if each.is_figure]
    findings = [fault for each in figures for fault in _faults(each)]
    findings += _repeated(figures)
    return Outcome(f"{len(figures)} figures", tuple(findings))


def _faults(figure: Float) -> Iterator[Finding]:
    texts = list(_texts(figure))
    if not texts:
        place = figure.cells[0] if figure.cells else figure
        what = f"{figure.name} (`{figure.label}`) has no alternative text"
        yield Finding(place.file, place.line, 1, NAME, what, _MEND)
    for file, line, text, mend in texts:
        fault = ""
        if not text.strip():
            fault = "has an empty alternative text"
        elif len(text.split()) < _FEWEST_WORDS:
            fault = f"has an alternative text of fewer than {_FEWEST_WORDS} words"
        elif figure.caption and text.strip() == figure.caption.text.strip():
            fault = "repeats its caption as alternative text"
        if fault:
            what = f"{figure.name} (`{figure.label}`) {fault}"
            yield Finding(file, line, 1, NAME, what, mend)


def _repeated(figures: list[Float]) -> Iterator[Finding]:
    """Find alternative texts that describe two figures in the same words."""
    seen: dict[str, str] = {}
    for figure in figures:
        for file, line, text, mend in _texts(figure):
            first = seen.setdefault(text.strip(), figure.name)
            if text.strip() and first != figure.name:
                what = f"{figure.name} has the alternative text of {first}"
                yield Finding(file, line, 1, NAME, what, mend)


def _texts(figure: Float) -> Iterator[tuple[str, int, str, str]]:
    """Place, text and way to mend of its alternatives, empty ones included."""
    for cell in figure.cells:
        if "fig-alt" in cell.options.values:
            texts = cell.options.values["fig-alt"]
            for text in texts if isinstance(texts, list) else [texts]:
                line = cell.options.line("fig-alt")
                yield cell.file, line, str(text or ""), _MEND
    for line, text in figure.images:
        yield figure.file, line, text, _OF_IMAGE
