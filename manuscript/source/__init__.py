"""What authors wrote, with its places: settings, documents, labels, expressions."""

from manuscript.source import foreign, journal, language, metadata, settings, shortcodes
from manuscript.source.conditions import Comparison
from manuscript.source.cutting import front_matter_ends
from manuscript.source.documents import Project, find_root
from manuscript.source.expressions import (
    Claim,
    Expression,
    ExpressionError,
    Item,
    parse,
)
from manuscript.source.fragments import Cell, Document, Inline, Prose
from manuscript.source.journal import MEASURES, Journal
from manuscript.source.labels import FLOAT, Names, without_comments
from manuscript.source.language import word
from manuscript.source.metadata import for_templates
from manuscript.source.places import LETTER
from manuscript.source.reading.bibliography import Works, read_works
from manuscript.source.reading.blocks import Fence, parts
from manuscript.source.reading.pandoc import PandocError, executable
from manuscript.source.reading.pandoc import run as run_pandoc
from manuscript.source.reading.passages import Float, Passage, Reading, sentences
from manuscript.source.reading.plain import GAP, Mark, Place, Plain, Printed, plain
from manuscript.source.reading.printed import read
from manuscript.source.settings import (
    ANYTHING,
    NUMBER,
    OFF,
    TEXT,
    WORDS,
    YES_NO,
    Allowed,
    Settings,
    as_list,
    is_file,
    one_of,
)
from manuscript.source.shortcodes import Shortcode, find, printed
from manuscript.source.study import Study, answers

__all__ = [
    "ANYTHING",
    "FLOAT",
    "GAP",
    "LETTER",
    "MEASURES",
    "NUMBER",
    "OFF",
    "TEXT",
    "WORDS",
    "YES_NO",
    "Allowed",
    "Cell",
    "Claim",
    "Comparison",
    "Document",
    "Expression",
    "ExpressionError",
    "Fence",
    "Float",
    "Inline",
    "Item",
    "Journal",
    "Mark",
    "Names",
    "PandocError",
    "Passage",
    "Place",
    "Plain",
    "Printed",
    "Project",
    "Prose",
    "Reading",
    "Settings",
    "Shortcode",
    "Study",
    "Works",
    "answers",
    "as_list",
    "executable",
    "find",
    "find_root",
    "for_templates",
    "foreign",
    "front_matter_ends",
    "is_file",
    "journal",
    "language",
    "metadata",
    "one_of",
    "parse",
    "parts",
    "plain",
    "printed",
    "read",
    "read_works",
    "run_pandoc",
    "sentences",
    "settings",
    "shortcodes",
    "without_comments",
    "word",
]
