"""Papers of others: a project to begin with, and a newer press brought into one."""
