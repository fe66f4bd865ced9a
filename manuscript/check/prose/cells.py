"""Which numbers and texts typed into code are results, and not the layout of a page.

Code takes its results from the study. What it may type is what lays out a figure or
a table: options (``figsize=(5, 3)``), limits and grids (``set_ylim(0, 100)``,
``linspace(0, 1, 50)``), positions (``x + 0.2``, ``axes[0]``), formats, and labels,
which are held to the same rules as prose. A number in a list, a table or an argument
that is drawn or printed is a result.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Arguments by these names are what is drawn, not how.
_DATA = re.compile(
    r"(?:[xyzcnkp]|x?y?err|data|values?|height|counts?|events?|totals?|heights|weights"
    r"|x?m(?:in|ax)s|numbers?|estimates?|percent\w*|s|texts?|title)$"
)
# Calls of which every plain number is a limit, a place or a step.
_LAYING_OUT = re.compile(
    r"(?:set_(?!data|xdata|ydata|offsets|array|val|height|width|text)\w+"
    r"|subplots?|figure|add_(?:axes|subplot|gridspec)|GridSpec|subplots_adjust|subfigures"
    r"|ax[hv](?:line|span)|axline|[xy]lim|[xy]ticks|margins|tick_params|legend|grid|axis"
    r"|tight_layout|text|annotate|figtext|savefig|colorbar|get_cmap|hlines|vlines|despine"
    r"|linspace|arange|range|logspace|geomspace|round|head|tail|nlargest|nsmallest|quantile"
    r"|percentile|clip|reshape|zfill|ljust|rjust|center|enumerate|islice|option_context"
    r"|set_option|rc|rc_context|rcParams|update|rotate|translate|scale|invert_\w+|move|pop"
    r"|drop|sleep|seed|default_rng|RandomState|shift|rolling|diff|iloc|take|repeat|tile|zeros|ones|full|eye|inches|mm)$"
)
_PRINTING = re.compile(r"(?:print|Markdown|HTML|Latex|display|write)$")
# Names that hold a measure of the layout.
_MEASURE = re.compile(
    r"(?:\w+_)?(?:width|height|size|figsize|fontsize|dpi|alpha|offset|gap|pad|padding"
    r"|margins?|lw|linewidth|step|bins|rotation|(?:width|height)_ratios|seed|decimals|digits|colou?rs?"
    r"|palette|positions?|ticks|limits?|xlim|ylim|spacing|shift)$",
    re.IGNORECASE,
)
# Places for numbers in a text that is formatted: `{:.1f}`, `%.2f`, and `.1f` by itself.
_PLACES = re.compile(r"\{[^{}]*\}|(?<!\d)%[-+#0]*\d*(?:\.\d+)?[sdifgGeE%]")
_FORMAT = re.compile(r"(?:.?[<>=^])?[-+ ]?#?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnosxX%]?")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}|(?:gr[ae]y|C)?\d?\.?\d+|[\w:]+\d+")


@dataclass(frozen=True)
class Typed:
    """A constant in code that may be a result.

    Attributes
    ----------
    value : object
        A number, or a text.
    line, column : int
        Of the code, from 1.
    is_label : bool
        A text that lays out: it is judged by its words.
    """

    value: object
    line: int
    column: int
    is_label: bool


def typed(code: str, shows: bool = True) -> Iterator[Typed]:
    """Yield the numbers and texts that code types and that do not lay out alone.

    What is called and shown nowhere yields none; what is kept for later cells may.

    Examples
    --------
    >>> [t.value for t in typed("ax.bar(['a', 'b'], [12, 5], alpha=0.5)")]
    [12, 5]
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    tree.body = [each for each in tree.body if shows or not isinstance(each, ast.Expr)]
    yield from _Visit(tree).found(tree)


def without_places(text: str) -> str:
    """Blank the places that a text has for numbers, which are none themselves.

    Examples
    --------
    >>> without_places("{:.1f} of 20")
    '       of 20'
    """
    return _PLACES.sub(lambda place: " " * len(place[0]), text)


