"""The words that checks know, from the tool, the field and the project."""

from manuscript.check.vocabulary.words import Words, lowered

__all__ = ["Words", "lowered"]
