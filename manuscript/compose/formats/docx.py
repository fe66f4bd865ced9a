"""Word: styles of the reference document, captions, links and alternative texts."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.constructs.images import Picture
from manuscript.compose.formats import icons, ooxml
from manuscript.compose.formats.article import Article, write
from manuscript.compose.formats.nodes import panel_caption
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node, raw
from manuscript.record import git
from manuscript.source import as_list

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
            *_named(revision(article.project.root)),
        ],
    )
    ooxml.finish(made, str(settings.get("lang") or "en"))
    # Copied, so that a full disk is this process's error and not pandoc's.
    return Path(shutil.copyfile(made, directory / made.name))


def revision(root: Path) -> str:
    """Return the commit that the file names, for when an edited copy comes back.

    Empty where the sources are not those of a commit.
    """
    commit = git(root, "rev-parse", "HEAD").decode().strip()
    if not commit or git(root, "status", "--porcelain", "--untracked-files=no"):
        return ""
    return commit


def _named(commit: str) -> list[str]:
    return [f"--metadata={REVISION}={commit}"] if commit else []


def _change(article: Article, element: Node, scratch: Path) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            return _float(article.kinds[element["c"]["kind"]], element["c"])
        case "Image":
            if picture := article.picture(element):
                return _picture(element, picture, scratch)
            name, figure = article.figure(element)
            (scratch / f"{name}.png").write_bytes(article.bitmap(figure))
            alt = pandoc.words(figure.alt)
            return {"t": "Image", "c": [["", [], []], alt, [f"{name}.png", ""]]}
        case "Panel":
            caption = {"t": "Para", "c": panel_caption(element["c"])}
            return pandoc.div(
                [
                    pandoc.div(
                        element["c"]["content"], custom_style="Captioned Figure"
                    ),
                    pandoc.div([caption], custom_style="Image Caption"),
                ],
                element["c"]["id"],
            )
        case "Callout":
            return _callout(element["c"], scratch)
        case "PageBreak":
            return raw("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        case "Coloured":
            return _coloured(element["c"])
    return None


def _picture(element: Node, picture: Picture, scratch: Path) -> Node:
    name = f"{element['c'][2][0]}{picture.suffix}"
    (scratch / name).write_bytes(picture.data)
    sizes = [["width", picture.width], ["height", picture.height]]
    attributes = ["", [], [size for size in sizes if size[1]]]
    return {"t": "Image", "c": [attributes, pandoc.words(picture.alt), [name, ""]]}


def _callout(content: Node, scratch: Path) -> Node:
    title: list[Node] = [{"t": "Strong", "c": content["title"]}]
    if content["icon"]:
        name = f"callout-{content['type']}.png"
        (scratch / name).write_bytes(icons.bitmap(content["type"]))
        size = [["height", "0.35cm"]]
        icon = {"t": "Image", "c": [["", [], size], [], [name, icons.TITLE]]}
        title = [icon, {"t": "Space"}, *title]
    heading = pandoc.div([{"t": "Para", "c": title}], custom_style="Callout Title")
    body = pandoc.div(content["content"], custom_style="Callout")
    return pandoc.div([heading, body], content["id"])


def _coloured(content: Node) -> list[Node]:
    """Colour words by a character style of their own."""
    words: list[Node] = []
    for inline in content["content"]:
        if inline["t"] in ("Str", "Space"):
            text = " " if inline["t"] == "Space" else escape(inline["c"])
            words.append(
                raw(
                    "openxml",
                    f'<w:r><w:rPr><w:color w:val="{content["colour"]}"/></w:rPr>'
                    f'<w:t xml:space="preserve">{text}</w:t></w:r>',
                    inline=True,
                )
            )
        else:
            words.append(inline)
    return words


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
