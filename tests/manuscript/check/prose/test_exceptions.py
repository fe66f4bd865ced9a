import pytest

from tests.manuscript.check.conftest import Found


def test_an_exception_needs_a_reason_and_a_need(found: Found) -> None:
    assert found("exceptions", '[18]{.typed reason="age of consent"} years.') == []
    for text, what in (
        ("[18]{.typed} years.", "no reason"),
        ('[18]{.typed reason=""} years.', "no reason"),
        ('[18]{.typed reason="because"} years.', "no reason"),
        ('[words]{.typed reason="no need at all"} here.', "needs no exception"),
    ):
        (finding,) = found("exceptions", text)
        assert what in finding.what


WRONG = "5 of 200 patients (9%)"


def test_a_rule_is_excused_where_it_stands(found: Found) -> None:
    excused = f'[{WRONG}]{{.typed rule="consistency/percent" reason="as it was sent"}}.'
    (finding,) = found("consistency", f"In {WRONG}.")
    assert finding.name == "consistency/percent"
    assert "consistency/percent" in str(finding)
    assert found("consistency", f"In {excused}") == []
    assert found("consistency", f"In {excused} In {WRONG}.")


@pytest.mark.parametrize(
    "text",
    [
        f'In [{WRONG}]{{.typed reason="as it was sent"}}.',
        f'In [{WRONG}]{{.typed rule="consistency/interval" reason="as it was sent"}}.',
        f'In [{WRONG}]{{.typed rule="consistency/percent"}}.',
    ],
)
def test_other_exceptions_do_not_excuse_it(found: Found, text: str) -> None:
    assert found("consistency", text)


def test_an_exception_to_a_rule_that_does_not_fire_is_found(found: Found) -> None:
    text = 'In [12 men]{.typed rule="consistency/percent" reason="it is so"}.'
    assert found(("numbers", "exceptions"), text) == []
    (finding,) = found(("numbers", "consistency", "exceptions"), text)
    assert "needs no exception to consistency/percent" in finding.what
