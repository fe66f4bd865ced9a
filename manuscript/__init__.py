"""The press: turns the manuscript's sources into HTML, PDF and Word, or refuses."""

import time

# In nanoseconds: code and data that changed later may have been read before.
STARTED = time.time_ns()
