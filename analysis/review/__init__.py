"""What a systematic review reports of itself: flow, bias, certainty, checklists.

Tables of records are read from the folder that a study keeps them in; which
trials, outcomes and groups they speak of, the study says. What is graded, by
``certainty``, stands on scipy and is imported by its own name.
"""

from analysis.review.bias import (
    LEVEL_NAMES,
    Domain,
    Judgement,
    read_domains,
    read_judgements,
)
from analysis.review.checklist import Item, UnansweredItemError, answered, read_items
from analysis.review.flow import NOT_PUBLIC, Box, Flow, FlowError, Stage, read_stages
from analysis.review.records import Folder, text, whole, words

__all__ = [
    "LEVEL_NAMES",
    "NOT_PUBLIC",
    "Box",
    "Domain",
    "Flow",
    "FlowError",
    "Folder",
    "Item",
    "Judgement",
    "Stage",
    "UnansweredItemError",
    "answered",
    "read_domains",
    "read_items",
    "read_judgements",
    "read_stages",
    "text",
    "whole",
    "words",
]
