"""What code rests on the sources is known by the names that it uses."""

from __future__ import annotations

import pytest

from manuscript.execute.names import Names

SETUP = """from analysis.letter import tables
from manuscript.check.panel import panel
from manuscript.prose import claim, item, v
from manuscript.values.markdown import table
import manuscript.source.places as places
"""


@pytest.mark.parametrize(
    ("code", "names_press"),
    [
        ("tables.counts(v)", False),
        ("table(v)", False),
        ("panel()", True),
        ("tables.checklists(places.place)", True),
        ("item('tbl-one')", True),
        ("__import__('manuscript.check.panel')", True),
        ("from manuscript.check import panel as p\np()", True),
        ("globals()['pan' + 'el']()", True),
        ("%matplotlib inline", True),
        ("if v:\n    from manuscript.source.places import place", True),
    ],
)
def test_code_that_names_the_press_beyond_values_is_told(
    code: str, names_press: bool
) -> None:
    names = Names()
    assert not names.take(SETUP)
    assert names.plain
    assert names.take(code) == names_press


@pytest.mark.parametrize(
    ("code", "passes_on"),
    [
        ("panel()", False),
        ("tables.checklists(places.place)", False),
        ("p = panel", True),
        ("[p := panel()]", True),
        ("found.append(panel())", True),
        ("def f():\n    return panel()", True),
        ("for p in panel(): pass", True),
        ("from manuscript.check.panel import *", True),
    ],
)
def test_what_may_have_left_it_behind_is_told(code: str, passes_on: bool) -> None:
    names = Names()
    names.take(SETUP + "found = []")
    names.take(code)
    assert names.take("print(found)") == passes_on


@pytest.mark.parametrize(
    "code", ["v = 1", "from tides import *", "exec('v = 1')", "x = (", "(v := 1)"]
)
def test_where_names_may_be_bound_nothing_is_plain(code: str) -> None:
    names = Names()
    names.take(SETUP)
    names.take(code)
    assert not names.plain
