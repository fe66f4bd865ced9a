"""Quarto's settings that the built-in engine honours, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping

from manuscript.source import (
    ANYTHING,
    NUMBER,
    OFF,
    TEXT,
    WORDS,
    YES_NO,
    Allowed,
    one_of,
)

Keys = Mapping[str, Allowed]

FORMATS = ("html", "typst", "docx")

_PROJECT: Keys = {
    "type": one_of("default"),
    "output-dir": TEXT,
    "render": ANYTHING,
    # Quarto runs these; the built-in engine does the same in its own process.
    "pre-render": one_of("manuscript/commands/prerender.py"),
    "post-render": one_of("manuscript/commands/postrender.py"),
}
_EXECUTE: Keys = {
    **dict.fromkeys(("echo", "eval", "include", "warning", "error"), YES_NO),
    "output": one_of(True, False, "asis"),
    **dict.fromkeys(("cache", "freeze", "daemon", "debug", "keep-ipynb"), OFF),
}
_CROSSREF: Keys = {"custom": ANYTHING}
CUSTOM: Keys = {
    "kind": one_of("float"),
    "key": TEXT,
    "reference-prefix": TEXT,
    "space-before-numbering": YES_NO,
    "caption-location": one_of("top", "bottom"),
}
FILTER: Keys = {"path": TEXT, "at": one_of("post-render", "pre-quarto")}
SECTIONS = {"project": _PROJECT, "execute": _EXECUTE, "crossref": _CROSSREF}
_INCLUDES = ("include-in-header", "include-before-body", "include-after-body")
_ANYWHERE: Keys = {
    **dict.fromkeys((*_INCLUDES, "csl", "filters", "toc-title"), ANYTHING),
    **dict.fromkeys(("link-citations", "toc"), YES_NO),
    "toc-depth": NUMBER,
    "lang": TEXT,
}
# What must be the same in all formats stands at the top alone.
TOP: Keys = {
    **_ANYWHERE,
    **dict.fromkeys(("fig-width", "fig-height"), NUMBER),
    **dict.fromkeys(("number-sections", "suppress-bibliography"), YES_NO),
    "bibliography": ANYTHING,
    **dict.fromkeys(("project", "format", "execute", "crossref", "nocite"), ANYTHING),
    **dict.fromkeys(("title", "subtitle"), WORDS),
    **dict.fromkeys(("author", "affiliations"), ANYTHING),
    **dict.fromkeys(("date", "abstract", "description", "keywords"), ANYTHING),
    # Read where they are named; other keys of one's own are for `meta` to print.
    **dict.fromkeys(("metadata-files", "metadata-file", "params"), ANYTHING),
    **dict.fromkeys(("date-format", "abstract-title"), TEXT),
    "reference-section-title": TEXT,
    "engine": one_of("jupyter"),
    "jupyter": one_of("python3"),
}
FORMAT: Mapping[str, Keys] = {
    "html": {
        **_ANYWHERE,
        "fig-format": one_of("svg", "png"),
        "theme": one_of("none"),
        "minimal": one_of(True),
        "css": ANYTHING,
        "template-partials": ANYTHING,
        "embed-resources": one_of(True),
        "html-math-method": one_of("mathml"),
        # What Quarto adds with scripts of its own and this engine never has.
        **dict.fromkeys(("anchor-sections", "code-copy", "citations-hover"), OFF),
        **dict.fromkeys(("crossrefs-hover", "footnotes-hover", "lightbox"), OFF),
        **dict.fromkeys(("smooth-scroll", "fig-responsive"), YES_NO),
    },
    "typst": {
        **_ANYWHERE,
        "fig-format": one_of("svg", "png"),
        "citeproc": one_of(True),
        "template-partials": ANYTHING,
        "font-paths": ANYTHING,
        "keep-typ": OFF,
        # As this engine always writes it.
        "pdf-standard": one_of("ua-1"),
        **dict.fromkeys(("papersize", "mainfont", "section-numbering"), TEXT),
        **dict.fromkeys(("margin", "fontsize", "columns"), ANYTHING),
    },
    "docx": {
        **_ANYWHERE,
        "reference-doc": TEXT,
        "fig-format": one_of("png"),
        "fig-dpi": NUMBER,
    },
}
PATHS = (
    *(*_INCLUDES, "bibliography", "csl", "filters"),
    *("css", "template-partials", "reference-doc"),
)
