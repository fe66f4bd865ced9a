"""The manuscript's sources, with file and line kept for every fragment.

A project is a folder with ``_quarto.yml``; a document is a ``.qmd`` file in it,
its includes expanded, cut into prose and code cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import cutting, settings
from manuscript.source.fragments import Cell, Fragment, Inline, Prose
from manuscript.source.settings import Settings

__all__ = ["Cell", "Document", "Fragment", "Inline", "Project", "Prose", "find_root"]


@dataclass(frozen=True)
class Document:
    """A document of the project.

    Attributes
    ----------
    path : str
        Relative to the project, such as ``index.qmd``.
    front_matter : Settings
    fragments : tuple of Fragment
        Prose and cells in reading order, includes expanded.
    files : tuple of str
        The document and everything it includes, in reading order.
    """

    path: str
    front_matter: Settings
    fragments: tuple[Fragment, ...]
    files: tuple[str, ...]

    @property
    def stem(self) -> str:
        """Name of its outputs without suffix."""
        return Path(self.path).stem

    @property
    def prose(self) -> tuple[Prose, ...]:
        """The fragments of prose."""
        return tuple(f for f in self.fragments if isinstance(f, Prose))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The code cells."""
        return tuple(f for f in self.fragments if isinstance(f, Cell))

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """The inline expressions of all its prose."""
        return tuple(inline for prose in self.prose for inline in prose.inlines)

    def find(self, text: str) -> tuple[str, int]:
        """File and line where a text first stands in the prose.

        Parameters
        ----------
        text : str
            Such as ``@fig-forest``; no letter, digit or hyphen may follow it.

        Returns
        -------
        tuple of str and int
            The document's first line where the prose does not have it.
        """
        pattern = re.compile(re.escape(text) + r"(?![\w-])")
        for prose in self.prose:
            if match := pattern.search(prose.text):
                return prose.file, prose.line_at(match.start())
        return self.path, 1


@dataclass(frozen=True)
class Project:
    """A Quarto project.

    Attributes
    ----------
    root : Path
        Absolute.
    settings : Settings
        ``_quarto.yml``.
    documents : tuple of Document
    """

    root: Path
    settings: Settings
    documents: tuple[Document, ...]

    @classmethod
    def load(cls, root: Path, paths: Sequence[str] = ()) -> Project:
        """Read a project from its folder.

        Parameters
        ----------
        root : Path
            A folder that holds ``_quarto.yml``.
        paths : sequence of str, optional
            Documents relative to `root`; those of ``project: render`` if none.

        Raises
        ------
        ManuscriptError
            A file that is missing or not UTF-8, YAML that does not parse, a
            circular include, or a construct outside the supported subset.
        """
        root = root.resolve()
        config = settings.parse(_read(root, "_quarto.yml", "", 0), "_quarto.yml")
        names = paths or tuple(
            settings.as_list(config.mapping("project").get("render"))
        )
        if not names:
            raise ManuscriptError(
                "_quarto.yml",
                config.line("project"),
                "no document is listed",
                "add `render: [index.qmd]` under `project`",
            )
        line = config.line("project", "render")
        documents = tuple(_document(root, str(name), line) for name in names)
        return cls(root, config, documents)

    @property
    def whole(self) -> bool:
        """Whether all documents are there that ``_quarto.yml`` lists."""
        listed = settings.as_list(self.settings.mapping("project").get("render"))
        return {document.path for document in self.documents} >= set(listed)

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats that ``_quarto.yml`` asks for, by Quarto's names."""
        formats = self.settings.values.get("format")
        if isinstance(formats, str):
            return (formats,)
        return tuple(self.settings.mapping("format")) or ("html",)

    @property
    def output(self) -> Path:
        """Where the project's outputs go."""
        output = self.settings.mapping("project").get("output-dir", "_output")
        return self.root / str(output)

    def metadata(self, document: Document, to: str) -> dict[str, Any]:
        """Merge the settings that hold for a document in one format.

        Parameters
        ----------
        document : Document
        to : str
            Quarto's name of the format: ``html``, ``typst`` or ``docx``.

        Returns
        -------
        dict
            ``_quarto.yml`` below the front matter, each with what it says under
            ``format`` on top (Quarto's ``resolveFormats``).
        """
        merged = settings.merge(
            _in_format(self.settings.values, to),
            _in_format(document.front_matter.values, to),
        )
        assert isinstance(merged, dict)
        merged.pop("project", None)
        return merged


def _in_format(values: Mapping[str, Any], to: str) -> Any:
    formats = values.get("format")
    own = formats.get(to) if isinstance(formats, Mapping) else None
    common = {key: value for key, value in values.items() if key != "format"}
    return settings.merge(common, own if isinstance(own, Mapping) else {})


def find_root(start: Path) -> Path:
    """Find the nearest folder upwards that holds ``_quarto.yml``."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "_quarto.yml").is_file():
            return folder
    raise ManuscriptError(
        "_quarto.yml",
        0,
        f"not found in {start} or a folder above it",
        "run the command inside the project",
    )


def _document(root: Path, path: str, listed_line: int) -> Document:
    if Path(path).name != path or not path.endswith(".qmd"):
        raise ManuscriptError(
            "_quarto.yml",
            listed_line,
            f"`{path}` is not a document this engine renders",
            "keep documents as .qmd files beside _quarto.yml",
        )
    files = [path]

    def include(name: str, by: str, line: int) -> tuple[str, str]:
        # As in Quarto, paths start at the document's folder, which is the root.
        target = (root / name.lstrip("/")).resolve()
        if not target.is_relative_to(root):
            raise ManuscriptError(
                by,
                line,
                f"`{name}` lies outside the project",
                "include files of the project only",
            )
        files.append(target.relative_to(root).as_posix())
        return files[-1], _read(root, files[-1], by, line)

    text = _read(root, path, "_quarto.yml", listed_line)
    front_matter, above = cutting.front_matter(text, path)
    fragments = cutting.cut([*cutting.expand(path, text, above, include)])
    return Document(path, front_matter, fragments, tuple(dict.fromkeys(files)))


def _read(root: Path, path: str, by: str, line: int) -> str:
    """Text of a project's file; `by` and `line` say what asked for it."""
    try:
        return (root / path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ManuscriptError(
            by or path,
            line,
            f"cannot read `{path}`: {reason}",
            "correct the name, or save the file as UTF-8",
        ) from error
