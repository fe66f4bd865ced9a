"""Whatever befalls a render, the last good outputs stand, or the right new ones."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from manuscript.compose import render
from tests.manuscript.papers import GENERATED

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests/manuscript/projects/small"
OLD = {f"supplement.{suffix}": content for suffix, content in GENERATED.items()}
DRAWN = """# A figure

A day `{python} 1 + 1`.

```{python}
#| fig-alt: Two curves.
from tides import plot
plot()
```
"""
MIB = 1 << 20


def command(*arguments: str) -> list[str]:
    given = arguments or ("--to", "html,pdf,docx")
    return [
        *(sys.executable, "-m", "manuscript", "render", "--engine", "builtin"),
        *(*given, "supplement.qmd"),
    ]


def environment(**more: str) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": "1700000000",
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }


def run(
    root: Path,
    given: list[str],
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        given,
        cwd=root,
        env=env or environment(),
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def paper(folder: Path, body: str = DRAWN) -> Path:
    root = folder / "paper"
    shutil.copytree(SMALL, root, ignore=shutil.ignore_patterns("_output", "__*"))
    (root / "supplement.qmd").write_text(f"---\ntitle: S\n---\n\n{body}", "utf-8")
    output = root / "_output"
    output.mkdir()
    for name, content in OLD.items():
        (output / name).write_bytes(content)
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_untouched(output: Path) -> None:
    assert contents(output) == OLD


def assert_tidy(output: Path) -> None:
    """Nothing half-written beside the outputs, nothing running on."""
    assert not [path.name for path in output.parent.glob(f".{output.name}*")]
    running = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(output.parent):
                running.append(process.cmdline())
        except psutil.Error:
            continue
    assert not running


def assert_refused(
    run_: subprocess.CompletedProcess[str], output: Path, *words: str
) -> None:
    assert run_.returncode == 1, run_.stdout
    assert "Traceback" not in run_.stderr
    for word in words:
        assert word in run_.stderr
    assert_untouched(output)
    assert_tidy(output)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a render gives that nothing befalls."""
    root = paper(tmp_path_factory.mktemp("reference"))
    done = run(root, command())
    assert done.returncode == 0, done.stderr
    return contents(root / "_output")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MIB}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


# What ends in an error


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "```{python}\n#| label: endless\nwhile True: pass\n```\n",
            "supplement.qmd:5: cell `endless` did not end within 2 seconds",
        ),
        (
            "```{python}\nimport time\n```\n\nOne `{python} time.sleep(99)`.\n",
            "supplement.qmd:9: an inline expression from `time.sleep(99)` on did not",
        ),
    ],
)
def test_code_that_never_ends_is_stopped_by_name(
    tmp_path: Path, body: str, words: str
) -> None:
    root = paper(tmp_path, body)
    done = run(root, command("--to", "html", "--timeout", "2"))
    assert_refused(done, root / "_output", words)


@pytest.mark.parametrize("to", ["html", "typst", "docx"])
def test_a_full_disk_is_named(tmp_path: Path, disk: Path, to: str) -> None:
    root = paper(tmp_path)
    output = disk / "_output"
    shutil.copytree(root / "_output", output)
    with (disk / "other").open("wb") as other:
        other.write(b"x" * (MIB - 6 * 4096))
    done = run(root, command("--to", to, "--output", str(output)))
    assert_refused(done, output, "No space left on device", "the space left")


def test_a_limit_on_file_sizes_is_an_error(tmp_path: Path) -> None:
    root = paper(tmp_path)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    done = run(root, command("--to", "html"), before=limit)
    assert_refused(done, root / "_output")
    assert done.stderr


def test_a_folder_that_is_read_only_is_named(tmp_path: Path, disk: Path) -> None:
    root = paper(tmp_path)
    output = disk / "_output"
    shutil.copytree(root / "_output", output)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = run(root, command("--to", "html", "--output", str(output)))
    assert_refused(done, output, "Read-only file system", "permissions")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    root = paper(tmp_path)
    root.chmod(0o555)
    try:
        done = run(root, command("--to", "html"))
        assert_refused(done, root / "_output", "Permission denied", "permissions")
    finally:
        root.chmod(0o755)


def test_a_font_that_is_missing_is_named(tmp_path: Path) -> None:
    root = paper(tmp_path)
    template = root / "partials/typst-template.typ"
    text = template.read_text("utf-8").replace("Libertinus Serif", "No Such Serif")
    template.write_text(text, "utf-8")
    done = run(root, command())
    assert_refused(done, root / "_output", "unknown font family: no such serif")


