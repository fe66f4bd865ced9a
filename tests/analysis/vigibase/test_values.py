"""Values of the description: keys, origins, and what is too small to be shown."""

from __future__ import annotations

import math
from dataclasses import replace

from analysis.letter import data
from analysis.letter.answers.vigibase import values
from analysis.letter.extract import ROOT, codes_path, description
from analysis.vigibase import read_codes, release
from manuscript.values.markdown import markdown
from manuscript.values.value import Value


def by_key(smallest: int = 1) -> dict[str, Value]:
    codes = replace(read_codes(codes_path()), smallest_cell=smallest)
    found = replace(release(description(), codes), smallest_cell=smallest)
    return {value.key: value for value in values(found)}


def test_every_published_key_has_its_published_number() -> None:
    found = by_key()
    for key, reported in data.reported_values().items():
        if reported.section == "vigibase":
            assert found[key].text == f"{reported.number:.{reported.decimals}f}"
            assert found[key].unit == reported.unit


def test_no_key_is_given_twice() -> None:
    keys = [value.key for value in values(description())]
    assert len(keys) == len(set(keys))


def test_every_value_leads_to_a_function_and_a_file_that_exist() -> None:
    for value in by_key().values():
        assert (ROOT / value.origin.data).is_file()
        assert value.origin.basis == "synthetic"
        assert markdown(value)  # finds the source of the function


def test_shares_are_of_the_reports_with_data() -> None:
    found = by_key()
    assert found["vigibase.male.percent"].number == 100 * 151 / 251
    assert found["vigibase.lenalidomide.percent"].number == 100 * 269 / 2155
    assert math.isclose(found["vigibase.non_myeloma.percent"].number, 100 * 19 / 260)


def test_a_share_that_rounds_to_nothing_does_not_print_as_nothing() -> None:
    found = by_key()
    assert found["vigibase.bcr_abl1.percent"].text == "< 1"
    assert found["vigibase.lawyer.percent"].text == "0"


def test_a_small_count_prints_as_below_its_limit_and_bears_no_claim() -> None:
    value = by_key(smallest=5)["vigibase.lymphoma"]
    assert value.text == "< 5"
    assert not value < 5
    assert math.isnan(by_key(smallest=5)["vigibase.lymphoma.percent"].number)


def test_a_real_extract_is_named_as_collected() -> None:
    real = replace(description(), synthetic=False)
    found = {v.key: v for v in values(real, "restricted/vigibase.duckdb")}
    origin = found["vigibase.male"].origin
    assert (origin.basis, origin.data) == ("collected", "restricted/vigibase.duckdb")
    assert origin.rows.startswith("DEMO: Sex = Male")
    assert found["vigibase.reports.synthetic"].number == 0
