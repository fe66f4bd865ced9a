"""``python -m analysis pool``: what it prints, and what it says of bad files."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from analysis import meta
from analysis.__main__ import main

ROOT = Path(__file__).parents[3]
TWO_ARMS = """\
trial,phase,events_treated,n_treated,events_control,n_control
A,early,6,231,2,229
B,early,3,306,0,302
C,late,0,177,0,176
D,late,1,152,0,154
"""
COUNTS = ([6, 3, 0, 1], [231, 306, 177, 152], [2, 0, 0, 0], [229, 302, 176, 154])
ONE_ARM = "events,n,notes\n0,40,\n3,95,late\n1,250,\n"

FIELDS = {
    *("method", "k", "k_all", "estimate", "ci_low", "ci_high", "se", "p"),
    *("q", "df", "q_p", "i2", "i2_low", "i2_high", "trials", "certificate"),
}


@pytest.fixture
def pool(tmp_path, capsys):
    def run(content, *options):
        path = tmp_path / "trials.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["pool", str(path), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err.replace(f"{tmp_path}/", "")

    return run


def as_json(pool, content, *options):
    status, out, err = pool(content, *options, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_json_of_peto(pool):
    found = as_json(pool, TWO_ARMS, "--method", "peto")
    pooled = meta.peto(*COUNTS)
    assert found.keys() >= FIELDS
    assert found["method"] == "peto"
    assert (found["k"], found["k_all"], found["df"]) == (3, 4, 2)
    numbers = [found[key] for key in ("estimate", "ci_low", "ci_high")]
    np.testing.assert_array_equal(numbers, pooled.natural())
    assert (found["se"], found["p"]) == (pooled.se, pooled.p)
    h = pooled.heterogeneity
    assert (found["q"], found["q_p"], found["i2_high"]) == (h.q, h.p, h.i2_high)


def test_json_of_trials(pool):
    trials = as_json(pool, TWO_ARMS, "--method", "peto")["trials"]
    own = meta.peto(*COUNTS).trials
    assert [trial["trial"] for trial in trials] == list("ABCD")
    assert trials[0]["estimate"] == np.exp(own.estimate[0])
    assert trials[0]["se"] == own.se[0]
    assert (trials[2]["estimate"], trials[2]["se"], trials[2]["weight"]) == (
        None,
        None,
        0,
    )


def test_json_of_leave_one_out(pool):
    asked = as_json(pool, TWO_ARMS, "--method", "peto", "--leave-one-out")
    left_out = asked["leave_one_out"]
    found = meta.leave_one_out(meta.peto, *COUNTS).natural().estimate
    assert [row["trial"] for row in left_out] == list("ABCD")
    assert [row["estimate"] for row in left_out] == list(found)


def test_json_by_group(pool):
    found = as_json(pool, TWO_ARMS, "--method", "peto", "--by", "phase")
    assert [group["group"] for group in found["subgroups"]] == ["early", "late"]
    late = meta.peto(*(count[2:] for count in COUNTS))
    assert found["subgroups"][1]["estimate"] == late.natural().estimate
    early = meta.peto(*(count[:2] for count in COUNTS))
    assert found["subgroup_test"]["p"] == meta.subgroup_test([early, late]).p


def test_json_of_proportions_observed(pool):
    found = as_json(pool, ONE_ARM, "--method", "plogit")
    assert found["p"] is None
    assert [trial["trial"] for trial in found["trials"]] == ["1", "2", "3"]
    first = found["trials"][0]
    assert (first["estimate"], first["ci_low"]) == (0, 0)
    assert first["ci_high"] == meta.clopper_pearson(0, 40)[1]


def test_json_of_one_trial(pool):
    found = as_json(pool, "events,n\n2,40\n", "--method", "plogit")
    assert (found["q"], found["df"], found["q_p"], found["i2"]) == (0, 0, None, None)
    assert found["heterogeneity_reason"] == "heterogeneity needs two informative trials"


def test_json_tells_infinite_from_unknown(pool):
    content = TWO_ARMS.replace("A,early,6,231,2", "A,early,6,231,0")
    found = as_json(pool, content, "--method", "exact")
    ends = (found["estimate"], found["ci_high"], found["se"])
    assert ends == ("Infinity", "Infinity", None)
    assert found["scale_estimate"] == "Infinity"
    assert found["ci_low"] > 1
    assert "the same arm" in found["reason"]


@pytest.mark.parametrize(
    "method", [method.name for method in (*meta.TWO_ARMS, *meta.MORE_TWO_ARMS)]
)
@pytest.mark.parametrize("options", [(), ("--by", "phase")])
def test_every_method_of_two_arms_prints(pool, method, options):
    assert as_json(pool, TWO_ARMS, "--method", method, *options)["k_all"] == 4
    status, out, _ = pool(TWO_ARMS, "--method", method, *options)
    assert status == 0
    assert "6/231" in out


@pytest.mark.parametrize(
    "method", [method.name for method in (*meta.ONE_ARM, *meta.MORE_ONE_ARM)]
)
def test_every_method_of_one_arm_prints(pool, method):
    assert as_json(pool, ONE_ARM, "--method", method)["k_all"] == 3
    status, out, _ = pool(ONE_ARM, "--method", method)
    assert status == 0
    assert "3/95" in out


def test_table(pool):
    _, out, _ = pool(TWO_ARMS, "--method", "peto", "--by", "phase")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "C 0/177 0/176 not estimable 0.0" in lines
    assert "all 10/866 2/861 3.82 [1.22–11.92]" in lines
    assert "3 of 4 trials are informative." in lines
    assert "Test of no effect: z = 2.31, P = 0.021" in lines
    assert "late 1 of 2 7.49 [0.15–377.35] 0.314 0.00 — —" in lines


def test_level(pool):
    found = as_json(pool, TWO_ARMS, "--method", "peto", "--level", "0.9")
    assert found["ci_low"] == meta.peto(*COUNTS, level=0.9).natural().ci_low
    status, _, err = pool(TWO_ARMS, "--method", "peto", "--level", "95")
    assert status == 2
    assert "level: got 95.0, expected a number between 0 and 1" in err


def test_columns_left_unread_are_told(pool):
    _, out, err = pool(ONE_ARM, "--method", "plogit")
    assert "1 column was not read: 'notes'" in out + err
    _, out, err = pool(TWO_ARMS, "--method", "peto")
    assert "not read: " in out + err
    assert "'trial'" not in (out + err).partition("not read: ")[2]


def test_every_fault_of_a_file_in_one_error(pool):
    content = "trial,events,n\nA,3,2\nB,-1,5\nC,x,\nD,1\n"
    status, out, err = pool(content, "--method", "plogit")
    assert (status, out) == (2, "")
    for fault in (
        "trials.csv:2:events: got '3', expected no more events than patients (n)",
        "trials.csv:3:events: got '-1', expected a whole number from 0 up",
        "trials.csv:4:events: got 'x', expected a whole number from 0 up",
        "trials.csv:4:n: got nothing, expected a whole number from 1 up",
        "trials.csv:5: got 2 cells, expected 3 cells",
    ):
        assert fault in err


@pytest.mark.parametrize(
    ("content", "options", "fault"),
    [
        (ONE_ARM, ("--method", "peto"), "1:events_treated: got no such column"),
        (TWO_ARMS, ("--method", "plogit"), "1:n: got no such column"),
        (ONE_ARM, ("--method", "plogit", "--by", "x"), "1:x: got no such column"),
        ("", ("--method", "crude"), "got an empty file"),
        ("sep=;", ("--method", "crude"), "got an empty file"),
        (" \N{LINE SEPARATOR}", ("--method", "crude"), "got an empty file"),
        ("events,n\n", ("--method", "crude"), "got no row"),
        (b"events,n\n1,\xff\n", ("--method", "crude"), "got byte 0xFF"),
    ],
)
def test_files_that_cannot_be_pooled(pool, content, options, fault):
    status, out, err = pool(content, *options)
    assert (status, out) == (2, "")
    assert fault in err


def test_a_file_that_is_not_there(tmp_path, capsys):
    path = tmp_path / "none.csv"
    assert main(["pool", str(path), "--method", "peto"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_help_names_every_method(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["pool", "--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for method in (
        *(*meta.TWO_ARMS, *meta.MORE_TWO_ARMS),
        *(*meta.ONE_ARM, *meta.MORE_ONE_ARM),
    ):
        assert f"  {method.name} " in printed
        assert method.label in printed


def test_commands_are_asked_for(capsys):
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


MANY = "study,ai,n1i,ci,n2i\nA,6,231,2,229\nB,3,306,0,302\nC,1,152,1,154\n"


@pytest.mark.parametrize(
    "content",
    [
        TWO_ARMS.replace(",", ";"),
        TWO_ARMS.replace(",", "\t"),
        "sep=;\n" + TWO_ARMS.replace(",", ";"),
        TWO_ARMS.encode("utf-16"),
        TWO_ARMS.encode("utf-8-sig"),
        TWO_ARMS.replace("\n", "\r\n"),
        TWO_ARMS.replace("phase", "phase,,")
        .replace("early", "early,,")
        .replace("late", "late,,"),
        TWO_ARMS.replace("early", "ear\u00a0ly").replace("late", '"la\nte"'),
        TWO_ARMS.replace("231", "231.0"),
        TWO_ARMS.replace(
            "events_treated,n_treated,events_control,n_control",
            "event.e,n.e,event.c,n.c",
        ),
        TWO_ARMS.replace(
            "events_treated,n_treated,events_control,n_control", "ai,n1i,ci,n2i"
        ),
        TWO_ARMS.replace(
            "events_treated,n_treated,events_control,n_control",
            "Events 1,Total 1,Events 2,Total 2",
        ),
        TWO_ARMS + "Total,,10,866,2,861\n",
    ],
    ids=[
        *("semicolons", "tabs", "sep", "utf-16", "mark", "crlf", "unnamed"),
        *("spaces", "decimals", "meta", "metafor", "revman", "total"),
    ],
)
def test_files_as_people_have_them(pool, content):
    expected = as_json(pool, TWO_ARMS, "--method", "peto")
    found = as_json(pool, content, "--method", "peto")
    for name in ("k", "k_all", "estimate", "ci_low", "ci_high", "q"):
        assert found[name] == expected[name]


def test_cells_that_hold_no_events_in_place_of_patients(pool):
    content = "ai,bi,ci,di\n6,225,2,227\n3,303,0,302\n0,177,0,176\n1,151,0,154\n"
    found = as_json(pool, content, "--method", "peto")
    assert found["estimate"] == meta.peto(*COUNTS).natural().estimate


def test_a_total_row_is_left_out_and_told(pool):
    content = TWO_ARMS + "Sum,,10,866,2,861\n"
    assert "left out" in as_json(pool, content, "--method", "mh")["notes"][-1]
    kept = as_json(pool, content, "--method", "mh", "--keep-total")
    assert kept["k_all"] == 5


def test_columns_are_told(pool):
    content = TWO_ARMS.replace("events_treated", "dead").replace("n_treated", "given")
    told = "events_treated=dead,n_treated=given"
    assert as_json(pool, content, "--method", "peto", "--columns", told)["k"] == 3
    status, _, err = pool(content, "--method", "peto")
    assert status == 2
    assert "found: trial, phase, dead, given, events_control, n_control" in err
    assert pool(content, "--method", "peto", "--columns", "x=dead")[0] == 2


def test_names_do_not_repeat(pool):
    status, _, err = pool(TWO_ARMS.replace("B,", "A,"), "--method", "peto")
    assert status == 2
    assert "'A' twice, as trials 1 and 2" in err


def test_counts_of_ten_digits(pool):
    content = "events,n\n3,1234567890\n5,9876543210\n"
    assert as_json(pool, content, "--method", "crude")["k"] == 2


def test_every_method_at_once(pool):
    status, out, err = pool(TWO_ARMS, "--all")
    assert (status, err) == (0, "")
    for method in (*meta.TWO_ARMS, *meta.MORE_TWO_ARMS):
        assert method.label in out
    found = as_json(pool, ONE_ARM, "--all")
    assert len(found["methods"]) == len((*meta.ONE_ARM, *meta.MORE_ONE_ARM))


def test_small_numbers_have_three_digits(pool):
    _, out, _ = pool("events,n\n1,250000\n3,950000\n", "--method", "crude")
    assert "0.000333 [0.0000908–0.000853]" in " ".join(out.split())


def test_no_event_at_all_has_a_risk_difference_with_width(pool):
    content = TWO_ARMS.replace(",6,", ",0,").replace(",3,", ",0,")
    content = content.replace(",1,", ",0,").replace(",2,", ",0,")
    found = as_json(pool, content, "--method", "rd")
    assert found["ci_low"] < 0 < found["ci_high"]


def test_an_odds_ratio_of_nothing_is_0_and_of_everything_infinite(pool):
    low = "trial,ai,n1i,ci,n2i\nA,0,20,5,20\nB,0,30,3,30\n"
    high = "trial,ai,n1i,ci,n2i\nA,5,20,0,20\nB,3,30,0,30\n"
    assert "all 0/50 8/50 0 [0–" in " ".join(pool(low, "--method", "exact")[1].split())
    out = " ".join(pool(high, "--method", "exact")[1].split())
    assert "all 8/50 0/50 ∞ [" in out


def test_tau2_prints_where_it_is_estimated_only(pool):
    assert "tau²" not in pool(TWO_ARMS, "--method", "mh-half")[1]
    assert "tau²" in pool(TWO_ARMS, "--method", "reml")[1]


def test_what_is_left_to_request(pool):
    out = pool(MANY, "--method", "reml", "--cumulative", "--leave-one-out")[1]
    assert "without" in out
    assert "up to" in out
    dosed = MANY.replace("n2i\n", "n2i,dose\n").replace("9\n", "9,5\n")
    dosed = dosed.replace("302\n", "302,10\n").replace("154\n", "154,2\n")
    assert (
        "Regression on dose" in pool(dosed, "--method", "reml", "--regress", "dose")[1]
    )
    status, _, err = pool(dosed, "--method", "exact", "--regress", "dose")
    assert status == 2
    assert "no effects of single trials" in err


def test_intervals_and_predictions_are_chosen(pool):
    found = as_json(
        pool,
        MANY,
        "--method",
        "reml",
        "--interval",
        "knapp-hartung",
        "--prediction",
        "k-1",
    )
    assert found["test_df"] == 2
    status, _, err = pool(MANY, "--method", "peto", "--interval", "t")
    assert status == 2
    assert "--interval: peto has no such choice" in err


def test_a_reader_that_stops_is_no_error(tmp_path):
    path = tmp_path / "trials.csv"
    path.write_text(TWO_ARMS + "".join(f"T{i},x,1,500,2,400\n" for i in range(3000)))
    command = f"{sys.executable} -m analysis pool {path} --method peto --json | head -1"
    run = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, cwd=ROOT
    )
    assert (run.stdout, run.stderr) == ("{\n", "")
