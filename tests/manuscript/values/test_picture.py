"""A picture shows itself whole in a notebook, and is saved as journals take it."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import matplotlib
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.pylabtools import select_figure_formats
from matplotlib.figure import Figure
from PIL import Image

from analysis.plots.paper import style
from analysis.plots.paper.sheet import Sheet
from manuscript.values.picture import STAND_INS, Picture

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def picture() -> Picture:
    sheet = Sheet(144, 72)
    sheet.text(10, 20, "a < b & 5 $ or 6 $")
    sheet.line([(0, 30), (144, 30)])
    return Picture(sheet.figure, "Says a < b.")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Of a notebook, the part that shows objects."""
    matplotlib.use("agg")
    shell = SimpleNamespace(display_formatter=DisplayFormatter())
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell


def test_svg_keeps_text_as_text_and_says_what_it_shows(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.svg())
    assert [text.text for text in root.iter(f"{SVG}text")] == ["a < b & 5 $ or 6 $"]
    described = root.find(f"{SVG}desc")
    assert described is not None
    assert described.text == "Says a < b."


def test_svg_brings_nothing_that_could_disturb_a_page(picture: Picture) -> None:
    svg = picture.svg()
    assert "<style" not in svg
    assert ' id="' not in svg
    assert "<metadata" not in svg
    assert svg.count("font-family") == 1
    assert f"font-family: '{style.FAMILY}', {STAND_INS}" in svg
    # Nothing is left of a list of families: typst reads no further in such a style.
    assert not re.search(r"[;\"]\s*,", svg)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["svg"], {"image/svg+xml"}),
        (["png"], {"image/png"}),
        (["svg", "png"], {"image/svg+xml", "image/png"}),
        ([], {"image/svg+xml", "image/png"}),
    ],
)
def test_a_cell_shows_the_formats_that_its_notebook_asks_for(
    picture: Picture, shell: SimpleNamespace, wanted: list[str], given: set[str]
) -> None:
    if wanted:
        select_figure_formats(shell, wanted, bbox_inches="tight")
    shown, _ = shell.display_formatter.format(picture)
    assert set(shown) - {"text/plain"} == given


def test_nothing_is_cropped(picture: Picture, tmp_path: Path) -> None:
    root = ElementTree.fromstring(picture.svg())
    assert (root.get("width"), root.get("height")) == ("144pt", "72pt")
    picture.save(tmp_path / "f.png", dpi=300)
    with Image.open(tmp_path / "f.png") as image:
        assert image.size == (600, 300)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_pdf_embeds_truetype_so_that_text_stays_text(
    picture: Picture, tmp_path: Path
) -> None:
    picture.save(tmp_path / "f.pdf")
    pdf = (tmp_path / "f.pdf").read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert re.search(rb"/BaseFont /[A-Z]{6}\+LiberationSans", pdf)


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "tif"])
def test_saved_bytes_repeat(picture: Picture, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    picture.save(first)
    picture.save(second)
    assert first.read_bytes() == second.read_bytes()


def test_an_unknown_ending_is_refused(picture: Picture, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"f\.gif: a figure is saved as"):
        picture.save(tmp_path / "f.gif")


def test_lettering_in_several_typefaces_keeps_each() -> None:
    sheet = Figure(figsize=(2, 1))
    sheet.text(0.1, 0.2, "one", family="DejaVu Sans")
    sheet.text(0.1, 0.6, "two", family="DejaVu Serif")
    svg = Picture(sheet, "Two words.").svg()
    assert "DejaVu Sans" in svg
    assert "DejaVu Serif" in svg
    assert STAND_INS not in svg
