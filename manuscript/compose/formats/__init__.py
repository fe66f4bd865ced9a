"""The three formats: each module writes one, from the same article."""
