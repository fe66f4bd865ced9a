"""One input for one target, under guard."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

from tests.hostile.guard import Cost, guarded
from tests.hostile.targets import Target

_OUTER = Path(tempfile.mkdtemp(prefix="hostile-")).resolve()
_INNER = _OUTER / "folder"
atexit.register(shutil.rmtree, _OUTER, ignore_errors=True)


def accepts(target: Target, given: Any) -> bool:
    """Tell whether a target took an input; it may also refuse, and nothing else."""
    return tried(target, given)[0]


def tried(target: Target, given: Any) -> tuple[bool, Cost]:
    """Tell whether a target took an input, and at what cost.

    Raises
    ------
    AssertionError
        For a hang, a trace outside the folder or a warning; other errors than the
        target's own pass through.
    """
    errors = target.errors or (_NoError,)
    if not any(_OUTER.iterdir()):
        _INNER.mkdir()
    with guarded(_INNER) as cost, warnings.catch_warnings():
        warnings.simplefilter("error")
        taken = True
        try:
            target.read(given, _INNER)
        except* errors:
            taken = False
        finally:
            for path in _INNER.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert [path.name for path in _OUTER.iterdir()] == [_INNER.name]
    return taken, cost


class _NoError(Exception):
    """What a target raises that refuses nothing."""
