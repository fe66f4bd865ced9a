"""Kernels that are copies of one process behave as those started by themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from manuscript.execute import kernel, nursery
from manuscript.execute.kernel import Kernel, KernelEndedError
from tests.manuscript import kernels

pytestmark = pytest.mark.skipif(
    not nursery.possible(), reason="processes cannot be copied here"
)


@pytest.fixture(autouse=True)
def by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels for which there is no nursery are started here."""
    monkeypatch.setattr(kernel, "_started", kernels.started_by_itself)


SIZE, DPI, EPOCH = (7, 5), 300, 1_700_000_000


def nursery_of(folder: Path, *modules: str) -> nursery.Nursery:
    return kernel.nursery(folder, SIZE, DPI, EPOCH, modules, values="")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder with a module that says, as it is loaded, by whom."""
    (tmp_path / "tides.py").write_text(
        "import os\nloaded_by = os.getpid()\nheld = []\n", "utf-8"
    )
    return tmp_path


def started(
    folder: Path, mother: nursery.Nursery | None, size: tuple[float, float] = SIZE
) -> Iterator[Kernel]:
    return kernel.start(  # type: ignore[return-value]
        folder, size, DPI, EPOCH, threading.Event(), nursery=mother
    )


def value(running: Kernel, expression: str) -> str:
    _, reply = running.execute("", 60, {"asked": expression})
    answer = reply["user_expressions"]["asked"]
    return str(answer.get("data", answer)["text/plain"])


def test_modules_are_loaded_once_and_nothing_else_is_shared(beside: Path) -> None:
    mother = nursery_of(beside, "tides")
    try:
        with started(beside, mother) as one, started(beside, mother) as other:
            one.execute("import tides; tides.held.append(1); x = 1", 60)
            other.execute("import tides, os", 60)
            same = value(one, "tides.loaded_by")
            assert value(other, "tides.loaded_by") == same
            assert value(other, "os.getpid()") != same
            assert value(other, "tides.held") == "[]"
            assert value(other, "'x' in globals()") == "False"
    finally:
        mother.close()


SEEN = (
    "sorted((k, v) for k, v in __import__('os').environ.items()"
    " if k not in ('IPYTHONDIR', 'MATPLOTLIBRC'))",
    "__import__('sys').path",
    "__import__('os').getcwd()",
    "__import__('matplotlib').rcParams['figure.figsize']",
    "__import__('matplotlib').get_backend()",
    "__import__('signal').getsignal(2), __import__('signal').getsignal(17)",
    "hash('a'), __name__, __import__('sys').flags, __import__('sys').argv[0]",
)


def test_a_copy_sees_what_a_kernel_sees(beside: Path) -> None:
    mother = nursery_of(beside, "tides")
    try:
        with started(beside, mother) as copied, started(beside, None) as alone:
            copied.execute("import tides", 60)
            alone.execute("import tides", 60)
            assert value(copied, "tides.loaded_by == __import__('os').getpid()") == (
                "False"
            )
            for expression in SEEN:
                assert value(copied, expression) == value(alone, expression)
    finally:
        mother.close()


def test_a_kernel_of_tests_sees_what_a_kernel_sees(
    beside: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with started(beside, None) as alone:
        expected = [value(alone, expression) for expression in SEEN]
    with kernels.copied(tmp_path_factory.mktemp("mother")):
        for _ in range(2):
            with started(beside, None) as copied:
                assert isinstance(copied._process, nursery.Copy)
                assert [value(copied, expression) for expression in SEEN] == expected


@pytest.mark.parametrize(
    "module",
    [
        "print('read')",
        "import warnings; warnings.warn('read')",
        "1 / 0",
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "raise SystemExit",
    ],
)
def test_what_a_copy_would_lack_makes_kernels_of_their_own(
    beside: Path, module: str
) -> None:
    (beside / "loud.py").write_text(f"import os\nby = os.getpid()\n{module}\n", "utf-8")
    mother = nursery_of(beside, "loud", "tides")
    try:
        with started(beside, mother) as running:
            running.execute("import tides, os", 60)
            assert value(running, "tides.loaded_by == os.getpid()") == "True"
    finally:
        mother.close()


def test_other_settings_make_kernels_of_their_own(beside: Path) -> None:
    mother = nursery_of(beside, "tides")
    try:
        with started(beside, mother, (3, 2)) as running:
            running.execute("import tides, os, matplotlib", 60)
            assert value(running, "tides.loaded_by == os.getpid()") == "True"
            assert (
                value(running, "matplotlib.rcParams['figure.figsize']") == "[3.0, 2.0]"
            )
    finally:
        mother.close()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(3)", "it ended with status 3"),
        ("import os, signal; os.kill(os.getpid(), 9)", "it ended with status -9"),
    ],
)
def test_how_a_copy_ended_is_told(beside: Path, code: str, said: str) -> None:
    mother = nursery_of(beside, "tides")
    try:
        with (
            started(beside, mother) as running,
            pytest.raises(KernelEndedError, match=said),
        ):
            running.execute(code, 60)
    finally:
        mother.close()


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


def test_no_process_is_left(beside: Path) -> None:
    mother = nursery_of(beside, "tides")
    with started(beside, mother) as running:
        running.execute("import os", 60)
        kernels = [int(value(running, f"os.{ask}()")) for ask in ("getpid", "getppid")]
    assert all(map(gone, kernels))
    with started(beside, mother) as running:
        running.execute("import os", 60)
        kernels = [int(value(running, f"os.{ask}()")) for ask in ("getpid", "getppid")]
        # As when this process dies: nobody holds the other end any more.
        running._process._keeper.close()  # type: ignore[attr-defined]
        assert all(map(gone, kernels))
        running._process._status = -9  # type: ignore[attr-defined]
    mother.close()
    assert gone(mother._process.pid)


def test_kernels_do_not_wait_until_somebody_reads_the_values(beside: Path) -> None:
    press = beside / "manuscript" / "execute"
    press.mkdir(parents=True)
    for folder in (press, press.parent):
        (folder / "__init__.py").touch()
    known = (
        "def begin(v):\n    return True\n"
        "def packed(v, state):\n    return (v + state).encode() * 100_000\n"
    )
    (press / "known.py").write_text(known, "utf-8")
    (press.parent / "prose.py").write_text("v = 'values of '\n", "utf-8")
    mother = kernel.nursery(beside, SIZE, DPI, EPOCH, ["tides"], values="now")
    try:
        with started(beside, mother) as running:
            running.execute("import tides, os", 60)
            assert value(running, "tides.loaded_by == os.getpid()") == "False"
        assert mother.values() == mother.values() == b"values of now" * 100_000
    finally:
        mother.close()
