"""What becomes of a pool when trials are left out, changed or explained."""
