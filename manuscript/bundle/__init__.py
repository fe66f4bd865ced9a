"""One package for journals and reviewers: what is printed, and all it was made from.

A bundle is a pure function of a commit. Its sources are those of the commit, not
those of the working tree; everything else is made from them by a fresh process in
a folder that holds nothing but them, dated by the commit. ``manuscript.bundle.verify``
does the same from the bundle alone and compares.
"""

from manuscript.bundle import audit, build, contents, verify
from manuscript.bundle.archive import DamagedError
from manuscript.bundle.trusted import Trusted

__all__ = [
    "DamagedError",
    "Trusted",
    "audit",
    "build",
    "contents",
    "verify",
]
