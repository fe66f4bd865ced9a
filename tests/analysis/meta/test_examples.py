"""The examples of the documentation are what the functions answer."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

from analysis import meta

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(meta.__path__, "analysis.meta.")
]


def documented():
    for module in MODULES:
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", None) != module.__name__:
                continue
            if name.startswith("_") or not (
                inspect.isfunction(thing) or inspect.isclass(thing)
            ):
                continue
            yield pytest.param(module, thing, id=f"{module.__name__}.{name}")


@pytest.mark.parametrize(("module", "thing"), list(documented()))
def test_examples_run(module, thing):
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in finder.find(thing, globs=dict(vars(module))):
        assert runner.run(test).failed == 0, test.name


@pytest.mark.parametrize("name", meta.__all__)
def test_what_the_door_hands_out_is_documented(name):
    thing = getattr(meta, name)
    if not inspect.isfunction(thing):
        return
    for section in ("Parameters\n", "Returns\n"):
        assert section in inspect.getdoc(thing), section
    for parameter in inspect.signature(thing).parameters:
        assert parameter in inspect.getdoc(thing), parameter
