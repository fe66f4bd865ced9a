"""Cells and inline code are run, once for all formats, and kept for the next time."""

from manuscript.execute.cells import Execution, Options, execute
from manuscript.execute.files import (
    digest,
    file_digest,
    tree_digest,
)
from manuscript.execute.incremental import Incremental
from manuscript.execute.inline import Answering
from manuscript.execute.kept import Kept, packed, shaped
from manuscript.execute.known import answers
from manuscript.execute.outputs import Output, stopgap
from manuscript.execute.state import ChangedError, State

__all__ = [
    "Answering",
    "ChangedError",
    "Execution",
    "Incremental",
    "Kept",
    "Options",
    "Output",
    "State",
    "answers",
    "digest",
    "execute",
    "file_digest",
    "packed",
    "shaped",
    "stopgap",
    "tree_digest",
]
