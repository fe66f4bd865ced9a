import pytest

from tests.manuscript.check.conftest import Found


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("3.82", "something else"),
        ("round(3.82, 1)", "something else"),
        ('v("risk.all.or").number', "something else"),
        ('v("risk.all.or") > 1', "something else"),
        ('__import__("os").system("true")', "something else"),
        ('v("risk" + ".all.or")', "something else"),
        ("v(", "not Python"),
        ('v("risk.nowhere.or")', "no value has the key"),
        ('item("supptbl-nothing")', "no document has a float"),
        ('claim("rose", True)', "compares no value"),
        ('claim("rose", 1 < 2)', "compares no value"),
        ('claim("rose", v("risk.all.or"))', "compares no value"),
        ('claim("rose", 1 < v("risk.all.or") < 9)', "chains"),
        ('claim("rose", v("risk.all.or") > 1 and v("risk.all.p") < 1)', "forget"),
        ('claim("rose", v("risk.all.or") == 1)', "by a sign"),
        ('claim("rose", v("risk.all.or") > float("1"))', "neither a value nor"),
        ('claim("rose", 1 - v("risk.all.or") > 1)', "subtracts"),
        ("claim(words, v('risk.all.or') > 1)", "is no claim"),
    ],
)
def test_other_code_than_prose_may_use_is_refused(
    found: Found, code: str, what: str
) -> None:
    (finding,) = found("expressions", f"It was `{{python}} {code}`.")
    assert what in finding.what


def test_names_of_inline_code_keep_their_meaning(found: Found) -> None:
    body = "```{python}\nfrom manuscript.prose import v\n\nclaim = print\n```\n"
    (finding,) = found("expressions", body)
    assert "`claim` another meaning" in finding.what
