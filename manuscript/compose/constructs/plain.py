"""What pandoc itself carries into every format."""

from __future__ import annotations

from manuscript.compose.constructs.known import Declared, handles

# As this press wraps what cells put out.
_CELL = (
    *("cell", "cell-output", "cell-output-display", "cell-output-stdout"),
    *("cell-output-markdown", "cell-output-stderr", "cell-output-error"),
)
_TONGUE = ("lang", "dir")

HANDLES: Declared = {
    "Div": handles(_CELL, (*_TONGUE, "custom-style")),
    "Span": handles(
        # A number typed on purpose is for the checks to read, and its reason.
        ("smallcaps", "underline", "mark", "typed"),
        (*_TONGUE, "custom-style", "reason"),
    ),
    "Header": handles(("unnumbered", "unlisted"), _TONGUE),
    "Link": handles(("uri", "email"), ("target", "rel")),
    "Code": handles(any_class=True),
    "CodeBlock": handles(("cell-code",), any_class=True),
    "Table": handles(),
}
