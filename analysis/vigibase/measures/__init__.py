"""Measures of reporting beyond four-fold tables, and models of time to onset."""
