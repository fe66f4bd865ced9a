"""One commit gives one answer: properties are tried on the same examples each time.

``pytest --hypothesis-profile=default`` tries others.
"""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
