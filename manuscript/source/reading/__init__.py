"""Prose as its readers read it, each character with its place in the source."""
