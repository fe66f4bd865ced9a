"""Settings of a draft, without the entries that are refused."""

from __future__ import annotations

from manuscript.errors import ManuscriptError
from manuscript.source import front_matter_ends, settings


def without(text: str, line: int) -> str:
    r"""Return settings in which the entry at a line is blank, with all below it.

    Where they cannot be read without it, the entry that holds it goes, and so on.

    Parameters
    ----------
    text : str
    line : int
        Counted from 1.

    Examples
    --------
    >>> without("a: 1\nb:\n  c: 2\n  d: 3\n", 3)
    'a: 1\nb:\n\n  d: 3\n'
    """
    lines = text.split("\n")
    before = _fault(text)
    start = min(line, len(lines)) - 1
    if not lines[start].strip():
        return text  # it has gone already
    top = max((n for n in range(start + 1) if not _depth(lines[n])), default=0)
    while start >= 0:
        depth = _depth(lines[start])
        end = start + 1
        while end < len(lines) and _depth(lines[end]) > depth:
            end += 1
        new = "\n".join([*lines[:start], *[""] * (end - start), *lines[end:]])
        after = _fault(new)
        holder = max((n for n in range(start) if _depth(lines[n]) < depth), default=-1)
        # Of several that are refused, others are below or above.
        is_read = not after or (before and not top <= after[0] < end)
        if is_read and not (depth % 2 and _is_empty(lines, holder, start, end)):
            return new
        start = holder
    return "\n" * text.count("\n")


def front_matter_without(text: str, line: int) -> str:
    """Return a source whose front matter lacks the entry at a line.

    Where it has no end, or a rule of the text for its end, its first blank line is it.
    """
    lines = text.split("\n")
    end = front_matter_ends(text)
    blank = next((n for n, each in enumerate(lines) if not each.strip()), 0)
    if 1 < line < end:
        left = without("\n".join(lines[1 : end - 1]), line - 1)
        if not 0 < blank < line or not _fault(left):
            return "\n".join([lines[0], left, *lines[end - 1 :]])
    elif end > 1 or not blank:
        return text
    return "\n".join([*lines[:blank], "---", *lines[blank + 1 :]])


def _fault(text: str) -> tuple[int, str] | None:
    """Return line and name of what keeps settings from being read."""
    try:
        settings.parse(text, "", 0)
    except ManuscriptError as fault:
        return fault.line, fault.what
    return None


def _is_empty(lines: list[str], holder: int, start: int, end: int) -> bool:
    """Tell whether a list has no items but those of some lines."""
    depth = _depth(lines[holder])
    left = [*lines[holder + 1 : start], *lines[end : end + 1]]
    return not any(depth < _depth(line) < float("inf") for line in left)


def _depth(line: str) -> float:
    """Return how deep a line stands; an item of a list is below its key."""
    words = line.lstrip()
    if not words:
        return float("inf")
    return 2 * (len(line) - len(words)) + words.startswith("- ")
