"""What cells and inline expressions put out, as plain things that any format shows.

Rules are those of Quarto 1.7 (``jupyter.ts``, ``jupyter-inline.ts``); what it would
drop in some formats is refused, with file and line.
"""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal

from manuscript.errors import ManuscriptError
from manuscript.execute.kernel import Message
from manuscript.source import Cell, Inline

ANSI = re.compile(r"\x1b\[[0-9;]*m")

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+,\-.!$@~^|&])")
# Reprs that stand beside a figure and say nothing to a reader.
_PLOT = ("[<matplotlib", "<matplotlib", "<seaborn.", "<Figure size")
# Of an SVG; it bears the date.
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
# What Quarto's escaping of a string leaves or doubles.
_MISREAD = re.compile(
    r"\\|(?<!\w)@\w[\w:.-]*|~[^\s~]+~|\^[^\s^]+\^|\$[^\s$](?:[^$]*[^\s$])?\$"
)
# A table, as a data frame is shown, and nothing that runs.
_TABLE = re.compile(r"\A(?!.*<script).*<table\b", re.DOTALL | re.IGNORECASE)
# What pandas adds below a frame of which it shows a part.
_CUT = re.compile(r"<p>\d+ rows × \d+ columns</p>")
# A text of which pandas shows a part, by the width that nobody chose.
_CELLS = re.compile(r"<td>([^<]+\.\.\.)</td>")
_SHORTENED = 49  # characters, dots included
# What pandas says below a series; a frame shows none of its own.
_SERIES = re.compile(
    r"(?m)^(?:Freq: [^,\n]+, )?(?:Name: .*, )?(?:Length: \d+, )?dtype: \S.*$"
)
_STYLER = "<pandas.io.formats.style.Styler"
# Which pandas wants for `.style` alone, and this environment has not.
_STYLES = "jinja2"
_BRACKETED = re.compile(r"^[<(\[].*[>)\]]$")


@dataclass(frozen=True)
class Output:
    """One thing that a cell put out.

    Attributes
    ----------
    kind : str
    text : str
        Empty for a figure.
    svg : str
    png : bytes
        The figure as vector and bitmap; empty where the cell made none.
    """

    kind: Literal["stdout", "stderr", "error", "markdown", "html", "text", "figure"]
    text: str = ""
    svg: str = ""
    png: bytes = b""


def printed(
    cell: Cell, messages: list[Message], faults: list[ManuscriptError]
) -> list[Output]:
    """Turn what a cell published into outputs.

    What not every format can show joins the faults, and a stopgap is in its place.
    """
    outputs: list[Output] = []
    for message in messages:
        content = message["content"]
        match message["msg_type"]:
            case "stream":
                name, text = content["name"], ANSI.sub("", content["text"])
                if outputs and outputs[-1].kind == name:
                    text = outputs.pop().text + text
                outputs.append(Output(name, text))
            case "error":
                outputs.append(Output("error", error_text(content)))
            case "execute_input":
                pass
            case kind:
                is_shown = kind in ("display_data", "execute_result")
                shown = (
                    _display(cell, content["data"])
                    if is_shown
                    else _unprintable(cell, f"messages of type `{kind}`")
                )
                if isinstance(shown, ManuscriptError):
                    faults.append(shown)
                    shown = Output("markdown", stopgap(shown.what))
                outputs.append(shown)
    drawn = any(output.kind == "figure" for output in outputs)
    # A notebook shows a figure twice that is open and is the cell's last expression.
    outputs = [o for n, o in enumerate(outputs) if not (o.svg and o in outputs[:n])]
    return [o for o in outputs if not _is_repr_of_plot(o, drawn)]


