"""HTML: one file that asks the network for nothing.

The structure is that of Quarto 1.7 with ``theme: none``
(``floatreftarget.lua``), so that one style sheet serves both engines. Figures
stand in the page as SVG, their text with them.
"""

from __future__ import annotations

import base64
import re
from html import escape
from pathlib import Path

from manuscript.compose import pandoc
from manuscript.compose.constructs.annotated import MARK
from manuscript.compose.constructs.images import Picture
from manuscript.compose.formats.article import TEMPLATES, Article, template, write
from manuscript.compose.formats.nodes import panel_caption
from manuscript.compose.formats.page_links import finish
from manuscript.compose.numbering import Kind
from manuscript.compose.pandoc import Node, raw
from manuscript.compose.tree import Figure
from manuscript.errors import ManuscriptError
from manuscript.source import as_list

_PLACE = "<!--figure {}-->"
_PLACES = re.compile(r"<!--figure (figure-[\d-]+)-->")
_SVG = re.compile(r"<svg\b.*</svg>", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
# Of matplotlib; it would hold for the whole page.
_STYLE = re.compile(r'<style type="text/css">\*\{([^}]*)\}</style>')
_ID = re.compile(r'\sid="([^"]+)"')
_REFERENCE = re.compile(r'(url\(#|href="#)([^")]+)')
_LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)" />')
_REQUEST = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|link)\b[^>]*?"
    r"\s(?:src|href|srcset)=[\"']?(?!data:)([^\"'\s>]+)"
    r"|(?:url\(|@import)\s*[\"']?(?!data:|#)([^\"')\s]+)",
    re.IGNORECASE,
)


_EVEN = "flex: 1 1 0"


def build(article: Article, directory: Path, scratch: Path) -> Path:
    """Write ``<document>.html`` into a directory.

    Raises
    ------
    ManuscriptError
        A page that would request something from the network.
    """
    settings = article.metadata("html")
    page = write(
        article,
        "html",
        lambda element: _change(article, element),
        scratch,
        [
            *("--template", str(template(article, "html", scratch))),
            *(f"--css={path}" for path in as_list(settings.get("css"))),
            *(
                [f"--variable=pagetitle:{escape(name)}"]
                if (name := article.stand_in)
                else []
            ),
        ],
    )
    if not as_list(settings.get("css")):
        style = (TEMPLATES / "page.css").read_text("utf-8")
        page = page.replace("</head>", f"<style>\n{style}</style>\n</head>", 1)
    page = _LINK.sub(lambda sheet: _style(article, sheet[1]), page)
    if request := _REQUEST.search(page):
        raise ManuscriptError(
            article.document.path,
            1,
            f"the page would request `{request[1] or request[2]}`",
            "put what it names into the page itself, or into a data: URL",
        )
    vector = settings.get("fig-format") != "png"
    page = _PLACES.sub(lambda place: _drawn(article, place[1], vector), page)
    page = finish(page, article.project, article.document.path)
    target = directory / f"{article.document.stem}.html"
    target.write_text(page, "utf-8")
    return target


def _change(article: Article, element: Node) -> Node | list[Node] | None:
    match element["t"]:
        case "Float":
            return _float(article.kinds[element["c"]["kind"]], element["c"])
        case "Image":
            if picture := article.picture(element):
                return _picture(picture)
            name, _ = article.figure(element)
            return raw("html", _PLACE.format(name), inline=True)
        case "Panels":
            columns = element["c"]["columns"]
            style = f"display: grid; grid-template-columns: repeat({columns}, 1fr)"
            return pandoc.div(
                element["c"]["content"], classes=("quarto-layout-panel",), style=style
            )
        case "Panel":
            return _panel(element["c"])
        case "Callout":
            return _callout(element["c"])
        case "Folded":
            summary = escape(element["c"]["summary"])
            opened = " open" if element["c"]["opened"] else ""
            opening = f'<details class="code-fold"{opened}>'
            return [
                raw("html", f"{opening}<summary>{summary}</summary>"),
                *element["c"]["content"],
                raw("html", "</details>"),
            ]
        case "Tabs":
            return _tabs(element["c"])
        case "Annotated":
            return _annotated(element["c"])
        case "Columns":
            return pandoc.div(
                [
                    pandoc.div(column, style=f"flex: 0 1 {width}" if width else _EVEN)
                    for width, column in zip(
                        element["c"]["widths"], element["c"]["content"], strict=True
                    )
                ],
                element["c"]["id"],
                style="display: flex; column-gap: 1em",
            )
        case "PageBreak":
            return raw("html", '<div style="page-break-after: always;"></div>')
        case "Coloured":
            colour = [["style", f"color: #{element['c']['colour']}"]]
            return {"t": "Span", "c": [["", [], colour], element["c"]["content"]]}
    return None


def _picture(picture: Picture) -> Node:
    data = base64.b64encode(picture.data).decode()
    sizes = [("width", picture.width), ("height", picture.height)]
    style = "; ".join(f"{name}: {size}" for name, size in sizes if size)
    styled = f' style="{style}"' if style else ""
    return raw(
        "html",
        f'<img src="data:image/{picture.type};base64,{data}" class="img-fluid"{styled}'
        f' alt="{escape(picture.alt)}" />',
        inline=True,
    )


