"""Files of others are read within limits of kind, size, depth and count."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis import foreign
from analysis.foreign import ForeignError
from analysis.reconstruction.reading import read_problem
from analysis.schema import DataError
from analysis.vigibase.codes import read_codes
from analysis.vigibase.errors import CodesError

BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


def written(folder: Path, text: str) -> Path:
    path = folder / "given.yml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BOMB, "line 1: got an anchor"),
        ("a: *b", "line 1: got an alias"),
        ("a: 1\nb: !!binary x", "line 2: got a tag"),
        ("a: !!python/object:os.system {}", "got a tag"),
        ("a: !!timestamp x", "got a tag"),
        ("[" * 60_000, "got more than 50 levels"),
        ("{a: " * 60_000, "got more than 50 levels"),
        ("".join(f"{' ' * n}a:\n" for n in range(300)), "got more than 50 levels"),
        ("- 1\n" * 60_000, "got more than 50000 entries"),
        ("a: 1\na: 2", "line 2: got the entry a twice"),
        ("a: " + "9" * 60_000, "well-formed YAML"),
        ("a" * (1 << 20) + "b", "got over 1 MiB"),
        ("a: 1\n--- \nb: 1", "well-formed YAML"),
        ("a: '\x1b[31m'", "well-formed YAML"),
    ],
)
def test_yaml_beyond_the_limits_is_refused(
    tmp_path: Path, text: str, found: str
) -> None:
    with pytest.raises(ForeignError) as refused:
        foreign.read_yaml(written(tmp_path, text))
    assert found in str(refused.value)
    assert "\n" not in str(refused.value)


def test_yaml_at_the_limits_is_taken(tmp_path: Path) -> None:
    deep = "[" * 49 + "x" + "]" * 49
    assert foreign.read_yaml(written(tmp_path, f"a: {deep[1:-1]}"))
    path = written(tmp_path, "012345: 0x10\nb: [yes, ~]\n")
    assert foreign.read_yaml(path, as_text=True) == {
        "012345": "0x10",
        "b": ["yes", "~"],
    }
    assert foreign.read_yaml(path) == {5349: 16, "b": [True, None]}


def test_constraints_and_codes_go_through_the_one_reader(tmp_path: Path) -> None:
    path = written(tmp_path, BOMB)
    with pytest.raises(DataError, match="an anchor"):
        read_problem(path)
    with pytest.raises(CodesError, match="an anchor"):
        read_codes(path)


def test_what_is_no_ordinary_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(ForeignError, match="got a pipe or device"):
            foreign.read_bytes(path)
    with pytest.raises(ForeignError, match="got a folder"):
        foreign.read_bytes(tmp_path)
    with pytest.raises(ForeignError, match="no such file"):
        foreign.read_bytes(tmp_path / "none")
    with pytest.raises(ForeignError, match="null"):
        foreign.read_bytes(tmp_path / "a\0b")
    with pytest.raises(ForeignError, match="too long"):
        foreign.read_bytes(tmp_path / ("a" * 300))
