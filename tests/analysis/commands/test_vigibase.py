"""``python -m analysis vigibase``: what its user sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.letter import data
from analysis.letter.extract import SHIPPED


def test_describe_prints_the_published_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["vigibase", "describe"]) == 0
    printed = capsys.readouterr().out
    for line in (
        "SYNTHETIC REPORTS",
        "2155  Acute lymphoblastic leukemia",
        "269  Lenalidomide",
        "Sex (251 with data)",
        "151   60%  Male",
        "241   93%  Multiple myeloma",
        "83   93%  Withdrawn",
        "Outcome (100 with data)",
        "median 2.12 (IQR 0.99–3.89; range 0.01–11.17)",
        "median 3.08 (IQR 2.69–3.23; range 0.1–5.84)",
        "beyond the published letter",
        "does not represent",
    ):
        assert line in printed


def test_json_holds_every_published_key(capsys: pytest.CaptureFixture[str]) -> None:
    codes = str(SHIPPED / "codes.yml")
    assert main(["vigibase", "describe", str(SHIPPED), "--codes", codes, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["synthetic"] is True
    for key, reported in data.reported_values().items():
        if reported.section == "vigibase":
            text = f"{reported.number:.{reported.decimals}f}"
            assert found["values"][key]["text"] == text


def test_the_way_from_files_to_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, converted = str(tmp_path / "extract"), str(tmp_path / "x.duckdb")
    generate = ["vigibase", "generate", folder, "--reports", "3000", "--seed", "5"]
    convert = ["vigibase", "convert", folder, "--to", converted]
    assert main(generate) == 0
    assert main(convert) == 0
    first = capsys.readouterr()
    assert "rows read, 0 set aside" in first.out
    assert "[9/9] SUSPECTEDDUPLICATES" in first.err
    assert main(convert) == 0
    assert first.err.count("done before") == 0
    assert capsys.readouterr().err.count("done before") == 9
    codes = str(SHIPPED / "codes.yml")
    assert main(["vigibase", "describe", converted, "--codes", codes]) == 0
    assert "269  Lenalidomide" in capsys.readouterr().out


def test_rows_set_aside_are_told_by_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, converted = tmp_path / "extract", tmp_path / "x.duckdb"
    main(["vigibase", "generate", str(folder), "--reports", "3000", "--seed", "5"])
    with (folder / "SRCE.txt").open("a") as file:
        file.write("999        1 \ncut")
    assert main(["vigibase", "convert", str(folder), "--to", str(converted)]) == 0
    printed = capsys.readouterr().out
    assert "SRCE.txt: truncated line: 1 rows set aside" in printed
    assert "SRCE.txt: UMCReportId is not in DEMO: 1 rows set aside" in printed
    assert "x.duckdb.rejected.csv" in printed
    assert main(["vigibase", "describe", str(converted)]) == 2
    assert "codes.yml: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["describe", "nowhere.duckdb"], "no such file or folder"),
        (["describe", "--codes", "nowhere.yml"], "cannot be read"),
        (["convert", "nowhere", "--to", "x.duckdb"], "no such folder"),
        (["generate", "x", "--reports", "5", "--seed", "1"], "at least 3000"),
    ],
)
def test_what_cannot_be_done_is_said_on_one_line(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["vigibase", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
