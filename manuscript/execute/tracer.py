"""What a cell rests on, noted inside the kernel while the cell runs.

The press sends this file's text to the kernel and asks after each
cell what it opened, listed and looked for, what it asked of the environment and
which modules it loaded. It imports nothing of the project and nothing that the
kernel does not have anyway, so that a cell runs as it would without it.

Python reports what it opens and lists to audit hooks; looking for a file
(``os.stat``) and reading the environment it does not, so these are wrapped. What
native libraries open by themselves is not seen: :func:`Tracer.take` says when one
is loaded that is not known to read through Python.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

MODULE = "_manuscript_tracer"

# Name and file of a module, and whether reading that counts.
_Module = tuple[str, str, bool]

# Native libraries that leave opening files to Python, or open none.
_READ_THROUGH_PYTHON = frozenset(
    (
        *("numpy", "scipy", "pandas", "_cyutility", "matplotlib", "mpl_toolkits"),
        *("contourpy", "kiwisolver", "PIL", "fontTools", "yaml", "_yaml", "rpds"),
    )
)
_PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty")
_STARTS = ("os.posix_spawn", "os.spawn", "pty.spawn")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink")
_DELETES = ("os.truncate", "shutil.move", "shutil.copyfile", "shutil.rmtree")
_LOOK = ("stat", "lstat", "access", "readlink")
_SYSTEM = ("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/lib64", "/var/cache")
# Of the project: what is kept there rests on other files.
_OWN_FOLDERS = (".git/", ".manuscript/")
_DATE = "SOURCE_DATE_EPOCH"
# f2py writes it into C code; the SVG's metadata are cut off.
_HIDE_THE_DATE = ("numpy.f2py.rules", "matplotlib.backends.backend_svg")


class Tracer:
    """Notes what happens between two calls of :meth:`take`.

    Parameters
    ----------
    root : str
        The project's folder.
    press : str
        The project's folder of the press itself; what the press reads is noted
        apart from what the project's other code reads.
    thread : int, optional
        The only thread to watch.
    """

    def __init__(self, root: str, press: str, thread: int = 0) -> None:
        self._thread = thread
        self._root = root.rstrip("/") + "/"
        self._press = press.rstrip("/") + "/"
        home = os.path.expanduser("~")
        self._apart = tuple(
            f"{folder.rstrip('/')}/"
            for folder in (
                *(sys.prefix, sys.base_prefix, sys.exec_prefix),
                *map(
                    sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")
                ),
                *(folder for folder in sys.path if "-packages" in folder),
                *(*_SYSTEM, f"{home}/.cache", f"{home}/.config"),
            )
        )
        # The project may lie in one of them, or one of them in the project.
        self._inside = tuple(
            folder
            for folder in self._apart
            if folder.startswith(self._root) and folder != self._root
        )
        # Files of modules: the absolute path of each, and whether it is noted.
        self._places: dict[str, tuple[str, bool]] = {}
        self._temporary = os.environ.get("TMPDIR", "/tmp").rstrip("/") + "/"
        # Those of the kernel itself, which differ between versions of Python.
        self._started_with = self._native(self._files_of_modules())
        self._busy = False
        self._clear()

    def _clear(self) -> None:
        self._files: dict[str, set[str]] = {"own": set(), "press": set()}
        self._listed: dict[str, set[str]] = {"own": set(), "press": set()}
        self._asked: set[str] = set()
        self._imports: set[str] = set()
        self._written: set[str] = set()
        self._untraceable = ""

    def _watches(self) -> bool:
        return not self._busy and self._thread in (0, threading.get_ident())

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an event that Python reports."""
        if not self._watches():
            return
        if event == "open":
            self._open(*arguments)
        elif event in ("os.listdir", "os.scandir"):
            if not _by_importlib(sys._getframe(2)):
                self._note(self._listed, arguments[0] or ".")
        elif event == "import":
            self._imports.add(str(arguments[0]))
        elif event in _PROCESSES + _STARTS or event.startswith("socket."):
            if event not in ("socket.__new__", "socket.gethostname"):
                self._untraceable = f"it calls {event}"
        elif event in _CHANGES + _DELETES or event == "sqlite3.connect":
            self._changed(event, arguments[:1] if len(arguments) < 2 else arguments[:2])

    def probe(self, path: object) -> None:
        """Note that a path was looked for."""
        if self._watches() and isinstance(path, str | bytes | os.PathLike):
            self._note(self._files, path)

    def ask(self, name: str) -> None:
        """Note that a variable of the environment was read; ``*`` is all of them."""
        if not self._busy and not (name == _DATE and _by_those_who_hide_it()):
            self._asked.add(name)

    def _open(self, path: object, mode: object, flags: object) -> None:
        if isinstance(path, int) or _by_importlib(sys._getframe(3)):
            return
        writes = isinstance(mode, str) and any(sign in mode for sign in "wax+")
        if isinstance(flags, int) and mode is None:
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if writes:
            self._changed("open", (path,))
        else:
            self._note(self._files, path)

    def _changed(self, event: str, paths: tuple[object, ...]) -> None:
        for path in paths:
            if not isinstance(path, str | bytes | os.PathLike):
                continue
            where = os.path.abspath(os.fsdecode(path))
            if not self.is_noted(where):
                continue
            if where.startswith(self._temporary) and not self._is_project(where):
                self._written.add(where)
            else:
                self._untraceable = f"it changes {where} ({event})"

    def _note(self, where: dict[str, set[str]], path: Any) -> None:
        if isinstance(path, int):
            return
        found = os.path.abspath(os.fsdecode(path))
        if where is self._files and self._root.startswith(f"{found}/"):
            return  # looked for on the way to a file
        if self.is_noted(found) and found not in self._written:
            where[self._reader()].add(found)

    def _is_project(self, path: str) -> bool:
        return f"{path}/".startswith(self._root)

    def is_noted(self, path: str) -> bool:
        """Whether reading a path counts: the project's, or data elsewhere."""
        path = f"{path}/"
        if path.startswith(self._root):
            inner = path[len(self._root) :]
            return not (
                path.startswith(self._inside)
                or inner.startswith(_OWN_FOLDERS)
                or "__pycache__/" in inner
            )
        return not path.startswith(self._apart)

    def _reader(self) -> str:
        """Whose code reads: that of the innermost caller inside the project."""
        frame: types.FrameType | None = sys._getframe(3)
        while frame:
            file = frame.f_code.co_filename
            if file.startswith(self._root) and self.is_noted(file):
                return "press" if file.startswith(self._press) else "own"
            frame = frame.f_back
        return "own"

    def rest(self) -> tuple[set[str], str]:
        """Stop noting.

        Returns
        -------
        seen : set of str
            Modules, and what the project's own code, not the press, opened, listed
            or looked for.
        untraceable : str
            Why that may not be all; empty if it is.
        """
        self._busy = True
        seen = (
            self._files["own"]
            | self._listed["own"]
            | {*self._modules(self._files_of_modules())}
        )
        return seen, self._untraceable

    def take(
        self, changed: Callable[[], list[str]], names: tuple[str, ...] = ()
    ) -> str:
        """Return as JSON what was noted since the last call, and forget it.

        Parameters
        ----------
        changed : callable
            Says what has changed in this process, unwatched.
        names : tuple of str
            Names in the user's namespace whose owners are wanted.
        """
        self._busy = True
        try:
            modules = [*self._files_of_modules()]
            answer = {
                "files": {by: sorted(paths) for by, paths in self._files.items()},
                "listed": {by: sorted(paths) for by, paths in self._listed.items()},
                "asked": sorted(self._asked),
                "modules": sorted(self._modules(modules)),
                "outside": sorted(self._outside(modules)),
                "missing": sorted(self._imports - set(sys.modules)),
                "native": sorted(self._native(modules) - self._started_with),
                "untraceable": self._untraceable,
                "changed": changed(),
                "owners": [_owner(name) for name in names],
            }
            self._clear()
            return json.dumps(answer)
        finally:
            self._busy = False

    def _files_of_modules(self) -> Iterator[_Module]:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str):
                yield name, *self._place(file)

    def _place(self, file: str) -> tuple[str, bool]:
        if file not in self._places:
            where = os.path.abspath(file)
            self._places[file] = (where, self.is_noted(where))
        return self._places[file]

    def counts(self, file: str) -> bool:
        """Whether a module of this file is noted."""
        return self._place(file)[1]

    @staticmethod
    def _modules(modules: Iterable[_Module]) -> Iterator[str]:
        """Files of modules that are not part of the environment."""
        return (file for _, file, is_noted in modules if is_noted)

    @staticmethod
    def _outside(modules: Iterable[_Module]) -> set[str]:
        """First names of modules that a file of the project could stand in for."""
        own = {name.partition(".")[0] for name, _, is_noted in modules if is_noted}
        return {name.partition(".")[0] for name in sys.modules} - own

    @staticmethod
    def _native(modules: Iterable[_Module]) -> set[str]:
        """First names of native modules that may read what Python does not see."""
        found = {
            name.partition(".")[0]
            for name, file, _ in modules
            if file.endswith(".so") and "/lib-dynload/" not in file
        }
        return found - _READ_THROUGH_PYTHON


