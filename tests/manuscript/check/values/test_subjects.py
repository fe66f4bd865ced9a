from tests.manuscript.check.conftest import Found

PLACEBO = '(OR `{python} v("risk.placebo.or")`, 95% CI `{python} v.ci("risk.placebo")`)'


def test_a_value_in_a_sentence_on_its_subject_passes(found: Found) -> None:
    assert found("subjects", f"Against placebo it rose {PLACEBO}.") == []


def test_a_value_of_another_subject_is_found(found: Found) -> None:
    findings = found("subjects", f"Against any control it rose {PLACEBO}.")
    assert ["risk.placebo." in finding.what for finding in findings] == [True, True]


def test_a_statistic_of_another_estimate_is_found(found: Found) -> None:
    text = f"All rose against placebo {PLACEBO}.".replace(
        'v.ci("risk.placebo")', 'v.ci("risk.all")'
    )
    assert "stands beside `risk.placebo`" in found("subjects", text)[0].what


def test_the_nearer_subject_counts(found: Found) -> None:
    text = (
        'There were `{python} v.words("trials.placebo")` trials against placebo, '
        '`{python} v.words("trials.KIND")` against chemotherapy and '
        '`{python} v.words("trials.observation")` against observation.'
    )
    assert found("subjects", text.replace("KIND", "chemotherapy")) == []
    assert found("subjects", text.replace("KIND", "observation"))


def test_a_value_printed_twice_in_a_sentence_is_found(found: Found) -> None:
    count = '`{python} v("trials.all")` trials'
    assert found("subjects", f"Of {count}, {count}.")
    assert found("subjects", f"Of {count}. Of {count}.") == []


def test_a_claim_on_another_subject_is_found(found: Found) -> None:
    text = (
        'Against placebo it `{python} claim("rose", v("risk.all.or") > 1)`.',
        f'It `{{python}} claim("rose", v("risk.all.or") > 1)` for placebo {PLACEBO}.',
    )
    assert all(found("subjects", one) for one in text)
