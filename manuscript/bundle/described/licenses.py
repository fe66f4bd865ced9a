"""Licences as the project states them in ``manuscript.yml``, none assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CC = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([0-9]\.[0-9])")
_TERMS = {"BY": "Attribution", "NC": "NonCommercial"}
_TERMS |= {"SA": "ShareAlike", "ND": "NoDerivatives"}
NONE = "No license is stated"


@dataclass(frozen=True)
class License:
    """A licence by its SPDX identifier; empty where none is stated.

    Examples
    --------
    >>> License("CC-BY-NC-4.0").address
    'https://creativecommons.org/licenses/by-nc/4.0/'
    >>> License("CC-BY-4.0").title
    'Creative Commons Attribution 4.0 International'
    >>> License("MIT").address
    'https://spdx.org/licenses/MIT'
    >>> License("").title
    'No license is stated'
    """

    spdx: str

    def __bool__(self) -> bool:
        return bool(self.spdx)

    @property
    def address(self) -> str:
        """Where its text stands; ``#no-license`` in the crate where there is none."""
        if not self.spdx:
            return "#no-license"
        if self.spdx == "CC0-1.0":
            return "https://creativecommons.org/publicdomain/zero/1.0/"
        if found := _CC.fullmatch(self.spdx):
            return (
                f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
            )
        return f"https://spdx.org/licenses/{self.spdx}"

    @property
    def title(self) -> str:
        """Its name in full where it is one of Creative Commons."""
        if found := _CC.fullmatch(self.spdx):
            terms = "-".join(_TERMS[part] for part in found[1].split("-"))
            place = " International" if found[2] == "4.0" else ""
            return f"Creative Commons {terms} {found[2]}{place}"
        return self.spdx or NONE

    @property
    def is_open(self) -> bool:
        """Whether JATS calls it open access."""
        return self.spdx.startswith(("CC-", "CC0-"))


@dataclass(frozen=True)
class Licenses:
    """That of text, figures and data, and that of the program."""

    text: License
    program: License
