"""An article ready to be written, and what writing has in common in all formats."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.compose import citations, features, pandoc
from manuscript.compose import numbering as crossref
from manuscript.compose import tree as assemble
from manuscript.compose.constructs import compose as constructs
from manuscript.compose.constructs import lookalikes
from manuscript.compose.constructs.images import Picture
from manuscript.compose.formats.apart import Apart, possible
from manuscript.compose.formats.nodes import lower
from manuscript.compose.numbering import Kind, others
from manuscript.compose.pandoc import Node
from manuscript.compose.tree import Assembled, Figure
from manuscript.errors import ManuscriptError
from manuscript.execute import Execution, Options
from manuscript.source import Document, Project, as_list, journal, metadata, shortcodes
from manuscript.values import UndrawableError, rasterized

TEMPLATES = Path(__file__).parents[1] / "templates"
# A page, and the parts of it that a project may replace.
_PAGES = {
    "html": ("page.html", "title-block.html"),
    "typst": ("page.typ", "typst-template.typ", "typst-show.typ"),
}
# What the writer calls the format that Quarto calls `html`.
_WRITERS = {"html": "html5"}
_FORMULA = re.compile(
    r"Could not convert TeX math (?P<tex>.+?), rendering as TeX:? (?P<why>.+)",
    re.DOTALL,
)
_SVG_SIZE = re.compile(r"<svg\b[^>]*? width=\"([\d.]+)pt\"[^>]*? height=\"([\d.]+)pt\"")
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Article:
    """A document, its code run and its references resolved.

    Attributes
    ----------
    project : Project
    document : Document
    execution : Execution
    assembled : Assembled
    blocks : list of dict
        pandoc's tree with ``Float`` and ``Ref`` nodes (see ``compose.numbering``).
    kinds : dict
        Kinds of float by key.
    pictures : dict
        Pictures from files, by the name that images in the tree bear.
    epoch : int
        Date of the outputs, in seconds since 1970.
    remarks : tuple of ManuscriptError
        What Quarto prints with a mark, or drops, in every format alike. Where a
        project is checked it is refused; else the render says it.
    alone : bool
        Whether it is written in one format, so that cores are free.
    """

    project: Project
    document: Document
    execution: Execution
    assembled: Assembled
    blocks: list[Node]
    kinds: Mapping[str, Kind]
    pictures: Mapping[str, Picture]
    epoch: int
    remarks: tuple[ManuscriptError, ...] = ()
    alone: bool = False

    def figure(self, image: Node) -> tuple[str, Figure]:
        """Name and content of the figure that an image stands for."""
        name = image["c"][2][0]
        return name, self.assembled.figures[name]

    def bitmap(self, figure: Figure) -> bytes:
        """Return a figure of a cell as PNG, drawn from its vectors if need be.

        Raises
        ------
        ManuscriptError
            When they cannot be drawn.
        """
        if figure.png:
            return figure.png
        folders = as_list(self.metadata("typst").get("font-paths"))
        fonts = [self.project.root / folder for folder in folders]
        dpi = self.metadata("docx").get("fig-dpi", 300)
        try:
            return rasterized(figure.svg, dpi, fonts)
        except UndrawableError as error:
            raise figure.cell.fault(
                f"{figure.cell.name} puts out an SVG that cannot be drawn: {error}",
                "end the cell with a matplotlib figure",
            ) from error

    def picture(self, image: Node) -> Picture | None:
        """Picture from a file that an image shows, None for a figure of a cell."""
        return self.pictures.get(image["c"][2][0])

    def metadata(self, to: str) -> dict[str, Any]:
        """Merge the settings that hold in a format."""
        answers = self.execution.inlines
        merged = self.project.metadata(self.document, to)
        found: dict[str, Any] = metadata.computed(self.document, merged, answers)
        return found

    @property
    def stand_in(self) -> str:
        """What a document without a title is called where a file wants one."""
        title = self.metadata("html").get("title")
        if title is not None and str(title).strip():
            return ""
        return pandoc.plain(_first_heading(self.blocks)) or self.document.stem

    def for_templates(self, to: str) -> dict[str, Any]:
        """Metadata as a format's templates expect it."""
        answers = self.execution.inlines
        return metadata.for_templates(self.project, self.document, to, answers)


def compose(
    project: Project, document: Document, execution: Execution, options: Options
) -> Article:
    """Put an executed document together.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps a part of it from being printed.
    """
    # Cross-references and citations are the same in every format.
    settings = project.metadata(document, "html")
    lang = str(settings.get("lang") or "en")
    assembled = assemble.assemble(document, execution, options, project.root, lang)
    written = constructs.understand(
        project, document, assembled.blocks, assembled.aside, assembled.figures
    )
    remarks = [*features.unseen_code(document), *lookalikes.remarks(document)]
    remarks += [*assembled.remarks, *written.remarks]
    remarks += _too_large(project, assembled.figures)
    blocks = crossref.resolve(document, written.blocks, settings, remarks)
    citations.check(project, document, blocks)
    return Article(
        project=project,
        document=document,
        execution=execution,
        assembled=assembled,
        blocks=blocks,
        kinds={**crossref.kinds(settings), **others(settings)},
        pictures=written.pictures,
        epoch=options.epoch,
        remarks=tuple(remarks),
    )


