import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.schema import DataError, Fault
from manuscript import entry
from manuscript.errors import ManuscriptError

ROOT = Path(__file__).parents[2]


def raising(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


def test_faults_of_the_projects_own_are_a_line_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = [
        Fault("a.csv", 2, "n", "'x'", "a number"),
        Fault("a.csv", 3, None, "b", "c"),
    ]
    faults = ExceptionGroup(
        "", [ManuscriptError("a.qmd", 3, "what", "mend"), DataError(table)]
    )
    assert entry.answered(raising(faults)) == 1
    assert capsys.readouterr().err.splitlines() == [
        "a.qmd:3: what; mend",
        "a.csv:2:n: got 'x', expected a number",
        "a.csv:3: got b, expected c",
    ]


def test_an_unknown_fault_is_a_line_that_names_the_file_of_its_details(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "_quarto.yml").touch()
    monkeypatch.chdir(tmp_path)
    assert entry.answered(raising(ZeroDivisionError("of\nnothing"))) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: of nothing; this is a fault of the program" in line
    assert ".manuscript/fault.txt" in line
    assert "no output was changed" in line
    assert "Traceback" in (tmp_path / ".manuscript" / "fault.txt").read_text()


def test_a_missing_package_says_how_to_enter_the_environment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    missing = ModuleNotFoundError("No module named 'duckdb'", name="duckdb")
    assert entry.answered(raising(missing)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the package duckdb is not installed" in line
    assert ".venv/bin/python" in line


def test_an_interrupt_says_that_outputs_are_as_they_were(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert entry.answered(raising(KeyboardInterrupt())) == entry.INTERRUPTED
    assert capsys.readouterr().err == f"{entry.STOPPED}\n"


def program(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"from manuscript.entry import program\n{code}"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_closed_pipe_is_silent() -> None:
    read, write = os.pipe()
    os.close(read)
    code = "program(lambda argv: print('x' * 100000) or 0)"
    process = subprocess.run(
        [sys.executable, "-c", f"from manuscript.entry import program\n{code}"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(write)
    assert process.stderr == b""
    assert process.returncode == entry.CLOSED


def test_warnings_of_arithmetic_do_not_leak() -> None:
    code = "import numpy as np\nprogram(lambda argv: int(np.array(0.) / 0 == 1))"
    done = program(code)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interrupt_ends_a_program_whose_threads_wait_for_ever() -> None:
    code = """
import os, signal, threading
from concurrent.futures import ThreadPoolExecutor
def main(argv):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(threading.Event().wait)
        os.kill(os.getpid(), signal.SIGINT)
    return 0
program(main)
"""
    done = program(code)
    assert done.returncode == entry.INTERRUPTED
    assert done.stderr == f"{entry.STOPPED}\n"


def test_the_analysis_answers_faults_alike() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "pool", "--method", "peto", "none.csv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "none.csv: got no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_that_python_wraps_is_an_interrupt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run() -> int:
        class Named:
            def __set_name__(self, owner: type, name: str) -> None:
                raise KeyboardInterrupt

        try:
            type("Passage", (), {"sentences": Named()})
        except RuntimeError:
            raise
        except KeyboardInterrupt as error:  # from Python 3.12 on
            raise RuntimeError("Error calling __set_name__") from error
        return 0

    assert entry.answered(run) == entry.INTERRUPTED
    assert capsys.readouterr().err == f"{entry.STOPPED}\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("a b\n", "study.py:1: raised SyntaxError: invalid syntax; correct the code"),
        ("\nraise ValueError('no arm')\n", "study.py:2: raised ValueError: no arm;"),
        ("import re\nre.compile('(')\n", "study.py:2: raised "),
    ],
)
def test_an_error_of_the_projects_code_is_placed_in_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: str,
    said: str,
) -> None:
    (tmp_path / entry.PROJECT).touch()
    (tmp_path / "study.py").write_text(code, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run() -> int:
        runpy.run_path(str(tmp_path / "study.py"))
        return 0

    assert entry.answered(run) == 1
    assert capsys.readouterr().err.startswith(said)
    assert not (tmp_path / entry.DETAILS).exists()
