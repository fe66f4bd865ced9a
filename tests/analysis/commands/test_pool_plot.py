"""``python -m analysis pool --plot``: what it draws, and what it refuses."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import meta
from analysis.__main__ import main
from analysis.plots import difference_scale

TABLE = """\
trial,phase,events_treated,n_treated,events_control,n_control,rob
A,early,26,306,11,302,low
B,early,18,231,6,229,some
C,late,12,301,4,154,High
D,late,1,100,0,98,unclear
E,late,0,90,0,92,not looked at
"""
COUNTS = (
    [26, 18, 12, 1, 0],
    [306, 231, 301, 100, 90],
    [11, 6, 4, 0, 0],
    [302, 229, 154, 98, 92],
)
ONE_ARM = "trial,events,n\nA,0,40\nB,3,95\nC,1,250\n"


@pytest.fixture
def plotted(tmp_path, capsys):
    def run(content, *options, name="forest.svg"):
        path = tmp_path / "trials.csv"
        path.write_text(content, "utf-8")
        status = main(["pool", str(path), *options, "--plot", str(tmp_path / name)])
        said = capsys.readouterr().err.replace(f"{tmp_path}/", "")
        found = tmp_path / name
        return status, said, found

    return run


def words(path: Path) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text("utf-8"))


def test_a_random_pool_shows_its_prediction_interval_and_tau2(plotted):
    options = ("--method", "reml", "--by", "phase", "--bias", "rob")
    status, said, path = plotted(TABLE, *options)
    assert (status, said) == (0, "forest.svg written\n")
    found = words(path)
    pooled = meta.inverse_variance(*COUNTS, model="REML")
    estimate, low, high = (f"{float(x):.2f}" for x in pooled.natural())
    assert any(f"({low}–{high})" in word for word in found)
    assert estimate in found
    assert "Prediction interval" in found
    ends = [
        f"{float(meta.to_natural(x, 'OR')):.2f}"
        for x in (pooled.prediction_low, pooled.prediction_high)
    ]
    assert f"({ends[0]}–{ends[1]})" in found
    assert any("τ² = " in word for word in found)
    assert [word for word in found if word[:1] in "+×?"] == [
        *("+ Low", "× High", "? Unclear")
    ]
    assert "not looked at" in found
    assert found.count("Subtotal") == 2


def test_a_common_effect_has_neither(plotted):
    _, _, path = plotted(TABLE, "--method", "peto")
    found = " ".join(words(path))
    assert "Prediction" not in found
    assert "τ²" not in found
    assert "Risk of bias" not in found
    assert "not estimable" in found


@pytest.mark.parametrize("ending", ["pdf", "png", "svg", "tif", "PDF"])
def test_every_format_is_written_alike_twice(plotted, ending):
    name = f"forest.{ending}"
    first = plotted(TABLE, "--method", "peto", name=name)
    assert first[0] == 0
    path = first[2].with_suffix(f".{ending.lower()}")
    before = path.read_bytes()
    plotted(TABLE, "--method", "peto", name=name)
    assert path.read_bytes() == before
    assert len(before) > 5000


@pytest.mark.parametrize(
    "method", [m.name for m in (*meta.TWO_ARMS, *meta.MORE_TWO_ARMS)]
)
def test_every_method_is_drawn_or_refused(plotted, method):
    status, said, path = plotted(TABLE, "--method", method, "--by", "phase")
    if status:
        assert said.startswith(f"--plot: {method} has no effects of single trials")
        assert not path.exists()
    else:
        assert "All trials" in words(path)


@pytest.mark.parametrize("method", [m.name for m in meta.ONE_ARM])
def test_proportions_are_drawn_in_percent(plotted, method):
    status, _, path = plotted(ONE_ARM, "--method", method)
    assert status == 0
    found = words(path)
    assert "0 (0–8.81)" in "".join(found).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("f.doc", ("--method", "peto"), "--plot: got 'f.doc', expected a name"),
        ("f", ("--method", "peto"), "--plot: got 'f', expected a name"),
        ("no/f.svg", ("--method", "peto"), "--plot: there is no folder no"),
        ("f.svg", ("--all",), "--plot: it shows one method"),
        ("f.svg", ("--method", "peto", "--bias", "x"), "got no such column"),
    ],
)
def test_what_cannot_be_plotted_is_told_in_a_line(plotted, name, options, expected):
    status, said, path = plotted(TABLE, *options, name=name)
    assert status == 2
    assert expected in said
    assert not path.exists()


def test_bias_is_a_column_of_the_plot_alone(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    assert main(["pool", str(path), "--method", "peto", "--bias", "rob"]) == 2
    assert "add --plot FILE" in capsys.readouterr().err


def test_many_trials_take_several_pages(plotted):
    rows = "".join(f"T{i},x,{i % 5},{50 + i},1,{60 + i},low\n" for i in range(150))
    status, said, path = plotted(TABLE.splitlines()[0] + "\n" + rows, "--method", "mh")
    assert status == 0
    pages = sorted(p.name for p in path.parent.glob("forest*.svg"))
    assert len(pages) > 1
    assert all(f"{page} written" in said for page in pages)


def test_hostile_names_stay_text(plotted):
    name = "<script>alert(1)</script>"
    status, _, path = plotted(
        TABLE.replace("A,early", f"{name},early"), "--method", "mh"
    )
    assert status == 0
    assert "<script" not in path.read_text("utf-8")


def test_no_plot_loads_no_matplotlib(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    code = (
        "import sys; from analysis.__main__ import main; "
        f"main(['pool', {str(path)!r}, '--method', 'peto']); "
        "sys.exit('matplotlib' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("inside", "ends"), [([], (-1, 1)), ([3], (0, 3)), ([-8, -2], (-8, 0))]
)
def test_a_scale_of_differences_holds_zero(inside, ends):
    scale = difference_scale(map(float, inside))
    assert (scale.low, scale.high) == ends
    assert 0 in scale.ticks
