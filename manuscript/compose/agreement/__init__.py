"""The words of HTML, PDF and Word, read back from the files and held together."""

from manuscript.compose.agreement.check import check

__all__ = ["check"]
