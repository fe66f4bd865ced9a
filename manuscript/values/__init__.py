"""What a study hands to prose: values, and the one place that prints numbers."""

from manuscript.values import text
from manuscript.values.answers import Answers, Sections, UnknownKeyError
from manuscript.values.markdown import (
    NOT_KNOWN,
    Cell,
    Column,
    Markup,
    Table,
    bare,
    bold,
    cite,
    escape,
    estimate,
    filled,
    heading,
    join,
    known,
    link,
    table,
)
from manuscript.values.picture import Picture, picture_of
from manuscript.values.raster import UndrawableError, rasterized
from manuscript.values.shown import on_one_line, safely
from manuscript.values.templates import Lookup, fill
from manuscript.values.temporary import temporary_folder
from manuscript.values.text import in_words
from manuscript.values.value import NO_ROW, Condition, Origin, Span, Unit, Value

__all__ = [
    "NOT_KNOWN",
    "NO_ROW",
    "Answers",
    "Cell",
    "Column",
    "Condition",
    "Lookup",
    "Markup",
    "Origin",
    "Picture",
    "Sections",
    "Span",
    "Table",
    "UndrawableError",
    "Unit",
    "UnknownKeyError",
    "Value",
    "bare",
    "bold",
    "cite",
    "escape",
    "estimate",
    "fill",
    "filled",
    "heading",
    "in_words",
    "join",
    "known",
    "link",
    "on_one_line",
    "picture_of",
    "rasterized",
    "safely",
    "table",
    "temporary_folder",
    "text",
]
