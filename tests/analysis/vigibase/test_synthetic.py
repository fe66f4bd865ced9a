"""The synthetic extract: as shipped, as published, at any size."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.letter import data
from analysis.letter.answers.vigibase import values
from analysis.letter.extract import SHIPPED, codes_path
from analysis.letter.synthetic import generate
from analysis.vigibase import Extract, ExtractError, convert, describe, read_codes
from analysis.vigibase.layout import SYNTHETIC_FILE, TABLES

REPORTED = {
    key: reported
    for key, reported in data.reported_values().items()
    if reported.section == "vigibase"
}


def test_the_shipped_files_are_those_that_the_generator_writes(tmp_path: Path) -> None:
    generate(tmp_path, 3000, 20240301)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}
    assert shipped.keys() - written.keys() == {"README.md", "codes.yml"}
    assert {name: shipped[name] for name in written} == written


@pytest.mark.parametrize(
    ("reports", "seed", "form"),
    [(3000, 20240301, "txt"), (3000, 7, "csv"), (60_000, 8, "txt")],
)
def test_the_published_numbers_come_out_at_any_size_seed_and_form(
    tmp_path: Path, reports: int, seed: int, form: str
) -> None:
    folder = tmp_path / "extract"
    generate(folder, reports, seed, form)  # type: ignore[arg-type]
    summary = convert(folder, tmp_path / "x.duckdb")
    assert summary.findings == ()
    assert summary.synthetic
    found = describe(Extract.open(tmp_path / "x.duckdb"), read_codes(codes_path()))
    assert found.flow["reports"] == reports
    by_key = {value.key: value.text for value in values(found)}
    assert {key: by_key[key] for key in REPORTED} == {
        key: f"{r.number:.{r.decimals}f}" for key, r in REPORTED.items()
    }


def test_every_line_that_ships_says_that_it_is_synthetic() -> None:
    for table in TABLES.values():
        lines = (SHIPPED / f"{table.stem}.txt").read_text("ascii").splitlines()
        assert all(
            line.rstrip().endswith(("synthetic", "(synthetic)")) for line in lines
        )
    for name in ("README.md", SYNTHETIC_FILE):
        assert "is synthetic" in (SHIPPED / name).read_text("utf-8")


def test_every_shipped_line_has_the_true_width() -> None:
    for table in TABLES.values():
        if table.padded:
            lines = (SHIPPED / f"{table.stem}.txt").read_text("ascii").splitlines()
            assert {len(line) for line in lines} == {table.width + len(" synthetic")}


def test_the_shipped_extract_is_opened_as_synthetic() -> None:
    assert Extract.open(SHIPPED).synthetic


def test_too_few_reports_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="at least 3000"):
        generate(tmp_path / "x", 2999, 1)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "DEMO.txt").write_text("mine")
    with pytest.raises(ExtractError, match="is there already"):
        generate(tmp_path, 3000, 1)
    assert (tmp_path / "DEMO.txt").read_text() == "mine"
