"""Searches: roots of monotone functions, and highest maxima with their proof."""
