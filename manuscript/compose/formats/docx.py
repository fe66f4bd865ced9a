"""Word: styles of the reference document, captions, links and alternative texts."""

from __future__ import annotations

import shutil
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.formats.article import Article, link, write
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node
from manuscript.errors import ManuscriptError
from manuscript.record.git import git
from manuscript.source.settings import as_list

REVISION = "source-revision"  # a custom property of the file


def build(article: Article, directory: Path, scratch: Path) -> Path:
    """Write ``<document>.docx`` into a directory.

    Raises
    ------
    ManuscriptError
        A figure that its cell did not make as a bitmap.
    """
    settings = article.metadata("docx")
    made = scratch / f"{article.document.stem}.docx"
    write(
        article,
        "docx",
        lambda element: _change(article, element, scratch),
        scratch,
        [
            *(
                f"--reference-doc={doc}"
                for doc in as_list(settings.get("reference-doc"))
            ),
            *("--resource-path", str(scratch), "--output", str(made)),
            *_revision(article.project.root),
        ],
    )
    # Copied, so that a full disk is this process's error and not pandoc's.
    return Path(shutil.copyfile(made, directory / made.name))


def _revision(root: Path) -> list[str]:
    """Name the commit in the file, for when an edited copy of it comes back.

    Nothing is named where the sources are not those of a commit.
    """
    commit = git(root, "rev-parse", "HEAD").decode().strip()
    if not commit or git(root, "status", "--porcelain", "--untracked-files=no"):
        return []
    return [f"--metadata={REVISION}={commit}"]


def _change(article: Article, element: Node, scratch: Path) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            return _float(article.kinds[element["c"]["kind"]], element["c"])
        case "Ref":
            return link(element["c"])
        case "Image":
            name, figure = article.figure(element)
            if not figure.png:
                raise ManuscriptError(
                    figure.cell.file,
                    figure.cell.line,
                    f"{figure.cell.name} draws no bitmap, which Word needs",
                    "end the cell with a matplotlib figure",
                )
            (scratch / f"{name}.png").write_bytes(figure.png)
            alt = pandoc.words(figure.alt)
            return {"t": "Image", "c": [["", [], []], alt, [f"{name}.png", ""]]}
    return None


def _float(kind: Kind, content: Node) -> Node:
    top = kind.caption == "top"
    name = pandoc.words(f"{kind.name(content['number'])}:")
    text = {"t": "Para", "c": [*name, {"t": "Space"}, *content["caption"]]}
    style = "Table Caption" if top else "Image Caption"
    caption = [pandoc.div([text], custom_style=style)]
    body = content["content"]
    if not top:
        # Keeps a figure on the page of its caption, and its line without a number.
        body = [pandoc.div(body, custom_style="Captioned Figure")]
    return pandoc.div(caption + body if top else body + caption, content["id"])
