"""The study, run once: every result from which the manuscript reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from analysis import meta
from analysis.letter import data, names
from analysis.meta.results import Pooled
from analysis.meta.subgroups import SubgroupTest

if TYPE_CHECKING:
    from analysis.vigibase.results import Description

ALL = "all"


@dataclass(frozen=True)
class Study:
    """The data of the letter and, computed on demand, its meta-analyses.

    Attributes
    ----------
    trials : analysis.letter.data.Trials
    cases : analysis.letter.data.Cases
    """

    trials: data.Trials
    cases: data.Cases

    @cached_property
    def risk(self) -> dict[str, Pooled]:
        """Peto odds ratios by control class, and over all trials (``all``)."""
        return {
            name: meta.peto(*trials.counts) for name, trials in self._pools().items()
        }

    @cached_property
    def incidence(self) -> dict[str, Pooled]:
        """Pooled incidence under lenalidomide, by control class and overall."""
        return {
            name: meta.logit_inverse_variance(trials.events_treated, trials.n_treated)
            for name, trials in self._pools().items()
        }

    @cached_property
    def risk_subgroups(self) -> SubgroupTest:
        """Test for a difference of the odds ratio between control classes."""
        return meta.subgroup_test([self.risk[name] for name in self.trials.classes])

    @cached_property
    def incidence_subgroups(self) -> SubgroupTest:
        """Test for a difference of the incidence between control classes."""
        return meta.subgroup_test(
            [self.incidence[name] for name in self.trials.classes]
        )

    @cached_property
    def risk_by_method(self) -> dict[str, Pooled]:
        """Answers over all trials of every method for two arms, by its name."""
        return {m.name: m.pool(*self.trials.counts) for m in meta.TWO_ARMS}

    @cached_property
    def incidence_by_method(self) -> dict[str, Pooled]:
        """Incidence under lenalidomide over all trials by every method, by its name."""
        counts = self.trials.events_treated, self.trials.n_treated
        return {m.name: m.pool(*counts) for m in meta.ONE_ARM}

    @cached_property
    def leave_one_out(self) -> Pooled:
        """Peto odds ratio without each trial in turn; one answer a trial."""
        return meta.leave_one_out(meta.peto, *self.trials.counts)

    @cached_property
    def reports(self) -> Description:
        """Reports in VigiBase; DuckDB is loaded only for these."""
        from analysis.letter import extract as source

        return source.description()

    def _pools(self) -> dict[str, data.Trials]:
        by_class = {name: self.trials.of_class(name) for name in self.trials.classes}
        return {**by_class, ALL: self.trials}


@lru_cache(maxsize=1)
def study() -> Study:
    """Read the shipped data and set up the study.

    Raises
    ------
    analysis.letter.data.DataError
        With every fault of the tables.
    """
    read = Study(data.trials(), data.cases())
    names.refuse_unprintable(read.trials.file, read.trials.line, read.trials.trial)
    return read
