"""Imports go down the floors of the design, never up."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the ground up; each may import itself and what stands above it here.
FLOORS = (
    ("manuscript.values",),
    ("analysis.schema",),
    ("analysis.reading",),
    ("analysis.meta",),
    ("analysis.vigibase", "analysis.reconstruction"),
    ("analysis.letter",),
    ("analysis.commands",),
    ("analysis.__main__",),
    ("manuscript",),
)


def modules() -> list[Path]:
    return sorted([*ROOT.glob("analysis/**/*.py"), *ROOT.glob("manuscript/**/*.py")])


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor(module: str) -> int:
    for height, names in enumerate(FLOORS):
        if any(module == name or module.startswith(f"{name}.") for name in names):
            return height
    raise AssertionError(f"{module} stands on no floor: add it to FLOORS")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (
                f"{node.module}.{alias.name}"
                if node.module in ("analysis", "manuscript")
                else node.module
                for alias in node.names
            )


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_from_its_floor_or_below(path: Path) -> None:
    module = name_of(path)
    if module == "analysis":
        return
    ours = {
        name
        for name in imported(path)
        if name.split(".")[0] in ("analysis", "manuscript")
    }
    above = {name for name in ours if floor(name) > floor(module)}
    assert not above, f"{module} imports upwards: {', '.join(sorted(above))}"
