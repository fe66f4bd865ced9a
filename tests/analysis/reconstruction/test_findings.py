"""Findings outlive neither their constraints nor their tables."""

from __future__ import annotations

import math
import shutil
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from analysis import meta
from analysis.reconstruction import findings
from analysis.reconstruction.consequences import Spread, answers, consequences
from analysis.reconstruction.findings import Findings, StaleFindingsError
from analysis.reconstruction.reading import read_problem
from analysis.reconstruction.sampler import Ensemble, sample

DATA = Path(__file__).parents[3] / "data" / "reconstruction"


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sample(read_problem(DATA / "example.yml"), 30, 1)


@pytest.fixture(scope="module")
def made(ensemble: Ensemble) -> Findings:
    return Findings.of(ensemble)


@pytest.fixture
def kept(tmp_path: Path, ensemble: Ensemble, made: Findings) -> Path:
    path = Path(shutil.copy(DATA / "example.yml", tmp_path / "paper.yml"))
    findings.write(path, made, ensemble.tables)
    return path


def test_what_is_written_is_read(
    kept: Path, ensemble: Ensemble, made: Findings
) -> None:
    found = findings.read(kept)
    assert found.source == made.source
    assert found.pinned == made.pinned
    assert found.patterns == made.patterns
    assert [one.key for one in found.consequences] == [
        one.key for one in made.consequences
    ]
    one, other = found["all.peto"], made["all.peto"]
    assert one.estimate.median == pytest.approx(other.estimate.median, rel=1e-9)
    assert math.isnan(found["incidence.crude"].significant)
    np.testing.assert_array_equal(findings.read_tables(kept), ensemble.tables)


def test_two_writings_give_the_same_bytes(kept: Path, ensemble: Ensemble) -> None:
    files = [kept.with_suffix(suffix) for suffix in (".npz", ".json")]
    before = [file.read_bytes() for file in files]
    findings.write(kept, Findings.of(ensemble), ensemble.tables)
    assert [file.read_bytes() for file in files] == before
    assert {file.name for file in kept.parent.iterdir()} == {
        *("paper.yml", "paper.npz", "paper.json")
    }


def test_changed_constraints_make_findings_stale(kept: Path) -> None:
    text = kept.read_text(encoding="utf-8").replace('"2.1"', '"2.2"')
    kept.write_text(text, encoding="utf-8")
    with pytest.raises(StaleFindingsError, match=r"paper\.json was made from another"):
        findings.read(kept)


def test_changed_tables_make_findings_stale(kept: Path) -> None:
    tables = findings.read_tables(kept)
    tables[0, 0, 0] += 1
    with kept.with_suffix(".npz").open("wb") as file:
        np.savez_compressed(file, tables=tables)
    with pytest.raises(StaleFindingsError, match=r"analysis reconstruct .* --save"):
        findings.read(kept)


@pytest.mark.parametrize("suffix", [".npz", ".json"])
def test_missing_findings_are_named(kept: Path, suffix: str) -> None:
    kept.with_suffix(suffix).unlink()
    with pytest.raises(StaleFindingsError, match=r"no findings about paper\.yml"):
        findings.read(kept)


def test_other_ends_of_lines_change_nothing(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))
    assert findings.read(kept).tables == 30


def test_a_failed_writing_leaves_what_was_there(
    kept: Path, ensemble: Ensemble, made: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        findings.write(kept, made, ensemble.tables[:5])
    assert findings.read(kept).tables == 30
    assert len(list(kept.parent.iterdir())) == 3


def test_the_letter_is_no_exception() -> None:
    found = findings.read(DATA / "letter.yml")
    assert found.reached + sum(not p.tables for p in found.patterns) == len(
        found.patterns
    )
    assert 0 < found.nearest_miss < math.inf


def test_quantiles_of_a_spread() -> None:
    spread = Spread.of(np.array([np.nan, *range(101)], dtype=float))
    assert astuple(spread) == pytest.approx((0.0, 2.5, 50.0, 97.5, 100.0))
    assert math.isnan(Spread.of(np.array([np.nan])).median)


def test_answers_are_those_of_each_table_alone(ensemble: Ensemble) -> None:
    """In a batch as one by one."""
    found = {one.key: one for one in answers(ensemble.tables, ensemble.space.problem)}
    for i, table in enumerate(ensemble.tables[:5]):
        a, c, n1, n2 = table.T
        peto = meta.peto(a, n1, c, n2)
        assert found["all.peto"].estimate[i] == pytest.approx(peto.natural()[0])
        exact = meta.exact_conditional(a, n1, c, n2)
        assert found["all.exact"].p is not None
        assert found["all.exact"].p[i] == pytest.approx(exact.p, rel=1e-9)
        crude = meta.crude(a, n1)
        assert found["incidence.crude"].estimate[i] == pytest.approx(
            100 * crude.natural()[0]
        )
        out = [
            meta.peto(*(np.delete(x, j) for x in (a, n1, c, n2)))
            for j in range(len(table))
        ]
        least = min(one.natural()[0] for one in out)
        assert found["all.without_one"].estimate[i] == pytest.approx(least)
        changes = meta.fragility(meta.peto, a, n1, c, n2, at_most=2).changes
        assert found["all.fragility"].estimate[i] == (changes or 3)


def test_consequences_count_the_significant_tables(ensemble: Ensemble) -> None:
    problem = ensemble.space.problem
    by_key = {one.key: one for one in answers(ensemble.tables, problem)}
    for one in consequences(ensemble.tables, problem):
        p = by_key[one.key].p
        if p is None:
            assert one.p is None
            assert math.isnan(one.significant)
        else:
            assert one.significant == (p < 0.05).mean()
