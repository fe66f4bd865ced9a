"""Whether what was read can be an extract: tables whole, columns read, rows once."""