class _Visit:
    """Walks a tree with what is around each node."""

    def __init__(self, tree: ast.AST) -> None:
        self._docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and isinstance(node.body[0], ast.Expr)
        }

    def found(self, node: ast.AST, around: tuple[ast.AST, ...] = ()) -> Iterator[Typed]:
        """Yield the constants below a node that may be results."""
        if isinstance(node, ast.Constant):
            label = None if id(node) in self._docs else _judged(node, around)
            if label is not None:
                yield Typed(node.value, node.lineno, node.col_offset + 1, label)
            return
        for child in ast.iter_child_nodes(node):
            yield from self.found(child, (*around, node))


def _judged(node: ast.Constant, around: tuple[ast.AST, ...]) -> bool | None:
    """Whether a constant is a label, or a result; None where it is neither."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float | complex | str):
        return None
    if isinstance(value, str):
        return _text(value, around)
    return None if _lays_out(node, around) else False


def _text(value: str, around: tuple[ast.AST, ...]) -> bool | None:
    value = _PLACES.sub("", value)
    if not re.search(r"\d|\s", value) or _COLOUR.fullmatch(value):
        return None
    parent = around[-1] if around else None
    if isinstance(parent, ast.Subscript | ast.FormattedValue | ast.Compare):
        return None
    if any(isinstance(each, ast.FormattedValue) for each in around):
        return None
    calls = [each for each in around if isinstance(each, ast.Call)]
    if calls and _name(calls[-1].func) == "format" and _FORMAT.fullmatch(value):
        return None
    if calls and (_PRINTING.match(_name(calls[-1].func))):
        return False
    return not isinstance(parent, ast.Expr)


def _lays_out(node: ast.Constant, around: tuple[ast.AST, ...]) -> bool:
    """Whether a number is a place, a step, a limit or an option."""
    child: ast.AST = node
    in_list = False
    for parent in reversed(around):
        if isinstance(parent, ast.Subscript) and child is parent.slice:
            return True
        if isinstance(parent, ast.Slice | ast.Compare | ast.FormattedValue):
            return True
        if isinstance(parent, ast.BinOp) and not in_list:
            other = parent.left if child is parent.right else parent.right
            if not _is_constant(other):
                return True
        if isinstance(parent, ast.keyword):
            return _is_option(parent, in_list)
        if isinstance(parent, ast.Call):
            name = _name(parent.func)
            return bool(_LAYING_OUT.match(name)) or _is_unit(parent, name)
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            targets = getattr(parent, "targets", None) or [parent.target]  # type: ignore[union-attr]
            return all(_is_measure(target) for target in targets)
        if isinstance(parent, ast.FunctionDef | ast.arguments):
            return True
        if isinstance(parent, ast.List | ast.Dict | ast.Set | ast.ListComp):
            in_list = True
        if isinstance(parent, ast.stmt):
            return False
        child = parent
    return False


def _is_option(argument: ast.keyword, in_list: bool) -> bool:
    name = argument.arg or ""
    if in_list:
        return name.endswith("_kw") or bool(_MEASURE.match(name) or name in _LISTED)
    return not _DATA.match(name) or (
        name == "s" and isinstance(argument.value, ast.Constant)
    )


_LISTED = frozenset(("levels", "rc", "props", "extent", "rect", "bbox", "colWidths"))


def _is_unit(call: ast.Call, name: str) -> bool:
    """Whether a call draws a line of reference: ``plot([0, 1], [0, 1])``."""
    numbers = [
        each.value
        for argument in call.args
        for each in ast.walk(argument)
        if isinstance(each, ast.Constant) and isinstance(each.value, int | float)
    ]
    return name == "plot" and set(numbers) <= {0, 1}


def _is_measure(target: ast.AST) -> bool:
    if isinstance(target, ast.Tuple):
        return all(_is_measure(each) for each in target.elts)
    if isinstance(target, ast.Subscript):
        return _name(target.value).endswith(("rcParams", "options"))
    return bool(_MEASURE.match(_name(target)))


def _is_constant(node: ast.AST) -> bool:
    names = ast.Name | ast.Call | ast.Attribute | ast.Subscript
    return not any(isinstance(each, names) for each in ast.walk(node))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