def _display(cell: Cell, data: Mapping[str, str]) -> Output | ManuscriptError:
    if _CUT.search(data.get("text/html", "")):
        return cell.fault(
            f"{cell.name} ends with a data frame of which pandas shows a part",
            "choose the rows and columns to print, or raise "
            "pandas.options.display.max_rows and max_columns",
        )
    texts = map(unescape, _CELLS.findall(data.get("text/html", "")))
    if short := next((text for text in texts if len(text) == _SHORTENED), None):
        return cell.fault(
            f"{cell.name} ends with a data frame whose text pandas cuts: “{short}”",
            "set pandas.options.display.max_colwidth = None",
        )
    if data.get("text/plain", "").startswith(_STYLER):
        return _styled(cell)
    if set(data) == {"text/plain"} and _SERIES.search(data["text/plain"]):
        return cell.fault(
            f"{cell.name} ends with a pandas series, which prints as a listing and "
            "is no table",
            "make it one of a single column: `.to_frame()`",
        )
    if "text/markdown" in data and "text/html" not in data:
        return Output("markdown", data["text/markdown"])
    if "text/html" in data:
        if "text/markdown" in data or not _TABLE.search(data["text/html"]):
            return _unprintable(cell, "HTML")
        return Output("html", data["text/html"])
    if "image/svg+xml" in data or "image/png" in data:
        png = base64.b64decode(data.get("image/png", ""))
        svg = _METADATA.sub("", data.get("image/svg+xml", ""))
        return Output("figure", svg=svg, png=png)
    if set(data) == {"text/plain"}:
        return Output("text", ANSI.sub("", data["text/plain"]))
    return _unprintable(cell, " and ".join(sorted(set(data) - {"text/plain"})))


def raised(cell: Cell, reply: Message, line: int, frame: str) -> ManuscriptError:
    """Fault of a cell that raised an error."""
    if _STYLES in str(reply["evalue"]):
        return _styled(cell, line)
    what = f"{cell.name} raised {error_text(reply)}{frame}"
    mend = "correct the cell or what it calls"
    return ManuscriptError(cell.file, line, what, mend)


def _styled(cell: Cell, line: int = 0) -> ManuscriptError:
    return ManuscriptError(
        cell.file,
        line or cell.line,
        f"{cell.name} styles a data frame, and looks are not the same in every format",
        "end it with the plain data frame, its values rounded (`.round(1)`) or "
        "written as text",
    )


def _unprintable(cell: Cell, what: str) -> ManuscriptError:
    return cell.fault(
        f"{cell.name} puts out {what}, which not every format can show",
        "end it with a matplotlib figure, a data frame or an IPython.display.Markdown",
    )


def _is_repr_of_plot(output: Output, drawn: bool) -> bool:
    text = output.text.strip()
    return output.kind == "text" and (
        text.startswith(_PLOT)
        or (drawn and "\n" not in text and bool(_BRACKETED.match(text)))
    )


def markdown(inline: Inline, answer: Message) -> str:
    """Markdown that stands for an inline expression in the text."""

    def fault(what: str, mend: str) -> ManuscriptError:
        where = f"`{inline.expression}` (column {inline.column})"
        return ManuscriptError(inline.file, inline.line, f"{where} {what}", mend)

    if answer["status"] == "error":
        mend = "correct the expression or what it rests on"
        if answer["ename"] == "NameError":
            mend = (
                "define it in a cell above that runs; front matter is computed before "
                "any cell: write it as text there"
            )
        raise fault(f"raised {error_text(answer)}", mend)
    data = answer["data"]
    if "text/markdown" in data:
        text = str(data["text/markdown"])
    elif set(data) == {"text/plain"}:
        plain = str(data["text/plain"])
        if plain[:1] in "'\"" and (found := _MISREAD.search(plain)):
            raise fault(
                f"is text with `{found[0]}`, which Quarto reads as Markdown or doubles",
                "return an object with `_repr_markdown_`, or other words",
            )
        text = escaped(plain)
    else:
        raise fault(
            "is no text in every format", "return a string, a number or a value"
        )
    if not text:
        raise fault(
            "prints nothing, and Quarto would print its source",
            "remove it or return some text",
        )
    return text


def failed(inline: Inline) -> str:
    """Markdown that stands for an inline expression of a draft that has failed."""
    words = re.search(r"""(["'])(.+?)\1""", inline.expression)
    return stopgap(words[2] if words else inline.expression)


def stopgap(words: str) -> str:
    """Markdown that stands in a draft for what was refused."""
    return f"**⟦{escaped(repr(' '.join(words.split())))}⟧**"


def escaped(plain: str) -> str:
    """Text of a string's repr, safe in Markdown; other reprs as they are."""
    if plain[:1] not in "'\"":
        return plain
    try:
        return _MARKDOWN.sub(r"\\\1", str(ast.literal_eval(plain)))
    except (SyntaxError, ValueError):
        return plain


def error_text(reply: Message) -> str:
    """Name an error and say what it says."""
    value = ANSI.sub("", str(reply["evalue"])).strip()
    return f"{reply['ename']}: {value}" if value else str(reply["ename"])
