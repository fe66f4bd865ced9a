"""The manuscript's sources, with file and line kept for every fragment.

A project is a folder with ``_quarto.yml``; a document is a ``.qmd`` file in it,
its includes expanded, cut into prose and code cells.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import cutting, settings
from manuscript.source.foreign import Files
from manuscript.source.fragments import Cell, Fragment, Inline, Prose
from manuscript.source.settings import Settings

# What an entry of `render` begins with, for a file that lies beside.
_BESIDE = re.compile(r"^(!?)(?:\./|/|\*\*/)+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
# Lists that a document replaces, where others are joined.
_REPLACED = ("keywords", "bibliography", "author", "affiliations")

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
    below : tuple of Settings
        ``_metadata.yml`` of its folder and the files that it takes settings from.
    heading : Prose or None
        The front matter as it is written, where it asks for values: they are
        computed before the first cell.
    """

    path: str
    front_matter: Settings
    fragments: tuple[Fragment, ...]
    files: tuple[str, ...]
    below: tuple[Settings, ...] = ()
    heading: Prose | None = None

    @property
    def layers(self) -> tuple[Settings, ...]:
        """Its settings from the folder's up to its own, each over those before."""
        return (*self.below, self.front_matter)

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

    @property
    def asking(self) -> tuple[Fragment, ...]:
        """What may ask for values, in the order in which it is computed.

        Without a cell nothing runs, and code in the text is printed as it stands.
        """
        if not self.cells:
            return ()
        return (*((self.heading,) if self.heading else ()), *self.fragments)

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
        file, line, _ = self.at(re.escape(text) + r"(?![\w-])")
        return file, line

    def at(self, pattern: str, occurrence: int = 0) -> tuple[str, int, int]:
        """File, line and column where something stands in the prose.

        Parameters
        ----------
        pattern : str
            A regular expression; its first group, if it has one, is the place.
        occurrence : int
            How many of them to pass over.

        Returns
        -------
        tuple of str, int and int
            The document's first line, and column 0, where the prose has no such.
        """
        expression = re.compile(pattern)
        for prose in self.prose:
            for match in expression.finditer(prose.text):
                if occurrence == 0:
                    start = match.start(1 if expression.groups else 0)
                    column = start - prose.text.rfind("\n", 0, start)
                    return prose.file, prose.line_at(start), column
                occurrence -= 1
        return self.path, 1, 0


