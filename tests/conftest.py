"""One commit gives one answer: properties are tried on the same examples each time.

``pytest --hypothesis-profile=default`` tries others, ``--hypothesis-profile=many`` as
many of them as ``make fuzz`` does.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("many", deadline=None, max_examples=2000)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--first-case",
        action="store_true",
        help="of a test that is tried on many cases, its first alone",
    )


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Let files that take long begin first: no core waits for one at the end."""
    if config.getoption("--first-case"):
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        items[:] = reversed(first.values())
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)
