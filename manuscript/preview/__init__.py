"""The page beside the editor: rendered on save, served on this machine only."""
