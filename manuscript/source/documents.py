"""The manuscript's sources, with file and line kept for every fragment.

A project is a folder with ``_quarto.yml``; a document is a ``.qmd`` file in it,
its includes expanded, cut into prose and code cells.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from manuscript.errors import ManuscriptError
from manuscript.source import cutting, settings
from manuscript.source.foreign import Files
from manuscript.source.fragments import Document, Prose
from manuscript.source.settings import Settings

# What an entry of `render` begins with, for a file that lies beside.
_BESIDE = re.compile(r"^(!?)(?:\./|/|\*\*/)+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
# Lists that a document replaces, where others are joined.
_REPLACED = ("keywords", "bibliography", "author", "affiliations")


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
    elsewhere : mapping of str to str
        Bibliographies that are read from another place than the one named.
    """

    root: Path
    settings: Settings
    documents: tuple[Document, ...]
    layers: tuple[Settings, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)

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
            what = "no document is listed, and none lies beside it"
            mend = "add `render: [index.qmd]` under `project`"
            raise config.fault(("project",), what, mend)
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
        if self.elsewhere:
            named = settings.as_list(merged.get("bibliography"))
            merged["bibliography"] = [self.elsewhere.get(str(n), n) for n in named]
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
            place = ("project", "render", index)
            raise config.fault(
                place, f"`{each}` is listed twice", "keep one of the two"
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
