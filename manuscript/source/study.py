"""What a project hands to the press, named in ``manuscript.yml`` and nowhere else.

A project without that file has no values and still renders. Nothing of a study is
imported before one of its values is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError, of_code, refuse
from manuscript.source import settings
from manuscript.source.settings import Settings
from manuscript.values import Answers, UnknownKeyError, Value

FILE = "manuscript.yml"
VOCABULARY = "vocabulary.yml"

# Keys of the file -> what they name, for messages.
_KEYS = {
    "answers": "the module that answers keys, as `analysis.letter`, with the name of "
    "its function unless that is `letter`, as `analysis:values`",
    "vocabulary": "a YAML file of the project",
    "share-check": "a function that refuses what must not be shared, as "
    "`analysis.privacy:assert_shareable`",
    "text-license": "the SPDX identifier of a license of text, figures and data, as "
    "`CC-BY-4.0`",
    "program-license": "the SPDX identifier of a license of the program, as `MIT`",
}
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}")
_FUNCTION = "letter"
_TARGET = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_]\w*)?", re.ASCII)


class _NoAnswers(Answers):
    """Of a project that names nothing that answers keys."""

    def __init__(self) -> None:
        super().__init__(None, {})

    def __call__(self, key: str) -> Value:
        raise UnknownKeyError(
            f"no value has the key {key!r}: {FILE} names no module that answers keys"
        )


@dataclass(frozen=True)
class Study:
    """What ``manuscript.yml`` says.

    Attributes
    ----------
    root : Path
        The project.
    settings : Settings
        The file; empty where there is none.
    """

    root: Path
    settings: Settings = field(default_factory=lambda: Settings(FILE))

    @classmethod
    def load(cls, root: Path) -> Study:
        """Read what a project says; nothing where it has no ``manuscript.yml``.

        Raises
        ------
        ManuscriptError or ExceptionGroup
            With every key that is unknown or holds something else than expected.
        """
        path = root / FILE
        if not path.is_file():
            return cls(root)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ManuscriptError(
                FILE, 0, "is not in UTF-8", "save it as UTF-8"
            ) from error
        study = cls(root, settings.parse(text, FILE))
        refuse([*study._faults()])
        return study

    @property
    def is_here(self) -> bool:
        """Whether this process would import the module that answers from the project.

        No where the project names none.
        """
        name = str(self.settings.values.get("answers", ""))
        package = name.partition(":")[0].partition(".")[0]
        spec = find_spec(package) if package else None
        if spec is None:
            return False
        folders = [*(spec.submodule_search_locations or ()), spec.origin or ""]
        return Path(folders[0]).is_relative_to(self.root)

    def answers(self) -> Answers:
        """Return what answers keys.

        Raises
        ------
        ManuscriptError
            When the module or its function is not there, or returns anything else.
        """
        target = self.settings.values.get("answers")
        if target is None:
            return _NoAnswers()
        found = self._function("answers", str(target))()
        if not isinstance(found, Answers):
            what = f"`{target}` returned a {type(found).__name__}"
            mend = "let it return manuscript.values.answers.Answers"
            raise self.settings.fault(("answers",), what, mend)
        return found

    @property
    def vocabulary(self) -> Path:
        """The file of words that checks know for this project; it may not exist."""
        return self.root / str(self.settings.values.get("vocabulary", VOCABULARY))

    @property
    def licenses(self) -> tuple[str, str]:
        """Licences of the text and of the program, by SPDX; empty where not stated."""
        text, program = (
            str(self.settings.values.get(f"{what}-license", ""))
            for what in ("text", "program")
        )
        return text, program

    def share_check(self) -> Callable[[Path], object] | None:
        """Return the function that raises for a file that must not be shared."""
        target = self.settings.values.get("share-check")
        return None if target is None else self._function("share-check", str(target))

    def _faults(self) -> Iterator[ManuscriptError]:
        for key, value in self.settings.values.items():
            what = mend = ""
            if key not in _KEYS:
                known = ", ".join(f"`{name}`" for name in _KEYS)
                what, mend = f"`{key}` is not known", f"use one of {known}"
            elif not _fits(key, value):
                what, mend = f"`{key}` holds {value!r}", f"name {_KEYS[key]}"
            elif key == "vocabulary" and not settings.is_file(self.root, value):
                what, mend = (
                    f"there is no file {value}",
                    "name one, or leave the line out",
                )
            if what:
                yield self.settings.fault((key,), what, mend)

    def _function(self, key: str, target: str) -> Callable[..., Any]:
        name, _, function = target.partition(":")
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise  # a module that the study itself wants
            what = f"there is no module {error.name}"
            raise self.settings.fault((key,), what, f"name {_KEYS[key]}") from error
        except (Exception, SystemExit) as error:
            if of_code(error, self.root) and not isinstance(error, SystemExit):
                raise
            what = f"{name} cannot be imported ({type(error).__name__}: {error})"
            raise self.settings.fault((key,), what, "correct the module") from error
        found: Callable[..., Any] | None = getattr(module, function or _FUNCTION, None)
        if found is None or not callable(found):
            what = f"{name} has no function {function or _FUNCTION}"
            raise self.settings.fault((key,), what, f"name {_KEYS[key]}")
        return found


def _fits(key: str, value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    if key == "vocabulary":
        return not Path(value).is_absolute() and ".." not in Path(value).parts
    if key.endswith("-license"):
        return _SPDX.fullmatch(value) is not None
    wanted = ":" if key == "share-check" else ""
    return _TARGET.fullmatch(value) is not None and wanted in value


def answers(root: Path) -> Answers:
    """Return what answers the keys of a project.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        For a fault of ``manuscript.yml``.
    """
    return Study.load(root).answers()
