"""Only ``analysis/letter`` speaks of this study: methods and press serve any."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "analysis" / "letter"
WORDS = re.compile(r"lenalidomide|placebo|leuka?emia|myeloma", re.IGNORECASE)
# The disease, not the keyword of SQL; a name of Python's is no word at all.
DISEASE = re.compile(r"(?<!UNION )(?<!BY )\bALL\b")


def texts() -> list[Path]:
    return sorted(
        path
        for room in ("analysis", "manuscript")
        for path in (ROOT / room).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and STUDY not in path.parents
    )


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)


def prose_of(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and strings of Python; all lines of anything else."""
    if path.suffix != ".py":
        yield from lines_of(path)
        return
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            name = tokenize.tok_name[token.type]
            if name == "COMMENT" or "STRING" in name:
                for below, line in enumerate(token.string.splitlines()):
                    yield token.start[0] + below, line


def found(path: Path) -> list[str]:
    lines = {n: line for n, line in lines_of(path) if WORDS.search(line)}
    lines |= {n: line for n, line in prose_of(path) if DISEASE.search(line)}
    return [f"{path}:{n}: {lines[n].strip()}" for n in sorted(lines)]


def test_no_word_of_the_study() -> None:
    everywhere = [line for path in texts() for line in found(path)]
    assert not everywhere, "\n".join(everywhere)


@pytest.mark.parametrize(
    "text",
    [
        'x = "ALL"',
        "# risk of ALL",
        '"""Of Leukaemia."""',
        "placebo = 1",
        "Lenalidomide",
    ],
)
def test_a_word_is_found_wherever_it_stands(tmp_path: Path, text: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(f"{text}\n")
    assert found(path)


@pytest.mark.parametrize("text", ["ALL = 1", '"UNION ALL"', "# all", '"SMALL"'])
def test_what_is_no_word_is_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(f"{text}\n")
    assert not found(path)
