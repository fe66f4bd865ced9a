"""Citations, and the records that they name."""
