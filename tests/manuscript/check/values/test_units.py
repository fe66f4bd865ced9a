import pytest

from tests.manuscript.check.conftest import Found

V = {
    "OR": '`{python} v("risk.all.or")`',
    "CI": '`{python} v.ci("risk.all")`',
    "P": '`{python} v("risk.all.p")`',
    "INC": '`{python} v("incidence.all")`',
    "I2": '`{python} v("risk.placebo.i2")`',
    "AGE": '`{python} v("cases.age.median")`',
    "IQR": '`{python} v.iqr("cases.age")`',
    "RANGE": '`{python} v.range("cases.age")`',
    "MAX": '`{python} v("cases.age.max")`',
    "N": '`{python} v("trials.all")`',
    "DEATH": '`{python} v("cases.death.median")`',
}


def written(text: str) -> str:
    for name, code in V.items():
        text = text.replace(f"<{name}>", code)
    return text


@pytest.mark.parametrize(
    "text",
    [
        "OR <OR> (95% CI <CI>, *P* <P>)",
        "odds ratio of <OR> [<CI>]",
        "incidence <INC>% and <INC> percent",
        "I² = <I2>%, <N> trials",
        "a median age of <AGE> years (IQR <IQR>; range <RANGE>)",
        "a median of <AGE> [IQR <IQR>] years",
        "ages ranged from <RANGE> years",
        "a median of <DEATH> months",
    ],
)
def test_units_and_names_in_place_pass(found: Found, text: str) -> None:
    assert found("units", written(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "incidence <INC> in all",
        "OR <OR>%",
        "<N>% of trials",
        "<N> years",
        "a median age of <AGE> months",
        "a median age of <AGE> and more",
        "a median of <DEATH> years",
        "*P* = <P>",
        "the value <P>",
        "*P* <OR>",
        "RR <OR>",
        "hazard ratio <OR>",
        "the count <OR>",
        "OR (95% CI <IQR>) years",
        "IQR <RANGE> years",
        "IQR <CI>",
        "I² = <INC>%",
        "a median of <MAX> years",
        "a mean of <AGE> years",
    ],
)
def test_a_wrong_unit_or_name_is_found(found: Found, text: str) -> None:
    assert found("units", written(text))
