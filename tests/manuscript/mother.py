"""Run as a program: the press's own that is copied for kernels, in any folder."""

import json
import os
import socket
import sys
from importlib import util
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parents[2] / "manuscript" / "execute" / "copied.py"


def main() -> None:
    """Copy this process as the press's program does, the copies then going there."""
    # By its file, for the press is not to be loaded where a project brings its own.
    spec = util.spec_from_file_location("copied", PROGRAM)
    assert spec
    assert spec.loader
    copied: Any = util.module_from_spec(spec)
    spec.loader.exec_module(copied)
    become, first = copied._become, {*os.environ}

    def become_there(order: dict[str, Any]) -> None:
        asked = json.loads(Path(order["errors"]).with_name("asked").read_text("utf-8"))
        os.chdir(asked["folder"])
        for name in first - asked["environment"].keys():
            os.environ.pop(name, None)
        os.environ.update(asked["environment"])
        become(order)

    copied._become = become_there
    copied.main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))


if __name__ == "__main__":
    main()
