"""Cells and inline code are run, once for all formats, and kept for the next time."""