@pytest.mark.long
def test_a_second_render_is_refused_and_a_killed_one_leaves_all(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    root = paper(tmp_path, "```{python}\nimport time; time.sleep(120)\n```\n")
    output = root / "_output"
    with subprocess.Popen(
        command(), cwd=root, env=environment(), stdout=subprocess.DEVNULL
    ) as first:
        building = output.with_name("._output.building")
        wait_for(building.is_dir)
        (root / "supplement.qmd").write_text(f"---\ntitle: S\n---\n\n{DRAWN}", "utf-8")
        second = run(root, command())
        assert second.returncode == 1
        assert "another render is writing here" in second.stderr
        assert_untouched(output)
        wait_for(lambda: len(psutil.Process(first.pid).children()) > 0)
        kernels = psutil.Process(first.pid).children()
        first.send_signal(signal.SIGKILL)
    assert_untouched(output)
    # The kernel sees that it is alone.
    wait_for(lambda: not any(kernel.is_running() for kernel in kernels))
    assert run(root, command()).returncode == 0
    assert contents(output) == reference
    assert_tidy(output)


def wait_for(condition: Callable[[], bool], limit: float = 60) -> None:
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


# What ends in the same outputs


def assert_same(
    root: Path,
    reference: dict[str, bytes],
    given: list[str] | None = None,
    **env: str,
) -> None:
    done = run(root, given or command(), environment(**env))
    assert done.returncode == 0, done.stderr
    assert contents(root / "_output") == reference
    assert_tidy(root / "_output")


def test_no_network_is_no_matter(tmp_path: Path, reference: dict[str, bytes]) -> None:
    alone = ["unshare", *(["--net"] if os.geteuid() == 0 else ["-r", "--net"])]
    if (
        not shutil.which("unshare")
        or subprocess.run([*alone, "true"], capture_output=True).returncode
    ):
        pytest.skip("needs a network namespace")
    assert_same(paper(tmp_path), reference, [*alone, *command()])


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Antarctica/Troll"},
        {"LC_ALL": "xx_XX", "TZ": "Nowhere/At_All", "PYTHONHASHSEED": "7"},
    ],
    ids=lambda env: env["LC_ALL"],
)
def test_another_locale_and_time_zone_are_no_matter(
    tmp_path: Path, reference: dict[str, bytes], env: dict[str, str]
) -> None:
    assert_same(paper(tmp_path), reference, **env)


CLOCK = """
import datetime, time
time.time = lambda: 86400.0
time.time_ns = lambda: 86400 * 10**9
localtime, gmtime = time.localtime, time.gmtime
time.localtime = lambda seconds=86400: localtime(seconds)
time.gmtime = lambda seconds=86400: gmtime(seconds)
class Date(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(86400, tz)
datetime.datetime = Date
"""


def test_a_clock_in_1970_is_no_matter(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    root = paper(tmp_path)
    # Python reads it at its start, in the kernel too.
    clock = tmp_path / "clock"
    clock.mkdir()
    (clock / "sitecustomize.py").write_text(CLOCK, "utf-8")
    for path in root.rglob("*"):
        os.utime(path, (86400, 86400))
    check = [sys.executable, "-c", "import time; print(int(time.time()))"]
    paths = f"{clock}{os.pathsep}{ROOT}"
    assert run(root, check, environment(PYTHONPATH=paths)).stdout == "86400\n"
    assert_same(root, reference, PYTHONPATH=paths)


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("0", render.EARLIEST),
        ("4354819200", render.LATEST),
        ("9999999999", render.LATEST),
        *((given, None) for given in ("-5", "9" * 5000, "1e9", "٣", "soon", " 5", "")),
    ],
    ids=lambda given: str(given)[:12],
)
def test_an_absurd_date_is_set_right_or_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, date: int | None
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    # A folder without commits has the fixed date.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert render.source_date(tmp_path) == (date or render.EARLIEST)


def test_the_last_date_there_is_can_be_printed(tmp_path: Path) -> None:
    root = paper(tmp_path)
    done = run(root, command(), environment(SOURCE_DATE_EPOCH="9999999999"))
    assert done.returncode == 0, done.stderr
    assert not contents(root / "_output").items() & OLD.items()
