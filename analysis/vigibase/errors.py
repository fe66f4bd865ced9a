"""What can be wrong with an extract, a list of codes, or a result."""

from __future__ import annotations


class ExtractError(ValueError):
    """An extract that cannot be read as it is; says what to do about it."""


class CodesError(ValueError):
    """A file of codes that cannot be used; says where and what was expected."""


class PrivacyError(RuntimeError):
    """Something that could identify a report was about to leave."""
