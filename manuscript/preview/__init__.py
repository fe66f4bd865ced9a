"""The page beside the editor: rendered on save, served on this machine only."""

from manuscript.preview.renders import Renders
from manuscript.preview.server import Server

__all__ = [
    "Renders",
    "Server",
]
