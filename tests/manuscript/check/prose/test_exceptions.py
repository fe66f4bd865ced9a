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
