"""Any paper's text, read and recomputed: Word, HTML, PDF, Markdown, plain text.

Needs no project, no values and no kernel. Readers take bytes or trees, so that
whoever opens files decides what to trust.
"""

from manuscript.check.papers import html, markdown, pdf, word
from manuscript.check.papers.judge import Judgement, judge
from manuscript.check.papers.paper import Paper

__all__ = [
    "Judgement",
    "Paper",
    "html",
    "judge",
    "markdown",
    "pdf",
    "word",
]
