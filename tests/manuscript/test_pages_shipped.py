"""The pages of the project's own PDFs and of a paper of others, as printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.manuscript.pages import column_ends, emptiness

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
LINE = 9.4 * 1.25  # of a letter, in points


def printed(root: Path, output: Path) -> Path:
    command = [sys.executable, "-m", "manuscript", "render", "--engine", "builtin"]
    command += ["--to", "pdf", "--output", str(output)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return output


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printed(ROOT, tmp_path_factory.mktemp("shipped") / "output")


@pytest.fixture(scope="module")
def letters(
    shipped: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Three letters: the project's, a paper just begun, and the worked example."""
    folder = tmp_path_factory.mktemp("letters")
    new = folder / "new"
    command = [sys.executable, "-m", "manuscript", "new", str(new)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    example = folder / "example"
    shutil.copytree(ROOT / "examples" / "rosiglitazone", example)
    for name in ("manuscript", "partials", "analysis"):
        (example / name).symlink_to(ROOT / name)
    outputs = {
        "shipped": shipped,
        "new": printed(new, folder / "of-new"),
        "example": printed(example, folder / "of-example"),
    }
    return {name: (out / "index.pdf").read_bytes() for name, out in outputs.items()}


@pytest.mark.parametrize("name", ["index", "supplement", "reproduction"])
def test_no_page_but_the_last_is_a_quarter_empty(shipped: Path, name: str) -> None:
    shares = emptiness((shipped / f"{name}.pdf").read_bytes())
    assert len(shares) > 2
    assert max(shares[:-1]) < 0.25


# A paper just begun is statements of a heading and a line: none can be divided.
@pytest.mark.parametrize(
    ("name", "lines"), [("shipped", 2), ("new", 4), ("example", 2)]
)
def test_columns_end_together_where_the_text_ends(
    letters: dict[str, bytes], name: str, lines: int
) -> None:
    # Text is set with serifs; captions, tables and figures are not.
    columns = [ends for ends in column_ends(letters[name], font="Serif") if ends]
    first, second = columns[-1]
    assert abs(first - second) <= (lines + 0.2) * LINE


def test_references_of_the_supplement_end_together(shipped: Path) -> None:
    pdf = (shipped / "supplement.pdf").read_bytes()
    first, second = column_ends(pdf, font="Serif")[-1]
    assert abs(first - second) <= 2.2 * LINE
