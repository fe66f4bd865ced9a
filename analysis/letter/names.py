"""Names that figures can show; others are refused where they stand in the data."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.schema import DataError, Fault

_EXPECTED = (
    "letters that the figures can show: put a font file that has them into "
    "partials/fonts, or transliterate the name"
)


def refuse_unprintable(file: str, lines: Iterable[int], names: Iterable[str]) -> None:
    """Refuse names of trials with letters for which no font file is there.

    Raises
    ------
    analysis.schema.DataError
        With every such name.
    """
    faults = []
    for line, name in zip(lines, names, strict=True):
        if not name.isascii():
            # Drawing takes long to load, and most names need no look at a font.
            from analysis.plots import unprintable

            if odd := unprintable(name):
                got = f"{name!r} with {' '.join(odd)}"
                faults.append(Fault(file, int(line), "trial", got, _EXPECTED))
    if faults:
        raise DataError(faults)
