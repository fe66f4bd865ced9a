"""Tables of trials as any review may bring them, drawn by chance."""

from __future__ import annotations

import csv
import io
from random import Random

COLUMNS = (
    *("trial", "control_class", "n_lenalidomide", "n_control"),
    *("all_lenalidomide", "all_control", "median_followup_months", "source_type"),
)
CLASSES = ("placebo", "chemotherapy", "observation")
SOURCES = ("publication", "registry", "investigator")
# Names that a figure must set, cut, escape or find a typeface for.
NAMES = (
    *("MM-015", "Ελένη Ω", "Исследование", "Çağ Şahin", "a|b*c_d`e", "x²³ ± µ"),
    *("[link](u)", "@cite", "$x$ {y}", "<b>&amp;</b>", "\\alpha", "'quoted' \"twice\""),
    *("A" * 200, "word " * 39 + "end", "-- --- ...", "1", "risk.all.or", "über–lang"),
)
SIZES = (1, 2, 3, 10, 49, 50, 99, 100, 231, 1000, 10**4, 10**5, 10**6)


def table(seed: int) -> str:
    """Return a table that the schema admits, as CSV; equal seeds give equal text."""
    chance = Random(seed)
    sizes_of_tables = (1, 2, 4, 8, 8, 12, 20) if chance.random() < 0.98 else (60, 200)
    most = chance.choice(sizes_of_tables)
    classes = chance.sample(CLASSES, chance.randint(1, len(CLASSES)))
    events = chance.choice(
        ("rare", "rare", "rare", "none", "all", "control", "treated", "any", "huge")
    )
    sizes = chance.choice((SIZES[3:9], SIZES[3:9], SIZES, SIZES[:4], SIZES[-3:]))
    if events in ("all", "any", "huge") and chance.random() < 0.9:
        sizes = SIZES[:8]
    odd = chance.random() < 0.3
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for i in range(chance.randint(1, most)):
        n = [chance.choice(sizes) + chance.choice((0, 0, 1, 7)) for _ in range(2)]
        n = [min(size, 10**9) for size in n]
        x = [_events(chance, events, arm, size) for arm, size in enumerate(n)]
        name = f"T{i + 1}"
        if odd and chance.random() < 0.5:
            name = f"{chance.choice(NAMES)[: 200 - len(name) - 1].strip()} {name}"
        months = chance.choice(("", "0", "12.5", "91", "9999999999"))
        row = (name, chance.choice(classes), *n, *x, months, chance.choice(SOURCES))
        writer.writerow(row)
    return buffer.getvalue()


def _events(chance: Random, kind: str, arm: int, size: int) -> int:
    match kind:
        case "none":
            return 0
        case "all":
            return size
        case "control" | "treated":
            mine = arm == (kind == "control")
            return min(size, chance.randint(0, 3)) if mine else 0
        case "any":
            return chance.randint(0, size)
        case "huge":
            return chance.choice((0, size, size // 2, min(1, size)))
    return min(size, chance.choice((0, 0, 0, 0, 1, 1, 2, 6)))
