"""Nothing that identifies a report leaves, in a result or in a file."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.letter.extract import SHIPPED, codes_path, description
from analysis.vigibase import (
    Codes,
    Extract,
    PrivacyError,
    assert_shareable,
    convert,
    describe,
    read_codes,
    release,
)
from analysis.vigibase.results import Breakdown, Count, Description, Quantiles


@pytest.fixture(scope="module")
def codes() -> Codes:
    return read_codes(codes_path())


@pytest.fixture(scope="module")
def found() -> Description:
    return description()


def with_sex(found: Description, *counts: Count, available: int = 251) -> Description:
    sex = Breakdown("sex", "Sex", 269, available, counts, exclusive=False)
    return replace(found, breakdowns=(sex,))


def test_a_description_passes_as_it_is(found: Description, codes: Codes) -> None:
    assert release(found, codes) == found


@pytest.mark.parametrize(
    "leak",
    [
        Count("male", "Dr Smith's patient in Caen", 1),
        Count("100000123", "Male", 1),
        Count("male", "Male", 100000123),
        Count("male", "Male", -1),
        Count("male", "Male", np.int64(100)),  # type: ignore[arg-type]
    ],
)
def test_text_identifiers_and_foreign_objects_are_stopped(
    found: Description, codes: Codes, leak: Count
) -> None:
    with pytest.raises(PrivacyError):
        release(with_sex(found, leak), codes)


@pytest.mark.parametrize(
    "rows", [[(1, "f")], {"UMCReportId": 1}, np.arange(3), {1, 2}, b"1"]
)
def test_rows_are_stopped_wherever_they_hide(
    found: Description, codes: Codes, rows: object
) -> None:
    time = replace(found.times[0], by_year=rows)  # type: ignore[arg-type]
    with pytest.raises(PrivacyError, match="was about to leave"):
        release(replace(found, times=(time,)), codes)


def test_numbers_of_reports_are_stopped_in_a_histogram(
    found: Description, codes: Codes
) -> None:
    time = replace(found.times[0], by_year=(100000001, 100000002))
    with pytest.raises(PrivacyError, match="count no cases"):
        release(replace(found, times=(time,)), codes)


def test_free_text_of_an_extract_reaches_no_description() -> None:
    secret = "seen at the clinic of Dr Smith"
    extract = Extract.from_tables(
        {
            "demo": {"UMCReportId": [1], "Region": [secret], "Gender": [secret]},
            "drug": {
                "UMCReportId": [1],
                "Drug_Id": [1],
                "DrecNo": [990001],
                "Basis": [1],
            },
            "adr": {"UMCReportId": [1], "Adr_Id": [1], "MedDRA_Id": [99000001]},
            "ind": {"Drug_Id": [1], "Indication": [secret]},
            "srce": {"UMCReportId": [1], "Type": [secret]},
        }
    )
    assert "Smith" not in repr(describe(extract, read_codes(codes_path())))


def counted(*numbers: int) -> tuple[Count, ...]:
    keys = ("male", "female", "africa", "europe")
    return tuple(Count(k, "Male", n) for k, n in zip(keys, numbers, strict=False))


def released(
    found: Description, codes: Codes, smallest: int, *numbers: int
) -> Breakdown:
    sex = Breakdown("sex", "Sex", 269, sum(numbers), counted(*numbers))
    passed = release(
        replace(found, breakdowns=(sex,)), replace(codes, smallest_cell=smallest)
    )
    return passed.breakdowns[0]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((3, 40, 50), [None, None, 50]),
        ((3, 4, 50), [None, None, 50]),
        ((0, 40, 50), [0, 40, 50]),
        ((5, 40), [5, 40]),
        ((1, 2), [None, None]),
    ],
)
def test_small_counts_are_taken_out_with_what_would_betray_them(
    found: Description, codes: Codes, numbers: tuple[int, ...], expected: list[int]
) -> None:
    passed = released(found, codes, 5, *numbers)
    assert [count.n for count in passed.counts] == expected


@given(st.lists(st.integers(0, 60), min_size=2, max_size=4), st.integers(2, 10))
def test_no_small_count_can_be_had_by_subtraction(
    numbers: list[int], smallest: int
) -> None:
    passed = released(description(), read_codes(codes_path()), smallest, *numbers)
    shown = [count.n for count in passed.counts]
    assert all(n is None or n == 0 or n >= smallest for n in shown)
    if passed.available is not None and None in shown:
        hidden = [n for n, s in zip(numbers, shown, strict=True) if s is None]
        assert len(hidden) > 1 or sum(n > 0 for n in numbers) == 1


def test_extremes_are_single_reports_and_go_with_small_counts(
    found: Description, codes: Codes
) -> None:
    passed = release(found, replace(codes, smallest_cell=5))
    duration, latency = passed.time("duration"), passed.time("latency")
    assert math.isnan(duration.min)
    assert math.isnan(latency.max)
    assert duration.median == found.time("duration").median
    assert all(n is None or n == 0 or n >= 5 for n in duration.by_year)
    few = release(found, replace(codes, smallest_cell=16)).time("latency")
    assert few.n is None
    assert math.isnan(few.median)


def test_the_flow_hides_small_counts_too(found: Description, codes: Codes) -> None:
    passed = release(found, replace(codes, smallest_cell=5))
    assert passed.flow.steps[1].excluded[1].n is None  # 2 replaced versions
    assert passed.flow["lenalidomide"] == 269


def test_the_synthetic_extract_may_be_shared() -> None:
    assert_shareable(SHIPPED)


@pytest.mark.parametrize("form", ["txt", "csv"])
def test_an_extract_may_not_be_shared(write: Callable[..., Path], form: str) -> None:
    folder = write(form)
    with pytest.raises(PrivacyError, match="not marked synthetic"):
        assert_shareable(folder)


def test_one_line_without_the_mark_is_enough(tmp_path: Path) -> None:
    lines = (SHIPPED / "ADR.txt").read_text().splitlines()
    lines[6] = lines[6].removesuffix(" synthetic")
    path = tmp_path / "ADR.txt"
    path.write_text("\n".join(lines))
    with pytest.raises(PrivacyError, match="line 7"):
        assert_shareable(path)


def test_what_a_conversion_writes_may_not_be_shared(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    restricted = tmp_path / "restricted"
    restricted.mkdir()
    converted = restricted / "x.duckdb"
    convert(write(out=[(99, "6", "Y")]), converted)
    with pytest.raises(PrivacyError, match="`restricted`"):
        assert_shareable(converted)
    rejected = (restricted / "x.duckdb.rejected.csv").rename(tmp_path / "rows.txt")
    with pytest.raises(PrivacyError, match="must not be shared"):
        assert_shareable(rejected)
    renamed = converted.rename(tmp_path / "figure.png")
    with pytest.raises(PrivacyError, match="database"):
        assert_shareable(renamed)


def test_the_restricted_folder_may_not_be_shared(tmp_path: Path) -> None:
    path = tmp_path / "restricted" / "deep" / "notes.md"
    path.parent.mkdir(parents=True)
    path.write_text("anything")
    with pytest.raises(PrivacyError, match="`restricted`"):
        assert_shareable(path)
    with pytest.raises(PrivacyError, match="`restricted`"):
        assert_shareable(tmp_path)


def test_an_archive_may_not_be_shared(tmp_path: Path) -> None:
    (tmp_path / "extract.zip").write_bytes(b"PK")
    with pytest.raises(PrivacyError, match="archive"):
        assert_shareable(tmp_path)


@pytest.mark.parametrize("name", ["table.csv", "rows.json"])
def test_a_table_that_names_identifiers_may_not_be_shared(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text('"UMCReportId","Gender"\n1,2\n')
    with pytest.raises(PrivacyError, match="identifiers"):
        assert_shareable(path)


def test_other_files_may_be_shared(tmp_path: Path) -> None:
    for name, content in (
        ("trials.csv", "trial,n\nP1,10\n"),
        ("out.txt", "a log\n"),
        ("reader.py", "columns = ['UMCReportId']\n"),
    ):
        (tmp_path / name).write_text(content)
    assert_shareable(tmp_path)


def test_a_time_over_few_reports_keeps_its_title(
    found: Description, codes: Codes
) -> None:
    few = release(found, replace(codes, smallest_cell=300)).times
    assert [time.title for time in few] == [time.title for time in found.times]
    assert all(isinstance(time, Quantiles) and time.n is None for time in few)
