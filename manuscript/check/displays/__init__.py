"""Figures and tables, and what describes them."""
