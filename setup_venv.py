"""Set up a virtual environment with pinned requirements.

Usage: ``python3 setup_venv.py FOLDER REQUIREMENTS``. Needs the standard library
alone; where Debian's python3 comes without ensurepip it uses the pip that the
system has, and says what to install where there is none.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)


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
        venv.create(folder, with_pip=own_pip, symlinks=sys.platform != "win32")
    pip = [str(python), "-m", "pip"]
    if not own_pip:
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
    options = ["--quiet", "--disable-pip-version-check", "--requirement"]
    return subprocess.run([*pip, "install", *options, str(requirements)]).returncode


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
