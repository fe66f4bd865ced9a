"""Values in prose: their expressions, their units, what they are of."""
