"""Papers of others: a project to begin with, and a newer press brought into one."""

from manuscript.new.kits import KITS
from manuscript.new.project import begin
from manuscript.new.update import update

__all__ = [
    "KITS",
    "begin",
    "update",
]
