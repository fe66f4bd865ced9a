"""An article ready to be written, and what writing has in common in all formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manuscript.compose import citations, pandoc
from manuscript.compose import numbering as crossref
from manuscript.compose import tree as assemble
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node
from manuscript.compose.tree import Assembled, Figure
from manuscript.errors import ManuscriptError
from manuscript.execute.cells import Execution, Options
from manuscript.source import metadata
from manuscript.source.documents import Document, Project
from manuscript.source.settings import as_list

# What the writer calls the format that Quarto calls `html`.
_WRITERS = {"html": "html5"}


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
    epoch : int
        Date of the outputs, in seconds since 1970.
    """

    project: Project
    document: Document
    execution: Execution
    assembled: Assembled
    blocks: list[Node]
    kinds: Mapping[str, Kind]
    epoch: int

    def figure(self, image: Node) -> tuple[str, Figure]:
        """Name and content of the figure that an image stands for."""
        name = image["c"][2][0]
        return name, self.assembled.figures[name]

    def metadata(self, to: str) -> dict[str, Any]:
        """Merge the settings that hold in a format."""
        return self.project.metadata(self.document, to)


def compose(
    project: Project, document: Document, execution: Execution, options: Options
) -> Article:
    """Put an executed document together.

    Raises
    ------
    ManuscriptError or ExceptionGroup
        Whatever keeps a part of it from being printed.
    """
    assembled = assemble.assemble(document, execution, options, project.root)
    # Cross-references and citations are the same in every format.
    settings = project.metadata(document, "html")
    blocks = crossref.resolve(document, assembled.blocks, settings)
    citations.check(project, document, blocks)
    kinds = crossref.kinds(settings)
    epoch = options.epoch
    return Article(project, document, execution, assembled, blocks, kinds, epoch)


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
        Rewrites ``Float``, ``Ref`` and images for the format.
    scratch : Path
        Folder for passing files to pandoc.
    arguments : sequence of str
        More of them.

    Returns
    -------
    str
        What pandoc wrote to standard output.
    """
    tree = {
        "pandoc-api-version": article.assembled.version,
        "meta": {},
        "blocks": pandoc.transform(article.blocks, change),
    }
    values = scratch / "metadata.json"
    values.write_text(
        json.dumps(metadata.for_templates(article.project, article.document, to)),
        "utf-8",
    )
    settings = article.metadata(to)
    command = [
        *("--from", "json", "--to", _WRITERS.get(to, to), "--standalone"),
        *("--metadata-file", str(values), "--wrap", "none"),
        "--syntax-highlighting=none",
        *(f"--lua-filter={path}" for path in as_list(settings.get("filters"))),
        *_toc(settings),
        *_citeproc(settings),
        *arguments,
    ]
    for key in ("include-in-header", "include-before-body", "include-after-body"):
        command += [f"--{key}={path}" for path in as_list(settings.get(key))]
    try:
        return pandoc.run(
            command, json.dumps(tree), article.project.root, article.epoch
        )
    except pandoc.PandocError as error:
        raise ManuscriptError(
            article.document.path,
            1,
            f"pandoc cannot write {to}: {error}",
            "correct the templates, filters or Markdown it names",
        ) from error


def link(reference: Node) -> Node:
    """Make a link of a reference."""
    text = [*reference["prefix"], {"t": "Str", "c": reference["number"]}]
    target = [f"#{reference['id']}", ""]
    return {"t": "Link", "c": [["", ["quarto-xref"], []], text, target]}


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
