"""What reaches a terminal shows what it is, and does nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import IO, Any

# Control characters of both sets, but tab and line feed; marks that turn the order
# of what follows; separators of lines that are not line feeds; lone surrogates.
_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("[\t\n]")


def safe(text: str) -> str:
    r"""Write what a terminal would act on as an escape, lines as they are.

    Examples
    --------
    >>> safe("red: \x1b[31m")
    'red: \\u001b[31m'
    """
    # A carriage return before a line feed is an end of line, and does nothing.
    text = text.replace("\r\n", "\n")
    return _ACTIVE.sub(_escape, text)


def on_one_line(text: str) -> str:
    r"""Write a text of others so that it can neither act nor begin a line.

    Examples
    --------
    >>> on_one_line("abc\nINTACT")
    'abc\\u000aINTACT'
    """
    return _BREAKS.sub(_escape, _ACTIVE.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    # As in JSON, so that JSON printed this way says the same.
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


class _Safe:
    """A stream that writes texts safely, and is the given one in all else."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(safe(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def safely() -> Iterator[None]:
    """Let all that a block prints pass :func:`safe`."""
    out: Any = _Safe(sys.stdout)
    err: Any = _Safe(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        yield
