from types import SimpleNamespace
from typing import Any

from manuscript.check.values import rows
from manuscript.values.value import NO_ROW, Origin


def passage(*origins: Origin) -> Any:
    values = tuple(origin.count(f"trials.{n}", n) for n, origin in enumerate(origins))
    return SimpleNamespace(
        file="a.qmd",
        marks=[SimpleNamespace(values=values, start=0)],
        sentence=lambda at: "Of these, 0 were observed.",
        place=lambda at: (3, 7),
    )


def test_a_value_of_rows_that_are_gone_is_found_with_place_and_sentence() -> None:
    there = Origin("f", "data/trials.csv", "class = y", "reconstruction")
    gone = Origin("f", "data/trials.csv", f"{NO_ROW} with class = x", "reconstruction")
    proof: Any = SimpleNamespace(passages=lambda: [passage(there), passage(gone)])
    (found,) = rows.check(proof).findings
    assert str(found) == (
        "a.qmd:3:7: `trials.0` has no row with class = x in data/trials.csv: “Of "
        "these, 0 were observed.”; take the sentence out, or restore the rows [rows]"
    )
