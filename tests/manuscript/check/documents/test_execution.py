import pytest

from tests.manuscript.check.conftest import Found


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("execute:\n  freeze: auto\n", 3),
        ("execute:\n  cache: true\n", 3),
        ("format:\n  html:\n    execute:\n      cache: true\n", 5),
        ("freeze: true\n", 2),
    ],
)
def test_kept_results_are_found(found: Found, front: str, line: int) -> None:
    (finding,) = found("execution", "Text.", front=f"{front}title: A\n")
    assert (finding.file, finding.line) == ("index.qmd", line)
    assert "is on" in finding.what


def test_off_is_off(found: Found) -> None:
    front = "execute:\n  freeze: false\n  cache: refresh\ntitle: A\n"
    assert found("execution", "Text.", front=front) == []
