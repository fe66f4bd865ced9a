"""Figures: each module draws one, from results and nothing else."""

from analysis.letter.figures.bias import risk_of_bias
from analysis.letter.figures.collected import legend, view
from analysis.letter.figures.ensemble import Analysis, ensemble, figure_s9
from analysis.letter.figures.flow import figure_s1
from analysis.letter.figures.forest import figure_1, figure_1_alt
from analysis.letter.figures.funnel import figure_s3
from analysis.letter.figures.placebo import figure_s2
from analysis.letter.figures.sensitivity import cumulative, figure_s4
from analysis.letter.figures.swimmer import swimmer
from analysis.letter.figures.vigibase import time_to_onset

__all__ = [
    "Analysis",
    "cumulative",
    "ensemble",
    "figure_1",
    "figure_1_alt",
    "figure_s1",
    "figure_s2",
    "figure_s3",
    "figure_s4",
    "figure_s9",
    "legend",
    "risk_of_bias",
    "swimmer",
    "time_to_onset",
    "view",
]
