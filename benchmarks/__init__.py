"""What is timed, and against what; never a test."""
