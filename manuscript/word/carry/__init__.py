"""How the edits of a copy reach the sources, and what is refused."""

from manuscript.word.carry.merge import merge
from manuscript.word.carry.update import existing, update

__all__ = ["existing", "merge", "update"]
