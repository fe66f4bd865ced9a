"""Every analysis over the tables of trials that agree with the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis import meta
from analysis.letter import Letter
from analysis.letter.data import described
from analysis.reconstruction.consequences import BAND, CHANGES
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
    Span,
    Table,
    Value,
    bare,
    heading,
    join,
    table,
    text,
)

# Those of the published letter, of which the ensemble is made.
CLASSES = ("placebo", "chemotherapy", "observation")
SCOPES = {"all": "sensitivity", "placebo": "sensitivity.placebo"}
_COLUMNS = (
    Column("Quantity", 33),
    Column("As analyzed", 10, "right"),
    Column("Median", 9, "right"),
    Column(f"Middle {text.decimal(100 * BAND, 0)}%", 14, "right"),
    Column("Minimum–maximum", 14, "right"),
    Column("P, minimum–maximum", 15, "right"),
    Column("P < 0.05, % of sets", 11, "right"),
)
_Row = tuple[Cell, ...]


def ensemble(v: Letter) -> Table:
    """Set out what is proved, what every analysis says, and what else varies.

    Parameters
    ----------
    v : Letter
    """
    rows = [
        *_proved(v),
        *_comparison("placebo", v),
        *_comparison("all", v),
        *_differences(v),
        *_incidences(v),
        *_sizes(v),
    ]
    return table(_COLUMNS, rows, notes=[_membership(v), *_shared(v)])


def _membership(v: Letter) -> Cell:
    """Say whether the table as analyzed is one of those that were sought."""
    all_of_them, met = v("ensemble.aggregates"), v("ensemble.aggregates.met")
    if met.number == all_of_them.number:
        return join(
            "The set analyzed agrees with all ",
            all_of_them,
            " published aggregates, as do those sampled.",
        )
    return join(
        "The set analyzed agrees with ",
        met,
        " of the ",
        all_of_them,
        " published aggregates. It is none of those sought, and its answers stand "
        "here for comparison.",
    )


def _proved(v: Letter) -> Iterator[_Row]:
    title = "Cases under lenalidomide / in control arms / trials with any case (proved)"
    yield heading(title, _COLUMNS)
    for name in (*CLASSES, "all"):
        keys = ("events.treated", "events.control", "trials.informative")
        pinned = [v(f"ensemble.pinned.{name}.{key}") for key in keys]
        same = join(pinned[0], " / ", pinned[1], " / ", pinned[2])
        nothing = [NOT_KNOWN] * 2
        yield (_control(name), _counted(name, v), *nothing, same, *nothing)


def _control(name: str) -> str:
    return "Any control" if name == "all" else described().label(name)


def _counted(name: str, v: Letter) -> Cell:
    counts = [v(f"pool.{name}.events_{arm}") for arm in ("lenalidomide", "control")]
    if counts[0].origin.is_empty:
        return NOT_KNOWN
    return join(counts[0], " / ", counts[1], " / ", v(f"risk.{name}.k"))


def _comparison(scope: str, v: Letter) -> Iterator[_Row]:
    shipped = SCOPES[scope]
    yield heading(f"{_control(scope)}: odds ratio unless marked", _COLUMNS)
    same = {name for names in _alike(v).values() for name in names}
    for method in meta.TWO_ARMS:
        name = _name(method)
        label, analyzed = method.label, f"{shipped}.{name}.or"
        if name in ("rd", "rd_iv"):
            label, analyzed = f"{label}, per 1000", f"{shipped}.{name}.more"
        if name != "asd" and name not in same:
            yield _row(label, v(analyzed), f"ensemble.{scope}.{name}", v)
    least = v(f"{shipped}.without.or.min")
    label = "Peto, least when any one trial is left out"
    yield _row(label, least, f"ensemble.{scope}.without_one", v)
    yield _fragility(scope, v)


def _alike(v: Letter) -> dict[str, list[str]]:
    """Name the methods that answer in every table what one before them does."""
    first: dict[tuple[float, ...], str] = {}
    alike: dict[str, list[str]] = {}
    for name in map(_name, meta.TWO_ARMS):
        if name != "asd":
            ends = ("min", "ci_low", "median", "ci_high", "max", "p.min", "p.max")
            answers = [
                v(f"ensemble.{scope}.{name}.{end}").number
                for scope in SCOPES
                for end in ends
            ]
            one = first.setdefault(tuple(answers), name)
            if one != name:
                alike.setdefault(one, []).append(name)
    return alike


def _shared(v: Letter) -> Iterator[Cell]:
    labels = {_name(method): method.label for method in meta.TWO_ARMS}
    for one, others in _alike(v).items():
        rest = "; ".join(labels[name] for name in others)
        yield f"The row of “{labels[one]}” is also that of: {rest}."


def _name(method: meta.Method) -> str:
    return method.name.replace("-", "_")


def _fragility(scope: str, v: Letter) -> _Row:
    key = f"ensemble.{scope}.fragility"
    analyzed: Cell = v(f"{SCOPES[scope]}.fragility")
    if isinstance(analyzed, Value) and analyzed.printed:
        analyzed = join("More than ", v(f"{SCOPES[scope]}.fragility.searched"))
    band, whole = (
        _extent(Span(_searched(span.low), _searched(span.high)))
        for span in (v.ci(key), v.range(key))
    )
    label = "Peto, outcomes to change until it turns"
    median = _searched(v(f"{key}.median"))
    return (label, analyzed, median, band, whole, NOT_KNOWN, NOT_KNOWN)


def _searched(changes: Value) -> Value:
    """Say of a number past the last one searched that it is more than that."""
    if changes.number <= CHANGES:
        return changes
    return replace(changes, printed=f"more than {CHANGES}")


def _differences(v: Letter) -> Iterator[_Row]:
    yield heading("Difference between classes of control (P as analyzed)", _COLUMNS)
    for what, label in (("risk", "Odds ratios"), ("incidence", "Incidences")):
        key = f"ensemble.subgroups.{what}"
        analyzed = bare(v(f"{what}.subgroups.p"))
        yield (label, analyzed, *[NOT_KNOWN] * 3, *_tested(key, v))


def _incidences(v: Letter) -> Iterator[_Row]:
    yield heading("Incidence under lenalidomide, %, by method", _COLUMNS)
    for method in meta.ONE_ARM:
        name = _name(method)
        analyzed = v("incidence.all" if name == "plogit" else f"incidence.{name}")
        yield _row(method.label, analyzed, f"ensemble.incidence.{name}", v)


def _sizes(v: Letter) -> Iterator[_Row]:
    for arm, title in (
        ("lenalidomide", "Patients on lenalidomide, by class of control"),
        ("control", "Patients in control arms, by class of control"),
    ):
        yield heading(title, _COLUMNS)
        for name in CLASSES:
            key = f"n_{arm}"
            analyzed = _if_known(f"pool.{name}.{key}", v)
            yield _row(_control(name), analyzed, f"ensemble.{name}.{key}", v)
    yield heading("Risk of the control patients per 1000", _COLUMNS)
    analyzed = _if_known("grade.placebo.baseline", v)
    yield _row(_control("placebo"), analyzed, "ensemble.placebo.baseline", v)


def _if_known(key: str, v: Letter) -> Cell:
    value = v(key)
    return NOT_KNOWN if value.origin.is_empty else value


def _row(label: str, analyzed: Cell, key: str, v: Letter) -> _Row:
    return (
        label,
        analyzed,
        v(f"{key}.median"),
        _extent(v.ci(key)),
        _extent(v.range(key)),
        *_tested(key, v),
    )


def _tested(key: str, v: Letter) -> tuple[Cell, Cell]:
    try:
        p = v.range(f"{key}.p")
    except LookupError:
        return NOT_KNOWN, NOT_KNOWN
    return _extent(Span(bare(p.low), bare(p.high))), v(f"{key}.significant")


def _extent(span: Span) -> Cell:
    """Write an interval whose ends print alike as one number."""
    return span.low if span.low.text == span.high.text else span
