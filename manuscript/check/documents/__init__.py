"""What whole documents must hold: notice, statements, the limits of a journal."""