def _panel(content: Node) -> Node:
    caption = {"t": "Plain", "c": panel_caption(content)}
    return pandoc.div(
        [
            raw("html", '<figure class="quarto-subfloat figure">'),
            *content["content"],
            raw("html", "<figcaption>"),
            caption,
            raw("html", "</figcaption></figure>"),
        ],
        content["id"],
        ("quarto-layout-cell",),
    )


def _callout(content: Node) -> Node:
    kind = content["type"]
    title = {"t": "Plain", "c": [{"t": "Strong", "c": content["title"]}]}
    classes = ("callout", f"callout-{kind}", *(("icon",) if content["icon"] else ()))
    return pandoc.div(
        [
            pandoc.div([title], classes=("callout-title",)),
            pandoc.div(content["content"], classes=("callout-body",)),
        ],
        content["id"],
        classes,
        role="note",
    )


def _tabs(content: Node) -> Node:
    """Write tabs that need no script; printed, all their views are shown."""
    tabs = content["content"]
    name = tabs[0][0]["c"][1][0]
    labels: list[Node] = []
    views: list[Node] = []
    # Not by `#`, as a name may hold what a selector reads otherwise.
    one = f'[id="tabs-{name}"]'
    rules = [f"{one} > .tab-pane {{ display: none }}"]
    for number, (header, *blocks) in enumerate(tabs, start=1):
        checked = " checked" if number == 1 else ""
        button = f'<input type="radio" name="tabs-{name}"{checked} />'
        labels += [
            raw("html", f"<label>{button} "),
            {"t": "Plain", "c": header["c"][2]},
            raw("html", "</label>"),
        ]
        views.append(pandoc.div(blocks, header["c"][1][0], ("tab-pane",)))
        rules.append(
            f"{one}:has(> .tabs > label:nth-of-type({number}) > :checked)"
            f" > .tab-pane:nth-of-type({number + 1}) {{ display: block }}"
        )
    style = "<style>@media screen { " + " ".join(rules) + " }</style>"
    inner = [pandoc.div(labels, classes=("tabs",), role="radiogroup"), *views]
    tabset = pandoc.div(inner, f"tabs-{name}", ("panel-tabset",))
    return pandoc.div([raw("html", style), tabset], content["id"])


def _annotated(content: Node) -> list[Node]:
    """Write numbers beside the lines of code, and below it what each says."""
    lines = [
        (f'<span class="{MARK}" style="float: right">{number}</span>' if number else "")
        + escape(line, quote=False)
        for line, number in zip(content["lines"], content["marks"], strict=True)
    ]
    classes = escape(" ".join(content["classes"]))
    code = "\n".join(lines)
    blocks = [
        raw("html", f'<pre class="{classes}"><code>{code}</code></pre>'),
        raw("html", "<dl>"),
    ]
    for number, (name, item) in enumerate(
        zip(content["names"], content["content"], strict=True), start=1
    ):
        term = f'<dt class="{MARK}" title="{escape(name)}">{number}</dt><dd>'
        blocks += [raw("html", term), *item, raw("html", "</dd>")]
    return [*blocks, raw("html", "</dl>")]


def _float(kind: Kind, content: Node) -> Node:
    caption = f"{content['id']}-caption"
    classes = f"quarto-float-caption-{kind.caption} quarto-float-caption"
    name = pandoc.words(f"{kind.name(content['number'])}:")
    figcaption = [
        raw(
            "html",
            f'<figcaption class="{classes} quarto-float-{kind.key}" id="{caption}">',
        ),
        {"t": "Plain", "c": [*name, {"t": "Space"}, *content["caption"]]},
        raw("html", "</figcaption>"),
    ]
    body = [pandoc.div(content["content"], aria_describedby=caption)]
    parts = figcaption + body if kind.caption == "top" else body + figcaption
    return pandoc.div(
        [
            raw(
                "html", f'<figure class="quarto-float quarto-float-{kind.key} figure">'
            ),
            *parts,
            raw("html", "</figure>"),
        ],
        content["id"],
        ("quarto-float", "quarto-figure", "quarto-figure-center", "anchored"),
    )


def _style(article: Article, path: str) -> str:
    sheet = (article.project.root / path).read_text("utf-8")
    return f"<style>\n{sheet}</style>"


def _drawn(article: Article, name: str, vector: bool) -> str:
    figure = article.assembled.figures[name]
    if vector and figure.svg:
        return _inline_svg(name, figure)
    data = base64.b64encode(article.bitmap(figure)).decode()
    alt = escape(figure.alt)
    return f'<img src="data:image/png;base64,{data}" class="img-fluid" alt="{alt}" />'


def _inline_svg(name: str, figure: Figure) -> str:
    """Make a figure part of a page on which others may use the same names."""
    svg = _SVG.search(_METADATA.sub("", figure.svg))
    if svg is None:
        raise figure.cell.fault(
            f"{figure.cell.name} puts out an SVG without <svg>",
            "end the cell with a matplotlib figure",
        )
    used = {found[2] for found in _REFERENCE.finditer(svg[0])}
    text = _ID.sub(
        lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", svg[0]
    )
    text = _REFERENCE.sub(lambda found: f"{found[1]}{name}-{found[2]}", text)
    style = _STYLE.search(text)
    inherited = f' style="{style[1]}"' if style else ""
    opening = f'<svg role="img" aria-label="{escape(figure.alt)}"{inherited}'
    return _STYLE.sub("", text).replace("<svg", opening, 1)
