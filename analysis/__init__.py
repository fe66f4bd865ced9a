"""The science: every number, table and figure that the manuscript reports."""
