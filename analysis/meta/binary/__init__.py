"""Trials of two arms: odds ratios, risk ratios and differences."""
