"""Values by key: sections run when they are asked for, and keys do not clash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from manuscript.values import answers as module
from manuscript.values.answers import Answers, StudyError, UnknownKeyError
from manuscript.values.value import Origin, Value

ORIGIN = Origin("m.f", "data/a.csv", "all rows", "collected")


class Study:
    def __init__(self) -> None:
        self.ran: list[str] = []


def risk(study: Study) -> Iterator[Value]:
    study.ran.append("risk")
    for name, number in (("or", 2), ("ci_low", 1), ("ci_high", 4)):
        yield ORIGIN.ratio(f"risk.{name}", number)
    yield ORIGIN.count("risk.min", 1)
    yield ORIGIN.count("risk.max", 3)
    yield ORIGIN.count("risk.q1", 2)
    yield ORIGIN.count("risk.q3", 3)


def cases(study: Study) -> Iterator[Value]:
    study.ran.append("cases")
    yield ORIGIN.count("cases.all", 7)


def twice(study: Study) -> Iterator[Value]:
    yield ORIGIN.count("twice.all", 7)
    yield ORIGIN.count("twice.all", 8)


def double(v: Answers) -> Iterator[Value]:
    yield ORIGIN.count("double.cases", 2 * v("cases.all").number)


@pytest.fixture
def study() -> Study:
    return Study()


@pytest.fixture
def v(study: Study, monkeypatch: pytest.MonkeyPatch) -> Answers:
    functions: dict[str, Any] = {f.__name__: f for f in (risk, cases, twice, double)}
    monkeypatch.setattr(module, "_function", functions.__getitem__)
    return Answers(
        study,
        {"risk": ("risk",), "cases": ("cases",)},
        {"double": ("double",)},
    )


def test_a_section_runs_once_and_when_it_is_asked_for(v: Answers, study: Study) -> None:
    assert study.ran == []
    assert v("risk.or").text == v("risk.or").text == "2.00"
    assert study.ran == ["risk"]


def test_pairs_of_values_print_as_intervals(v: Answers) -> None:
    assert v.ci("risk").text == "1.00–4.00"
    assert v.range("risk").text == "1–3"
    assert v.iqr("risk").text == "2–3"
    assert v.words("cases.all", capital=True).text == "Seven"


def test_a_reflection_is_given_the_values(v: Answers) -> None:
    assert v("double.cases").number == 14


def test_all_holds_every_section(v: Answers) -> None:
    assert [*v.all()][-2:] == ["cases.all", "double.cases"]


def test_an_unknown_key_is_refused_with_the_nearest(v: Answers) -> None:
    with pytest.raises(UnknownKeyError, match=r"did you mean risk\.or"):
        v("risk.ro")
    with pytest.raises(UnknownKeyError, match=r"did you mean cases\?"):
        v("case.all")


def test_a_key_that_two_values_have_is_a_fault(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_function", lambda target: twice)
    with pytest.raises(ValueError, match=r"two values have the key 'twice\.all'"):
        Answers(study, {"twice": ("twice",)})("twice.all")


def test_a_section_that_names_no_function_says_so() -> None:
    v = Answers(None, {"one": ("json:nothing_here",)})
    with pytest.raises(StudyError, match=r"json has no function nothing_here"):
        v("one.a")
