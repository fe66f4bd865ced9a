"""A conversion survives what stops it, goes on, and is not done twice."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analysis.vigibase import Extract, convert
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake import Step, rejected_path
from analysis.vigibase.layout import TABLES

Write = Callable[..., Path]


def test_an_interrupted_conversion_goes_on_where_it_stopped(
    write: Write, tmp_path: Path
) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"

    def stop(step: Step) -> None:
        if step.name == "LINK":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(folder, converted, stop)
    with pytest.raises(ExtractError, match="not finished"):
        Extract.open(converted)

    steps: list[Step] = []
    convert(folder, converted, steps.append)
    done = [step.name for step in steps if math.isnan(step.seconds)]
    assert done == ["DEMO", "DRUG", "ADR", "LINK"]
    assert len(steps) == len(TABLES)
    assert Extract.open(converted).query("SELECT count(*) FROM link") == [(6,)]


def test_an_interrupted_query_is_an_interruption(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")  # as DuckDB does at Ctrl-C

    monkeypatch.setattr("analysis.vigibase.intake.conversion.read_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        convert(write(), tmp_path / "x.duckdb")


def test_a_finished_conversion_is_not_repeated(write: Write, tmp_path: Path) -> None:
    folder, converted = write(), tmp_path / "x.duckdb"
    first = convert(folder, converted)
    steps: list[Step] = []
    assert convert(folder, converted, steps.append) == first
    assert all(math.isnan(step.seconds) for step in steps)


def test_a_changed_extract_is_read_anew(write: Write, tmp_path: Path) -> None:
    folder, converted = write(out=[(99, "6", "Y")]), tmp_path / "x.duckdb"
    assert convert(folder, converted).set_aside == 1
    folder = write(out=[(1, "6", "Y"), (2, "6", "Y")])
    summary = convert(folder, converted)
    assert (summary.rows["out"], summary.set_aside) == (2, 0)
    assert not rejected_path(converted).exists()


# What a process may write is limited, as on a disk that fills up.
FULL_DISK = """
import resource, sys
from pathlib import Path
from analysis.vigibase import convert
from analysis.vigibase.errors import ExtractError
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
try:
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
except ExtractError as error:
    sys.exit(str(error))
"""


def test_a_full_disk_is_reported_and_the_next_run_finishes(
    write: Write, tmp_path: Path
) -> None:
    reports = [
        (number, 6, 1, "20240229", "1", "2", "20200101") for number in range(1, 60_001)
    ]
    folder, converted = write(demo=reports), tmp_path / "x.duckdb"
    root = Path(__file__).parents[4]
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder), str(converted)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "the conversion stopped" in run.stderr
    assert "run it again" in run.stderr
    assert convert(folder, converted).rows["demo"] == len(reports)
    opened = Extract.open(converted, check=False)
    assert opened.query("SELECT count(*) FROM demo") == [(60_000,)]


def test_what_is_not_ours_is_not_written_to(write: Write, tmp_path: Path) -> None:
    folder = write()
    text = tmp_path / "notes.txt"
    text.write_text("my notes")
    with pytest.raises(ExtractError, match="the conversion stopped"):
        convert(folder, text)
    assert text.read_text() == "my notes"

    database = tmp_path / "other.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 1")
    with pytest.raises(ExtractError, match="not a converted extract"):
        convert(folder, database)
    with pytest.raises(ExtractError, match="not a converted extract"):
        Extract.open(database)