def _too_large(
    project: Project, figures: Mapping[str, Figure]
) -> Iterator[ManuscriptError]:
    """Find figures for which the journal has no room, before a bundle does."""
    if not (project.root / journal.ACTIVE).is_file():
        return
    try:
        room = journal.load(project.root)
    except (ManuscriptError, ExceptionGroup):
        return  # the check of the journal's limits says so
    for figure in figures.values():
        if sizes := _SVG_SIZE.search(figure.svg):
            width, height = (float(points) * _MM_PER_POINT for points in sizes.groups())
            if what := room.crowded(width, height):
                what = f"{figure.cell.name} draws {what}"
                yield figure.cell.fault(what, "draw it smaller")


def write(
    article: Article,
    to: str,
    change: Callable[[Node], Node | list[Node] | None],
    scratch: Path,
    arguments: Sequence[str] = (),
) -> str:
    """Have pandoc write an article.

    Parameters
    ----------
    article : Article
    to : {"html", "typst", "docx"}
    change : callable
        Rewrites nodes and images in the format's own way; what it leaves alone is
        written in pandoc's terms (:func:`manuscript.compose.formats.nodes.lower`).
    scratch : Path
        Folder for passing files to pandoc.
    arguments : sequence of str
        More of them.

    Returns
    -------
    str
        What pandoc wrote to standard output.
    """
    kinds = dict(article.kinds)
    settings = article.metadata(to)
    own = filters(settings)
    root = article.project.root
    is_apart = article.alone and possible(to, article.blocks, own, root)
    tables = Apart(to) if is_apart else None

    def written(element: Node) -> Node | list[Node] | None:
        changed = change(element)
        return lower(element, to, kinds) if changed is None else changed

    blocks = pandoc.transform(article.blocks, written)
    if tables:
        tables.take(blocks)
    values = scratch / "metadata.json"
    values.write_text(
        json.dumps(
            shortcodes.fill(
                article.for_templates(to),
                constructs.printer(article.project, article.document, []),
            ),
            # Read as YAML, which knows no pairs of escapes for one character.
            ensure_ascii=False,
        ),
        "utf-8",
    )
    common = [
        *("--from", "json", "--to", _WRITERS.get(to, to), "--mathml"),
        *("--metadata-file", str(values), "--wrap", "none"),
        "--syntax-highlighting=none",
        *(f"--lua-filter={path}" for path in own),
    ]
    command = [
        *(*common, "--standalone"),
        *([f"--lua-filter={TEMPLATES / 'properties.lua'}"] if to == "docx" else []),
        *_toc(settings),
        *_citeproc(settings),
        *arguments,
    ]
    for key in ("include-in-header", "include-before-body", "include-after-body"):
        command += [f"--{key}={path}" for path in as_list(settings.get(key))]

    def run(command: Sequence[str], blocks: list[Node]) -> str:
        version = article.assembled.version
        tree = {"pandoc-api-version": version, "meta": {}, "blocks": blocks}
        return pandoc.run(command, json.dumps(tree), root, article.epoch)

    try:
        if not tables:
            return run(command, blocks)
        with ThreadPoolExecutor(1) as beside:
            apart = beside.submit(run, common, tables.blocks)
            return tables.put_back(run(command, blocks), apart.result())
    except pandoc.PandocError as error:
        raise _unwritten(article.document, to, str(error)) from error


def _unwritten(document: Document, to: str, said: str) -> ManuscriptError:
    if formula := _FORMULA.match(said):
        # pandoc names a formula, and no place.
        words = r"\s+".join(map(re.escape, formula["tex"].split()))
        file, line, _ = document.at(words)
        what = f"the formula `{formula['tex']}` cannot be read: {formula['why']}"
        return ManuscriptError(file, line, what, "correct its TeX")
    what = f"pandoc cannot write {to}: {said}"
    mend = "correct the templates, filters or Markdown it names"
    return ManuscriptError(document.path, 1, what, mend)


def template(article: Article, to: str, scratch: Path) -> Path:
    """Lay the page of a format beside its parts, the project's own among them.

    Parameters
    ----------
    article : Article
    to : {"html", "typst"}
    scratch : Path

    Returns
    -------
    Path
        Of the page.
    """
    folder = scratch / f"{to}-template"
    folder.mkdir(exist_ok=True)
    for name in _PAGES[to]:
        shutil.copyfile(TEMPLATES / name, folder / name)
    for path in as_list(article.metadata(to).get("template-partials")):
        shutil.copyfile(article.project.root / path, folder / Path(path).name)
    return folder / _PAGES[to][0]


def _first_heading(blocks: list[Node]) -> list[Node]:
    """Return the heading of the first level that opens a tree, if one does."""
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] == 1:
            heading: list[Node] = block["c"][2]
            return heading
        if block["t"] not in ("RawBlock", "Null"):
            return []
    return []


def shift(article: Article) -> int:
    """How many levels headings rise in PDF: one, where none is of the first."""
    levels = (each["c"][0] for each in pandoc.elements(article.blocks, "Header"))
    return 0 if 1 in levels else 1


def filters(settings: Mapping[str, Any]) -> list[str]:
    """Return the files of filters, whether they say when they run or not."""
    named = as_list(settings.get("filters"))
    return [str(one["path"] if isinstance(one, Mapping) else one) for one in named]


def _toc(settings: Mapping[str, Any]) -> list[str]:
    if not settings.get("toc"):
        return []
    return ["--toc", f"--toc-depth={settings.get('toc-depth', 3)}"]


def _citeproc(settings: Mapping[str, Any]) -> list[str]:
    bibliography = as_list(settings.get("bibliography"))
    if not bibliography:
        return []
    style = [f"--csl={path}" for path in as_list(settings.get("csl"))]
    return ["--citeproc", *(f"--bibliography={path}" for path in bibliography), *style]
