"""Set up a virtual environment with pinned requirements, and the project in it.

Usage: ``python3 setup_venv.py FOLDER REQUIREMENTS``. Needs the standard library
alone; where Debian's python3 comes without ensurepip it uses the pip that the
system has, and says what to install where there is none. The project's packages
can then be imported in any folder, from the files as they are.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent


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
    pip = [str(python), "-m", "pip"]
    if not own_pip:
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
    print(f"installing {_count(requirements)} packages of {requirements}", flush=True)
    options = ["--quiet", "--disable-pip-version-check", "--requirement"]
    status = subprocess.run([*pip, "install", *options, str(requirements)]).returncode
    if status:
        print(
            "the packages could not be installed; see the message above, check the "
            "network, and run the same command again: what is there is kept"
        )
        return status
    _install_project(python)
    print(f"{folder} is ready", flush=True)
    return 0


def _count(requirements: Path) -> int:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return sum("==" in line.partition("#")[0] for line in lines)


def _install_project(python: Path) -> None:
    """Let the environment find the packages beside this file, in every folder."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([str(python), "-c", ask], capture_output=True, text=True)
    site = Path(found.stdout.strip())
    site.joinpath("project.pth").write_text(f"{PROJECT}\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
