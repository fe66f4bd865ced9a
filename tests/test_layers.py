"""Imports go down the floors of the design, never up; methods know no press."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

# From the ground up; each may import itself and what stands above it here.
FLOORS = (
    ("manuscript.values",),
    ("analysis.schema", "analysis.foreign"),
    ("analysis.reading",),
    ("analysis.basis",),
    ("analysis.trials",),
    ("analysis.meta",),
    ("analysis.review", "analysis.vigibase", "analysis.reconstruction"),
    ("analysis.plots",),
    ("analysis.letter",),
    ("analysis.commands",),
    ("manuscript.errors",),
    ("manuscript.entry",),
    ("manuscript.source",),
    ("manuscript.execute",),
    ("manuscript.record",),
    ("manuscript.check",),
    ("manuscript.compose",),
    ("manuscript.preview", "manuscript.bundle", "manuscript.word", "manuscript.new"),
    ("manuscript.prose",),
    ("manuscript.commands",),
    ("manuscript.__main__",),
    ("analysis.__main__",),  # an entry point, where faults are told as the press does
)
# Rooms of the press, each entered by its door; papers is one that needs no project.
PRESS = tuple(
    f"manuscript.{room}"
    for room in (
        *("values", "source", "execute", "record", "check", "compose"),
        *("preview", "bundle", "word", "new"),
    )
)
PAPERS = "manuscript.check.papers"
# At the top of the press, doors and rooms, as design and page of the house have it.
TOP = 14
METHODS = tuple(name for floor in FLOORS[1:8] for name in floor)
# Entered by what their ``__init__`` hands out, and by nothing else.
CLOSED = ("analysis.plots", "analysis.review", *PRESS)
# Modules of a room: about a dozen, so that they are taken in at a glance.
MOST = 14
# Rooms that hold more: one module a subcommand or a construct, or yet to be cut.
LARGER = {
    "manuscript.commands",
    "manuscript.compose.constructs",
    "analysis.letter.evidence",
    "analysis.letter.tables",
    "analysis.reconstruction",
    "analysis.vigibase",
}


def modules() -> list[Path]:
    return sorted([*ROOT.glob("analysis/**/*.py"), *ROOT.glob("manuscript/**/*.py")])


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(module: str, *rooms: str) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def floor(module: str) -> int:
    for height, names in enumerate(FLOORS):
        if within(module, *names):
            return height
    raise AssertionError(f"{module} stands on no floor: add it to FLOORS")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if node.module in ("analysis", "manuscript")
                else [node.module]
            )
        else:
            continue
        yield from (n for n in names if within(n, "analysis", "manuscript"))


IMPORTS = {name_of(path): {*imported(path)} for path in modules()}


def test_a_module_imports_from_its_floor_or_below() -> None:
    upwards = {
        (module, name)
        for module, names in IMPORTS.items()
        if module not in ("analysis", "manuscript")
        for name in names
        if name.partition(".STARTED")[0] != "manuscript" and floor(name) > floor(module)
    }
    assert not upwards


def test_methods_know_no_press_and_the_press_no_study() -> None:
    found = set()
    for module, names in IMPORTS.items():
        other = "analysis"
        if within(module, "analysis"):
            other = "manuscript" if within(module, *METHODS) else ""
        found |= {(module, name) for name in names if other and within(name, other)}
    assert not found


def test_a_closed_room_is_entered_by_its_door() -> None:
    inside = {
        (module, name)
        for module, names in IMPORTS.items()
        for name in names
        for room in CLOSED
        if within(name, room) and name not in (room, PAPERS)
        if not within(module, room)
    }
    assert not inside


def test_a_room_is_taken_in_at_a_glance() -> None:
    sizes: dict[str, int] = {}
    for path in modules():
        if path.name not in ("__init__.py", "__main__.py"):
            room = name_of(path).rpartition(".")[0]
            sizes[room] = sizes.get(room, 0) + 1
    large = {room for room, size in sizes.items() if size > MOST}
    assert large - LARGER == set()


def test_the_press_has_few_rooms() -> None:
    rooms = [
        path
        for path in (ROOT / "manuscript").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
        if not path.name.startswith("__")
    ]
    assert len(rooms) <= TOP
