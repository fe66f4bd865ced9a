"""Write ``partials/reference.docx``, the styles of the Word manuscript.

Run by hand after a change of style: ``python -m manuscript.formats.reference_docx``.
The file is the same, byte for byte, every time. pandoc takes styles, page and
header from it; Word and LibreOffice open it as a sheet of samples.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

TARGET: Final = Path(__file__).parents[2] / "partials" / "reference.docx"

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{_R}"'

ACCENT: Final = "0F4C6E"
QUIET: Final = "55626D"
TINT: Final = "EAF1F5"

# A4 in twentieths of a point, 25 mm margins; values.lua repeats them for turned pages.
SECTION: Final = (
    '<w:headerReference w:type="default" r:id="rIdHeader"/>'
    '<w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418"'
    ' w:header="709" w:footer="709" w:gutter="0"/>'
    '<w:lnNumType w:countBy="1" w:distance="340" w:restart="continuous"/>'
)


def _paragraph(
    style_id: str,
    name: str,
    *,
    based_on: str = "Normal",
    following: str = "",
    layout: str = "",
    letters: str = "",
    default: bool = False,
) -> str:
    custom = "" if name in _BUILT_IN or default else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{" w:default=%s1%s" % (chr(34), chr(34)) if default else custom}'
        f' w:styleId="{style_id}"><w:name w:val="{name}"/>'
        + ("" if default else f'<w:basedOn w:val="{based_on}"/>')
        + (f'<w:next w:val="{following}"/>' if following else "")
        + f"<w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _character(style_id: str, name: str, letters: str) -> str:
    custom = "" if name in _BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="character"{custom} w:styleId="{style_id}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="DefaultParagraphFont"/>'
        f"<w:qFormat/><w:rPr>{letters}</w:rPr></w:style>"
    )


_BUILT_IN: Final = frozenset(
    {
        "Normal",
        "Body Text",
        "Title",
        "Subtitle",
        "Date",
        "Bibliography",
        "Caption",
        "Block Text",
        "footnote text",
        "header",
        "footer",
        "TOC Heading",
        "Hyperlink",
        "footnote reference",
        "line number",
        *(f"heading {level}" for level in range(1, 7)),
        *(f"toc {level}" for level in range(1, 4)),
    }
)


def _spacing(before: int = 0, after: int = 0, line: int = 240) -> str:
    return (
        f'<w:spacing w:before="{before}" w:after="{after}"'
        f' w:line="{line}" w:lineRule="auto"/>'
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _color(value: str) -> str:
    return f'<w:color w:val="{value}"/>'


def _styles() -> str:
    keep = "<w:keepNext/><w:keepLines/>"
    unnumbered = "<w:suppressLineNumbers/>"
    heading_letters = (
        "<w:b/>" + _color(ACCENT) + _size(26),
        "<w:b/>" + _size(24),
        "<w:b/><w:i/>" + _size(24),
        "<w:i/>" + _size(24),
        _size(24),
        _size(24),
    )
    headings = [
        _paragraph(
            f"Heading{level}",
            f"heading {level}",
            following="BodyText",
            layout=keep
            + _spacing(before=360 if level < 3 else 240, after=80)
            + f'<w:outlineLvl w:val="{level - 1}"/>',
            letters=letters,
        )
        for level, letters in enumerate(heading_letters, start=1)
    ]
    contents = [
        _paragraph(
            f"TOC{level}",
            f"toc {level}",
            following="Normal",
            layout=unnumbered
            + '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9070"/></w:tabs>'
            + _spacing(after=40)
            + f'<w:ind w:left="{240 * (level - 1)}"/>',
            letters=_size(21),
        )
        for level in range(1, 4)
    ]
    caption = unnumbered + _spacing(before=120, after=120, line=264)
    notice = (
        unnumbered
        + f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{ACCENT}"/>'
        "</w:pBdr>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>'
        + _spacing(before=120, after=240, line=276)
        + '<w:ind w:left="227" w:right="113"/>'
    )
    styles = [
        _paragraph("Normal", "Normal", default=True),
        _paragraph("BodyText", "Body Text", layout=_spacing(after=160, line=360)),
        _paragraph(
            "FirstParagraph",
            "First Paragraph",
            based_on="BodyText",
            following="BodyText",
        ),
        _paragraph("Compact", "Compact", layout="<w:spacing w:before=\"20\" w:after=\"20\"/>"),
        _paragraph(
            "Title",
            "Title",
            following="Author",
            layout=keep + _spacing(before=60, after=160),
            letters="<w:b/>" + _color(ACCENT) + _size(36),
        ),
        _paragraph(
            "Subtitle",
            "Subtitle",
            following="Author",
            layout=keep + _spacing(after=160),
            letters="<w:b/><w:caps/>" + _color(QUIET) + '<w:spacing w:val="20"/>' + _size(20),
        ),
        _paragraph(
            "Author",
            "Author",
            following="BodyText",
            layout=keep + _spacing(after=80),
            letters="<w:b/>" + _size(24),
        ),
        _paragraph(
            "Date",
            "Date",
            following="BodyText",
            layout=_spacing(after=160),
            letters=_color(QUIET) + _size(22),
        ),
        _paragraph(
            "Original",
            "Original",
            following="BodyText",
            layout=_spacing(after=240),
            letters=_color(QUIET) + _size(21),
        ),
        _paragraph("AbstractTitle", "Abstract Title", layout=keep, letters="<w:b/>"),
        _paragraph("Abstract", "Abstract", layout=_spacing(after=240, line=360)),
        *headings,
        _paragraph(
            "TOCHeading",
            "TOC Heading",
            following="BodyText",
            layout=keep + unnumbered + _spacing(before=240, after=120),
            letters="<w:b/>" + _color(ACCENT) + _size(26),
        ),
        *contents,
        _paragraph(
            "Bibliography",
            "Bibliography",
            layout=_spacing(after=80, line=264) + '<w:ind w:left="454" w:hanging="454"/>',
            letters=_size(21),
        ),
        _paragraph("BlockText", "Block Text", layout='<w:ind w:left="480" w:right="480"/>'),
        _paragraph("Caption", "Caption", layout=caption, letters=_size(20)),
        _paragraph("TableCaption", "Table Caption", based_on="Caption", layout="<w:keepNext/>"),
        _paragraph("ImageCaption", "Image Caption", based_on="Caption"),
        _paragraph("Figure", "Figure", layout=unnumbered + "<w:keepNext/>"),
        _paragraph("CaptionedFigure", "Captioned Figure", based_on="Figure"),
        _paragraph("Notice", "Notice", layout=notice, letters=_size(21)),
        _paragraph("FootnoteText", "footnote text", letters=_size(20)),
        _paragraph(
            "Header",
            "header",
            layout=unnumbered + '<w:jc w:val="right"/>',
            letters=_color(QUIET) + _size(18),
        ),
        _paragraph(
            "Footer",
            "footer",
            layout=unnumbered + '<w:jc w:val="center"/>',
            letters=_color(QUIET) + _size(18),
        ),
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>',
        _character(
            "ComputedValue",
            "Computed value",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>',
        ),
        _character("Claim", "Claim", '<w:u w:val="dotted" w:color="8A969F"/>'),
        _character("Hyperlink", "Hyperlink", _color(ACCENT)),
        _character(
            "VerbatimChar",
            "Verbatim Char",
            '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>'
            + _size(21),
        ),
        _character(
            "FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'
        ),
        _character("LineNumber", "line number", _color("8A969F") + _size(16)),
        _table("TableNormal", "Normal Table", ""),
        _table("Table", "Table", "", default=True),
        _table("FigureTable", "Figure Table", ""),
        _table("JournalTable", "Journal Table", _THREE_RULES),
    ]
    return (
        f"{_HEAD}<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"'
        ' w:eastAsia="Times New Roman" w:cs="Times New Roman"/>'
        f'{_size(24)}<w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr>"
        '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/><w:widowControl/>'
        f"</w:pPr></w:pPrDefault></w:docDefaults>{''.join(styles)}</w:styles>"
    )


_THREE_RULES: Final = (
    '<w:tblBorders><w:top w:val="single" w:sz="10" w:space="0" w:color="000000"/>'
    '<w:bottom w:val="single" w:sz="10" w:space="0" w:color="000000"/></w:tblBorders>'
)


def _table(style_id: str, name: str, borders: str, *, default: bool = False) -> str:
    side = 70 if borders else 0  # a table without rules only holds a figure
    margins = (
        '<w:tblCellMar><w:top w:w="20" w:type="dxa"/>'
        f'<w:left w:w="{side}" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>'
        f'<w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )
    head = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    return (
        f'<w:style w:type="table"{" w:default=" + chr(34) + "1" + chr(34) if default else ""}'
        f' w:styleId="{style_id}"><w:name w:val="{name}"/>'
        + (f"<w:rPr>{_size(19)}</w:rPr>" if borders else "")
        + f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{borders}{margins}</w:tblPr>'
        + (head if borders else "")
        + "</w:style>"
    )


def _story(tag: str, style: str, content: str) -> str:
    return (
        f'{_HEAD}<w:{tag} {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f"{content}</w:p></w:{tag}>"
    )


def _text(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def _parts() -> dict[str, str]:
    samples = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_text(style)}</w:p>'
        for style in ("Title", "Subtitle", "Author", "Heading1", "BodyText", "Notice")
    )
    types = {
        "document": "document.main",
        "styles": "styles",
        "settings": "settings",
        "header1": "header",
        "footer1": "footer",
    }
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for part, kind in types.items()
    )
    relations = {
        "rIdStyles": ("styles", "styles"),
        "rIdSettings": ("settings", "settings"),
        "rIdHeader": ("header", "header1"),
        "rIdFooter": ("footer", "footer1"),
    }
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}.xml"/>'
            for name, (kind, target) in relations.items()
        )
        + "</Relationships>",
        "word/document.xml": f"{_HEAD}<w:document {_NAMESPACES}><w:body>{samples}"
        f"<w:sectPr>{SECTION}</w:sectPr></w:body></w:document>",
        "word/styles.xml": _styles(),
        "word/settings.xml": f'{_HEAD}<w:settings {_NAMESPACES}>'
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        "</w:settings>",
        "word/header1.xml": _story(
            "hdr", "Header", _text("Independent computational reproduction")
        ),
        "word/footer1.xml": _story("ftr", "Footer", page),
    }


def write(path: Path = TARGET) -> None:
    """Write the reference document.

    Parameters
    ----------
    path : Path
        Where to; the file is replaced.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _parts().items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)


if __name__ == "__main__":
    write()
