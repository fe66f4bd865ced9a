"""Figures: each module draws one, from results and nothing else."""

from analysis.figures.forest import figure_1, figure_1_alt

__all__ = ["figure_1", "figure_1_alt"]