def _owner(name: str) -> str:
    """Name the module to which a name's object belongs."""
    held = getattr(sys.modules["__main__"], "__dict__", {}).get(name)
    if isinstance(held, types.ModuleType):
        return held.__name__
    return str(getattr(held, "__module__", None) or type(held).__module__)


def _by_those_who_hide_it() -> bool:
    """Whether the date is asked for by code that puts it where nobody sees it."""
    frame: types.FrameType | None = sys._getframe(3)
    while frame and frame.f_globals.get("__name__") in ("os", "collections.abc"):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") in _HIDE_THE_DATE


def _by_importlib(frame: types.FrameType | None) -> bool:
    """Whether Python looks for modules or packages, which are noted by themselves."""
    file = frame.f_code.co_filename if frame else ""
    return file.startswith("<frozen importlib") or "/importlib/" in file


def install(root: str, press: str, leftovers: Any) -> None:
    """Trace this process from now on; ``take`` of this module tells what was seen.

    Parameters
    ----------
    root, press : str
    leftovers : type
        :class:`manuscript.execute.leftovers.Leftovers`.
    """
    tracer = Tracer(root, press)
    left = leftovers(tracer.counts)
    module = types.ModuleType(MODULE)
    module.take = partial(tracer.take, left.changed)  # type: ignore[attr-defined]
    sys.modules[MODULE] = module
    wrap(tracer.probe)
    _trace_environment(tracer)
    tracer.take(left.changed)
    sys.addaudithook(tracer.audit)


def wrap(probe: Callable[[object], None]) -> Callable[[], None]:
    """Tell of files that are looked for; return what undoes it."""
    originals = {name: getattr(os, name) for name in _LOOK}
    for name, original in originals.items():
        _wrap(name, original, probe)

    def undo() -> None:
        for name, original in originals.items():
            setattr(os, name, original)

    return undo


def _wrap(name: str, original: Any, probe: Callable[[object], None]) -> None:
    def traced(path: Any, *arguments: Any, **keywords: Any) -> Any:
        probe(path)
        return original(path, *arguments, **keywords)

    traced.__name__ = name
    setattr(os, name, traced)
    for abilities in (
        os.supports_dir_fd,
        os.supports_follow_symlinks,
        os.supports_fd,
        os.supports_effective_ids,
    ):
        if original in abilities:
            abilities.add(traced)


def _trace_environment(tracer: Tracer) -> None:
    kind: Any = type(os.environ)
    look, walk = kind.__getitem__, kind.__iter__

    def traced_look(self: Any, key: str) -> Any:
        tracer.ask(str(key))
        return look(self, key)

    def traced_walk(self: Any) -> Any:
        tracer.ask("*")
        return walk(self)

    kind.__getitem__, kind.__iter__ = traced_look, traced_walk
