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


@pytest.mark.parametrize("path", texts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_word_of_the_study(path: Path) -> None:
    found = {n: line for n, line in lines_of(path) if WORDS.search(line)}
    found |= {n: line for n, line in prose_of(path) if DISEASE.search(line)}
    assert not found, "\n".join(f"{n}: {found[n].strip()}" for n in sorted(found))


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
    with pytest.raises(AssertionError):
        _found_nowhere(path)


@pytest.mark.parametrize("text", ["ALL = 1", '"UNION ALL"', "# all", '"SMALL"'])
def test_what_is_no_word_is_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(f"{text}\n")
    _found_nowhere(path)


def _found_nowhere(path: Path) -> None:
    assert not any(WORDS.search(line) for _, line in lines_of(path))
    assert not any(DISEASE.search(line) for _, line in prose_of(path))