@dataclass(frozen=True)
class Project:
    """A Quarto project.

    Attributes
    ----------
    root : Path
        Absolute.
    settings : Settings
        ``_quarto.yml``, with what other files lay over it.
    documents : tuple of Document
    layers : tuple of Settings
        The files that these settings come from, each over those before.
    """

    root: Path
    settings: Settings
    documents: tuple[Document, ...]
    layers: tuple[Settings, ...] = ()

    @classmethod
    def load(
        cls,
        root: Path,
        paths: Sequence[str] = (),
        refused: dict[str, ManuscriptError] | None = None,
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> Project:
        """Read a project from its folder.

        Parameters
        ----------
        root : Path
            A folder that holds ``_quarto.yml``.
        paths : sequence of str, optional
            Documents relative to `root`; those of ``project: render`` if none.
        refused : dict of str to ManuscriptError, optional
            Takes, by document, the fault for which it cannot be read, instead of
            its being raised; the project goes without these documents.
        texts : mapping of str to str, optional
            Texts by file, read in place of those that lie there.

        Raises
        ------
        ManuscriptError
            A file that is missing or not UTF-8, YAML that does not parse, a
            circular include, or a construct outside the supported subset.
        """
        files = Files(root.resolve(), texts)
        root = files.root
        main = settings.parse(files.read("_quarto.yml"), "_quarto.yml")
        layers = (*_named(files, main), main, *_beside(files, "_quarto.yml.local"))
        config = settings.laid(layers, main)
        names = tuple(dict.fromkeys(paths)) or _listed(root, config)
        if not names:
            raise ManuscriptError(
                "_quarto.yml",
                config.line("project"),
                "no document is listed, and none lies beside it",
                "add `render: [index.qmd]` under `project`",
            )
        line = config.line("project", "render")
        documents = []
        for name in names:
            try:
                documents.append(_document(files, str(name), line))
            except ManuscriptError as fault:
                if refused is None or not (root / name).is_file():
                    raise
                refused[str(name)] = fault
        return cls(root, config, tuple(documents), layers)

    @property
    def whole(self) -> bool:
        """Whether all documents are there that ``_quarto.yml`` lists."""
        listed = _listed(self.root, self.settings)
        return {document.path for document in self.documents} >= set(listed)

    @property
    def is_checked(self) -> bool:
        """Whether the checks run before each render."""
        return bool(self.settings.mapping("project").get("pre-render"))

    @property
    def formats(self) -> tuple[str, ...]:
        """Formats that ``_quarto.yml`` asks for, by Quarto's names."""
        return _formats(self.settings) or ("html",)

    def formats_of(self, document: Document) -> tuple[str, ...]:
        """Return the formats of a document: its own where it names some."""
        for layer in reversed(document.layers):
            if own := _formats(layer):
                return own
        return self.formats

    @property
    def output(self) -> Path:
        """Where the project's outputs go."""
        output = self.settings.mapping("project").get("output-dir")
        return self.root / (output if isinstance(output, str) else "_output")

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
        merged: Any = _in_format(self.settings.values, to)
        for layer in document.layers:
            merged = settings.merge(merged, _in_format(layer.values, to))
        assert isinstance(merged, dict)
        # pandoc reads the front matter by itself, over all that is merged.
        for key, value in document.front_matter.values.items():
            if key in _REPLACED:
                merged[key] = value
        merged.pop("project", None)
        return merged


def _listed(root: Path, config: Settings) -> tuple[str, ...]:
    """Documents of a project: those it lists, else all that lie beside it.

    As in Quarto, an entry may be a pattern, or after ``!`` one of what to leave out.
    """
    found = sorted(path.name for path in root.glob("*.qmd"))
    beside = [name for name in found if name[0] not in "_."]
    given = settings.as_list(config.mapping("project").get("render")) or beside
    listed = [_BESIDE.sub(r"\1", str(each)) for each in given]
    taken: list[str] = []
    for index, each in enumerate(listed):
        pattern = each.startswith("!") or any(sign in each for sign in "*?[")
        if not pattern and each in listed[:index]:
            raise ManuscriptError(
                config.file,
                config.line("project", "render", index),
                f"`{each}` is listed twice",
                "keep one of the two",
            )
        taken += fnmatch.filter(beside, each) if pattern else [each]
    for each in listed:
        if each.startswith("!"):
            left_out = fnmatch.filter(taken, each[1:])
            taken = [name for name in taken if name not in left_out]
    return tuple(dict.fromkeys(taken))


def _formats(layer: Settings) -> tuple[str, ...]:
    formats = layer.values.get("format")
    if isinstance(formats, list):
        return tuple(map(str, formats))
    return (formats,) if isinstance(formats, str) else tuple(layer.mapping("format"))


def _beside(files: Files, name: str) -> tuple[Settings, ...]:
    """Return the settings in a file that need not be there."""
    if not (files.root / name).exists():
        return ()
    return (settings.parse(files.read(name), name),)


def _named(files: Files, layer: Settings) -> Iterator[Settings]:
    """Yield the settings of files that others name."""
    for key in ("metadata-file", "metadata-files"):
        for name in settings.as_list(layer.values.get(key)):
            text = files.read(str(name), layer.file, layer.line(key))
            yield settings.parse(text, str(name))


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


def _document(of: Files, path: str, listed_line: int) -> Document:
    if Path(path).name != path or not path.endswith(".qmd"):
        raise ManuscriptError(
            "_quarto.yml",
            listed_line,
            f"`{path}` is not a document this engine renders",
            "keep documents as .qmd files beside _quarto.yml",
        )
    files = [path]

    def include(name: str, by: str, line: int) -> tuple[str, str]:
        if _ADDRESS.match(name):
            what = f"`{name}` is an address, and no file of the project"
            mend = "save what lies there in the project, and include that file"
            raise ManuscriptError(by, line, what, mend)
        # As in Quarto, paths start at the document's folder, which is the root.
        target = (of.root / name.lstrip("/")).resolve()
        if not target.is_relative_to(of.root):
            raise ManuscriptError(
                by,
                line,
                f"`{name}` lies outside the project",
                "include files of the project only",
            )
        files.append(target.relative_to(of.root).as_posix())
        inner, text = _without_settings(of.read(files[-1], by, line), files[-1])
        if inner is not None:
            settings_within.append(inner)
        return files[-1], text

    settings_within: list[Settings] = []
    text = of.read(path, "_quarto.yml", listed_line)
    front_matter, above = cutting.front_matter(text, path)
    fragments = cutting.cut([*cutting.expand(path, text, above, include)])
    # As pandoc has it: what stands later holds.
    front_matter = settings.laid((front_matter, *settings_within), front_matter)
    below = (*_beside(of, "_metadata.yml"), *_named(of, front_matter))
    written = Prose("\n".join(text.split("\n")[:above]), path, 1)
    heading = written if written.inlines else None
    named = tuple(dict.fromkeys(files))
    return Document(path, front_matter, fragments, named, below, heading)


def _without_settings(text: str, path: str) -> tuple[Settings | None, str]:
    """Part the front matter of an included file, if it has any, from its text."""
    if not text.startswith("---"):
        return None, text
    try:
        inner, above = cutting.front_matter(text, path)
    except ManuscriptError:
        return None, text
    lines = text.split("\n")
    if not inner.values or any("{python}" in line for line in lines[:above]):
        return None, text
    return inner, "\n".join([""] * above + lines[above:])
