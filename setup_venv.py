"""Set up a virtual environment with pinned requirements, and the project in it.

Usage: ``python3 setup_venv.py FOLDER REQUIREMENTS``. Needs the standard library
alone; takes uv where it is on the PATH, else pip, and where Debian's python3 comes
without ensurepip the pip that the system has; says what to install where there is
none. The project's packages can then be imported in any folder, from the files as
they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent
# What each render loads of what is installed.
_LOADED = (
    *("debugpy", "duckdb", "ipykernel.kernelapp", "jupyter_client", "lxml.etree"),
    *("lxml.html", "matplotlib.backends.backend_svg", "matplotlib.figure", "numpy"),
    *(
        "pandas",
        "PIL.Image",
        "pypandoc",
        "pikepdf",
        "pypdfium2",
        "scipy.optimize",
        "scipy.special",
    ),
    *("scipy.stats", "typst", "yaml"),
)
_NOT_KEPT = "PYTHONDONTWRITEBYTECODE"


def main(folder: Path, requirements: Path) -> int:
    """Create the environment if it is not there, and install what is pinned."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python {found} found, 3.11 or newer expected: make PYTHON=python3.11")
        return 1
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    own_pip = find_spec("ensurepip") is not None
    if not own_pip and find_spec("pip") is None:
        print("Python has no pip: install it (on Debian: apt install python3-venv)")
        return 1
    if not python.exists():
        print(f"creating {folder} with Python {sys.version.split()[0]}", flush=True)
        venv.create(folder, with_pip=own_pip, symlinks=sys.platform != "win32")
    began = time.monotonic()
    count = _count(requirements)
    status = 1
    if uv := shutil.which("uv"):
        print(f"installing {count} packages of {requirements} with uv", flush=True)
        command = [uv, "pip", "install", "--quiet", "--python", str(python)]
        status = subprocess.run([*command, "-r", str(requirements)]).returncode
    if status:
        # Where pip is told of other places to look in, uv is not.
        print(f"installing {count} packages of {requirements} with pip", flush=True)
        pip = [str(python), "-m", "pip"]
        if not own_pip:
            pip = [sys.executable, "-m", "pip", "--python", str(python)]
        status = _with_pip([*pip, "install", "-r", str(requirements)], count)
    if status:
        print(
            "the packages could not be installed; see the message above, check the "
            "network, and run the same command again: what is there is kept"
        )
        return status
    _install_project(python)
    _compile(python)
    took = time.monotonic() - began
    print(f"{folder} is ready: {took:.0f} s, {_size(folder)} MB", flush=True)
    return 0


def _with_pip(command: Sequence[str], count: int) -> int:
    """Run pip; say how far it is, and all that it says where it fails."""
    # What is imported is compiled then, which is less than all that is installed.
    options = ["--disable-pip-version-check", "--progress-bar", "off", "--no-compile"]
    said: list[str] = []
    with subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        found = 0
        for line in _of(process):
            said.append(line)
            if line.startswith(("Collecting ", "Processing ")):
                found += 1
                if found % 10 == 0:
                    print(f"  {found} of {count} packages found", flush=True)
            elif line.startswith("Installing collected packages"):
                print("  all are found; unpacking", flush=True)
    if process.returncode:
        print("".join(said), end="", flush=True)
    return process.returncode


def _of(process: subprocess.Popen[str]) -> Iterator[str]:
    if process.stdout:
        yield from process.stdout


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(path.lstat().st_size for path in files) // 10**6


def _count(requirements: Path) -> int:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return sum("==" in line.partition("#")[0] for line in lines)


def _install_project(python: Path) -> None:
    """Let the environment find the packages beside this file, in every folder."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([str(python), "-c", ask], capture_output=True, text=True)
    site = Path(found.stdout.strip())
    site.joinpath("project.pth").write_text(f"{PROJECT}\n", encoding="utf-8")


def _compile(python: Path) -> None:
    """Compile what renders load, where they may not keep what they compile.

    That variable is set in many containers, and compiling takes a third of a render.
    """
    if os.environ.get(_NOT_KEPT):
        kept = {name: each for name, each in os.environ.items() if name != _NOT_KEPT}
        # Of another folder, so that nothing that lies here is taken for a package.
        command = [str(python.absolute()), "-c", f"import {', '.join(_LOADED)}"]
        subprocess.run(command, env=kept, cwd=python.parent, check=False)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
