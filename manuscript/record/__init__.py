"""What documents say, as a ledger; how it differs from that of another revision."""

from manuscript.record import diff, ledger, revisions, valid
from manuscript.record.git import git, resolve, unpack
from manuscript.record.ledger import NAME

__all__ = [
    "NAME",
    "diff",
    "git",
    "ledger",
    "resolve",
    "revisions",
    "unpack",
    "valid",
]
