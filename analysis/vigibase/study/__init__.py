"""What a study asks of an extract: reports, drugs and reactions, in its own words."""

from analysis.vigibase.study.dictionaries import Dictionaries
from analysis.vigibase.study.restriction import Restriction

__all__ = ["Dictionaries", "Restriction"]
