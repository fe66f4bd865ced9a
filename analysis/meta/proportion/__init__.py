"""Single arms: limits of proportions, and their pools."""
