"""Which trial tables agree with published aggregates, and what holds in all."""
