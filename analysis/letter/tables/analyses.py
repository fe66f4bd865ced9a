"""Table S8: subgroup and sensitivity analyses."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import meta
from analysis.letter import Letter
from analysis.letter.data import Trials
from analysis.letter.study import ALL
from manuscript.values import (
    NOT_KNOWN,
    Cell,
    Column,
    Span,
    Table,
    Value,
    bare,
    estimate,
    heading,
    join,
    table,
)

_COLUMNS = (
    Column("Analysis", 40),
    Column("k", 8, "right"),
    Column("Estimate (95% CI)", 34),
    Column("P", 18),
)
_DIFFERENCES = ("rd", "rd_iv")
_Row = tuple[Cell, ...]


def sensitivity(trials: Trials, v: Letter) -> Table:
    """Set out every subgroup, method and set of trials.

    Parameters
    ----------
    trials : Trials
    v : Letter
    """
    return table(
        _COLUMNS,
        [
            *_by_control(trials, v),
            *_by_method("Odds ratio, any control, by method", "sensitivity", v),
            *_primary(trials, v),
            *_by_trials(trials, v),
            *_incidence(trials, v),
            *_fragility(trials, v),
        ],
    )


def control(trials: Trials, name: str) -> str:
    """Return how a class of trials is printed, or all of them."""
    return "Any control" if name == ALL else trials.described.label(name)


def _primary(trials: Trials, v: Letter) -> Iterator[_Row]:
    for one in trials.described.classes[:1]:
        title = f"Odds ratio, {one.within}, by method"
        yield from _by_method(title, f"sensitivity.{one.key}", v)


def _by_control(trials: Trials, v: Letter) -> Iterator[_Row]:
    groups = (*trials.classes, ALL)
    yield heading("Peto odds ratio, by class of control", _COLUMNS)
    for name in groups:
        prefix = f"risk.{name}"
        yield _ratio(control(trials, name), prefix, v)
    yield _difference("risk", v)
    yield _spread("risk", v)
    yield heading(f"{_under(trials)}, by class of control", _COLUMNS)
    for name in groups:
        prefix = f"incidence.{name}"
        pooled = estimate(v(prefix), v.ci(prefix))
        yield (control(trials, name), v(f"{prefix}.k_all"), pooled, NOT_KNOWN)
    yield _difference("incidence", v)
    yield _spread("incidence", v)


def _spread(what: str, v: Letter) -> _Row:
    key = f"{what}.all"
    interval = Span(v(f"{key}.i2_low"), v(f"{key}.i2_high"))
    return (
        "Heterogeneity of all trials: I², %; P of Q",
        v(f"{key}.{'k' if what == 'risk' else 'k_all'}"),
        estimate(v(f"{key}.i2"), interval),
        bare(v(f"{key}.q_p")),
    )


def _difference(what: str, v: Letter) -> _Row:
    return (
        "Difference between classes",
        "",
        join("Q = ", v(f"{what}.subgroups.q"), ", df = ", v(f"{what}.subgroups.df")),
        bare(v(f"{what}.subgroups.p")),
    )


def _by_method(title: str, prefix: str, v: Letter) -> Iterator[_Row]:
    """Give each answer once, with every method that gives it."""
    yield heading(title, _COLUMNS)
    labels: dict[tuple[float, ...], list[str]] = {}
    first: dict[tuple[float, ...], str] = {}
    for method in meta.TWO_ARMS:
        if method.name != "asd":
            key = f"{prefix}.{method.name.replace('-', '_')}"
            answer = tuple(value.number for value in _answer(key, method.name, v))
            labels.setdefault(answer, []).append(method.label)
            first.setdefault(answer, key)
    for answer, key in first.items():
        label = "; ".join(labels[answer])
        name = key.rpartition(".")[2]
        if name in _DIFFERENCES:
            more = estimate(v(f"{key}.more"), v.ci(f"{key}.more"))
            yield (f"{label}, per 1000", v(f"{key}.k"), more, bare(v(f"{key}.p")))
        else:
            yield _ratio(label, key, v)


def _answer(key: str, method: str, v: Letter) -> list[Value]:
    """Return the estimate, its limits and P, by which answers are told apart."""
    prefix = f"{key}.more" if method.replace("-", "_") in _DIFFERENCES else key
    low_high = [v(f"{prefix}.ci_low"), v(f"{prefix}.ci_high")]
    return [v(prefix if prefix != key else f"{key}.or"), *low_high, v(f"{key}.p")]


def _by_trials(trials: Trials, v: Letter) -> Iterator[_Row]:
    yield heading("Peto odds ratio, any control, without some trials", _COLUMNS)
    threshold = v("sensitivity.large.threshold")
    small = join("Without trials of fewer than ", threshold, " patients")
    yield _ratio(small, "sensitivity.large", v)
    for trial in trials.trial:
        if v(f"trial.{trial}.weight").number > 0:
            key = f"sensitivity.without.{trial}"
            yield _ratio(f"Without {trial}", key, v)
    yield (
        "Without any one trial that had no event",
        v("risk.all.k"),
        "As with all trials",
        NOT_KNOWN,
    )


def _under(trials: Trials) -> str:
    return f"Incidence under {trials.described.arms[0].within}, %"


def _incidence(trials: Trials, v: Letter) -> Iterator[_Row]:
    yield heading(f"{_under(trials)}, by method", _COLUMNS)
    for method in meta.ONE_ARM:
        name = method.name.replace("-", "_")
        key = "incidence.all" if name == "plogit" else f"incidence.{name}"
        yield _share(method.label, key, v)
        if name == "crude":
            yield _share("Logistic, common effect", "incidence.glmm_common", v)
    threshold = v("sensitivity.large.threshold")
    small = join("Logit, without trials of fewer than ", threshold, " patients")
    yield _share(small, "incidence.large", v)


def _fragility(trials: Trials, v: Letter) -> Iterator[_Row]:
    title = "Outcomes to change until the Peto odds ratio turns (P = 0.05)"
    yield heading(title, _COLUMNS)
    for name in (*trials.described.keys[:1], ALL):
        prefix = "sensitivity" if name == ALL else f"sensitivity.{name}"
        changes: Cell = v(f"{prefix}.fragility")
        if isinstance(changes, Value) and changes.printed:
            changes = join("More than ", v(f"{prefix}.fragility.searched"))
        yield (control(trials, name), v(f"risk.{name}.k"), changes, NOT_KNOWN)


def _ratio(label: Cell, prefix: str, v: Letter) -> _Row:
    odds_ratio = estimate(v(f"{prefix}.or"), v.ci(prefix))
    return (label, v(f"{prefix}.k"), odds_ratio, bare(v(f"{prefix}.p")))


def _share(label: Cell, key: str, v: Letter) -> _Row:
    return (label, v(f"{key}.k_all"), estimate(v(key), v.ci(key)), NOT_KNOWN)
