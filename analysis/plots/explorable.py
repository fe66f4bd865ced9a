"""A forest plot that a reader may explore: its counts and words, as data of a figure.

The page's own script (``partials/explore.html``) pools them again without the trials
that a reader leaves out. Its methods are those of closed form in :mod:`analysis.meta`,
under the same names, and give the same numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from analysis import meta
from analysis.plots.paper.scales import Scale

# In the order in which they are offered.
METHODS = ("peto", "mh", "mh-half", "mh-tacc", "iv", "iv-tacc", "iv-all", "dl")


@dataclass(frozen=True)
class Explorable:
    """Trials of two arms, and what a page says of them.

    Attributes
    ----------
    names, groups : sequence of k str
        Of the trials, and of the group that each stands in.
    counts : sequence of k (int, int, int, int)
        Events and patients of the treated arm, then of the control arm.
    arms : (str, str)
    event : str
        What is counted.
    scale : Scale
        Of the odds ratio.
    notice : str
        What no reader may miss, such as that counts are reconstructed.
    """

    names: Sequence[str]
    groups: Sequence[str]
    counts: Sequence[tuple[int, int, int, int]]
    arms: tuple[str, str]
    event: str
    scale: Scale
    notice: str = ""

    def data(self) -> dict[str, str]:
        """Return what the figure carries, by name: JSON under ``explore``.

        Examples
        --------
        >>> from analysis.plots import ratio_scale
        >>> counts = [(1, 10, 2, 11)]
        >>> plot = Explorable(["A"], ["G"], counts, ("x", "y"), "z", ratio_scale([2]))
        >>> '"trials": [["A", "G", 1, 10, 2, 11]]' in plot.data()["explore"]
        True
        """
        labels = {method.name: method.label for method in meta.TWO_ARMS}
        rows = zip(self.names, self.groups, self.counts, strict=True)
        told = {
            "trials": [[name, group, *counts] for name, group, counts in rows],
            "arms": list(self.arms),
            "event": self.event,
            "methods": {name: labels[name] for name in METHODS},
            "axis": [self.scale.low, self.scale.high],
            "ticks": list(self.scale.ticks),
            "notice": self.notice,
        }
        return {"explore": json.dumps(told, ensure_ascii=False)}
