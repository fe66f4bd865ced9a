"""What code leaves behind in a kernel, on which the code after it may rest.

Like :mod:`manuscript.execute.tracer`, whose companion it is, it is sent to the kernel
as text.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable
from typing import Any

_DEPTH = 4  # to which containers of a module are compared


class Leftovers:
    """Compares the state of this process from call to call.

    Parameters
    ----------
    is_own : callable
        Tells whether a module's file is the project's, so that it counts.
    """

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        self._is_own = is_own
        self._state: dict[str, int] = {}

    def changed(self) -> list[str]:
        """Name the parts that have changed since the last call."""
        before, self._state = self._state, self._parts()
        # What was not there before cannot have been changed.
        return [n for n, part in before.items() if self._state.get(n) != part]

    def _parts(self) -> dict[str, int]:
        user: dict[str, Any] = getattr(sys.modules["__main__"], "__dict__", {})
        variables: Any = os.environ
        parts: dict[str, object] = {
            "names": sorted((n, id(o)) for n, o in user.items() if n[:1] != "_"),
            "folder": (os.getcwd(), sys.path),
            "environment": sorted(variables._data.items()),
        }
        if matplotlib := sys.modules.get("matplotlib"):
            parts["settings"] = list(dict.items(matplotlib.rcParams))
        if random := sys.modules.get("random"):
            parts["random"] = random.getstate()
        if random := sys.modules.get("numpy.random"):
            algorithm, keys, *rest = random.get_state()
            parts["numpy.random"] = (algorithm, keys.tobytes(), rest)
        if decimal := sys.modules.get("decimal"):
            parts["decimal"] = str(decimal.getcontext())
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and self._is_own(file):
                parts[f"module {name}"] = [
                    (key, _plain(held, _DEPTH))
                    for key, held in sorted(vars(module).items())
                    if key[:2] != "__" and not isinstance(held, types.ModuleType)
                ]
        return {name: hash(repr(part)) for name, part in parts.items()}


def _plain(held: Any, depth: int) -> object:
    """Put what a module holds into a form to compare."""
    kind = type(held)
    if held is None or kind in (bool, int, float, complex, str, bytes):
        return held
    if depth and kind in (list, tuple):
        return kind.__name__, [_plain(part, depth - 1) for part in held]
    if depth and kind in (set, frozenset):
        return kind.__name__, sorted(repr(_plain(part, depth - 1)) for part in held)
    if depth and isinstance(held, dict):
        return [
            (_plain(k, depth - 1), _plain(v, depth - 1)) for k, v in list(held.items())
        ]
    if kind.__module__ in ("itertools", "collections", "array"):
        return repr(held)
    return kind.__name__, id(held)
