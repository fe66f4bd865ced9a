"""Sentences and figures that a co-author would write: no finding is wrong.

Written as a clinician would, after the rules had been tuned on other sentences. Each
is what an author may say without data, or prints values; the results below are what
must still be found.
"""

import pytest

from manuscript import check as checks
from tests.manuscript.check.conftest import Found
from tests.manuscript.papers import ABOVE

EVERY = tuple(checks.CHECKS)

SENTENCES = """\
Lenalidomide 10 mg was taken orally on days 1 to 21 of a 28-day cycle until progression.
In the phase 3 trials, patients were assigned 2:1 to lenalidomide or placebo.
Randomization took place between 12 May 2009 and October 2013, and the data lock was \
1 February 2016.
Adverse events were graded by version 4.03 of the Common Terminology Criteria; those \
of grade 3–4 were reported within 24 hours.
Adults (aged ≥ 18 years) with del(5q) and at most one earlier line of therapy could \
take part.
Statistical tests were two-sided, and *P* < 0.05 was taken as significant.
We pooled odds ratios by the method of Peto, with 95% confidence intervals, since \
cells without events need no correction of 0.5.
An I² of more than 50% would have been called substantial.
The pooled odds ratio against placebo was `{python} v("risk.placebo.or")` (95% CI \
`{python} v.ci("risk.placebo")`, *P* `{python} v("risk.placebo.p")`).
Of `{python} v("cases.detailed")` cases, `{python} v("cases.alive")` were alive at \
last contact (`{python} v("cases.alive.percent")`%).
Median age was `{python} v("cases.age.median")` years (interquartile range, `{python} \
v("cases.age.q1")` to `{python} v("cases.age.q3")` years).
Prophylaxis with low-dose aspirin (75–100 mg once daily) or enoxaparin 40 mg was \
advised for the first 4 months.
Whether longer exposure carries a greater risk cannot be told from these trials.
Patients over 75 years of age started at 5 mg, as did those with a creatinine \
clearance of 30 to 50 mL/min.
Treatment was withheld if neutrophils fell below 0.5 × 10⁹/L or platelets below \
25 × 10⁹/L.
The IFM 2005-02 and CALGB 100104 trials were unblinded early, in December 2009 and \
January 2010.
Marrow was aspirated at screening, after cycles 3 and 6, and at 12 months thereafter.
Acute lymphoblastic leukemia (ALL) was coded as C91.0 in the tenth revision of the \
classification.
In the United States, the label was changed in May 2012 (FDA safety communication of \
7 May 2012).
Both Dr. A. B. Jones and the sponsor's 24-hour service were reached at +1 555 0100.
Overall survival at 5 years was a secondary end point of all trials.
The 2022 edition of the WHO classification separates [ten]{.typed reason="a count of \
its chapters"} kinds of the disease.
Melphalan 200 mg/m² was followed by transplantation on day 0.
Induction was the "7 + 3" regimen, and patients in remission went on to two or three \
courses of consolidation.
Trials with a median follow-up of less than 6 months were left out.
Two authors (first and last) extracted the data, and a third settled what they \
disagreed on.
The sample size gave 90% power to detect a hazard ratio of 0.70.
Performance status was 0–2 by the scale of the Eastern Cooperative Oncology Group.
Serum was kept at −80 °C and spun at 1500 g for 10 min.
We cannot exclude that some cases were missed in the first half of the study period, \
before 2010.""".splitlines()

RESULTS = """\
Of 608 patients, 12 developed leukemia.
A patient on 25 mg died after 9 months.
The median latency was 31 months.
Leukemia occurred at 24 months in the first patient.
The odds ratio was above 3 when all trials were included.
The pooled risk was more than 2% if all trials were pooled.
Two patients died.
Median age at diagnosis was 62 years.
At 12 months, 5 patients had died.
The risk rose by 3% every year.
The ratio of men to women was 2.4.
*P* < 0.001 for the difference.
The hazard ratio was 0.70 with placebo.
Exposure lasted 30 months at 10 mg.
In cycle 3, 12 patients stopped.
Mortality at 5 years was 40%.
In MEDLINE 18 trials were found.
The rate exceeded 4% in the placebo group.
OS was 45 months and PFS 26.
Some 30% of patients were excluded.
We excluded 12 trials.
The patient, aged 71 years, took 15 mg for 14 months before onset.""".splitlines()

FIGURES = {
    "bars": """
fig, ax = plt.subplots(figsize=(5, 3), dpi=150)
ax.bar(names, counts, alpha=0.6, width=0.8, color="#1f77b4")
ax.set_ylim(0, 100)
ax.axhline(1, linestyle="--", linewidth=0.8)
ax.set_ylabel("Patients (%)", fontsize=9)
plt.show()
""",
    "two panels": """
width = 0.35
x = np.arange(len(names))
fig, axes = plt.subplots(1, 2, figsize=(7, 3), gridspec_kw={"width_ratios": [2, 1]})
axes[0].bar(x - width / 2, treated, width, label="Lenalidomide")
axes[1].scatter(n, 100 * share, s=20, c="k", zorder=3)
axes[1].text(0.95, 0.9, f"{v('a').number:.2f}", fontsize=7)
fig.subplots_adjust(left=0.1, wspace=0.3)
fig
""",
    "forest": """
fig, ax = plt.subplots(figsize=(4.5, 0.3 * len(names) + 1))
ax.errorbar(ratios, range(len(ratios)), xerr=errors, fmt="s", capsize=3, ms=4)
ax.axvline(1, color="0.5", lw=0.7)
ax.set_xscale("log"); ax.set_xlim(0.1, 100); ax.set_xticks([0.1, 1, 10, 100])
ax.set_xlabel("Odds ratio (95% CI)")
for i, name in enumerate(names, start=1):
    ax.annotate(name, (0.1, i + 0.2), fontsize=6, rotation=45)
ax.spines[["top", "right"]].set_visible(False)
""",
    "curve": """
plt.rcParams.update({"font.size": 8, "axes.linewidth": 0.5})
grid = np.linspace(0, 5, 200)
plt.fill_between(grid, low(grid), high(grid), alpha=0.2)
plt.plot(grid, f(grid), lw=1.2); plt.plot([0, 1], [0, 1], "k--", alpha=0.3)
plt.hist(study().ages, bins=12, edgecolor="white")
plt.legend(loc="upper right", bbox_to_anchor=(1.02, 1), ncol=2)
plt.tight_layout(pad=0.5)
""",
    "formats": """
ax.text(x, y, "{:.1f}".format(ratio)); ax.text(x, y, "%.2f" % ratio)
ax.yaxis.set_major_formatter("{x:.1f}"); ax.pie(counts, autopct="%1.1f%%")
ax.set_title(format(ratio, ".2f")); frame["share"].map("{:.1%}".format)
print("%.2f" % ratio)
""",
    "table": """
frame = pd.read_csv("data/trials.csv")
small = frame[frame["n_control"] > 50].head(10)
small = small.rename(columns={"n_control": "Patients, control"})
small.sort_values("trial", ascending=False).round(1)
""",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_co_authors_sentence_has_no_finding(found: Found, sentence: str) -> None:
    assert [f for f in found(EVERY, sentence) if f.line == ABOVE + 1] == []


@pytest.mark.parametrize("sentence", RESULTS)
def test_a_result_is_still_found(found: Found, sentence: str) -> None:
    assert [f for f in found(("numbers",), sentence) if f.line == ABOVE + 1]


def test_a_number_beside_a_format_is_found(found: Found) -> None:
    code = '```{python}\nax.set_title("{:.1f} of 20 patients".format(x))\n```'
    (finding,) = found(("numbers",), code)
    assert "typed number “20”" in finding.what


@pytest.mark.parametrize("name", FIGURES)
def test_what_lays_out_a_figure_is_no_finding(found: Found, name: str) -> None:
    assert found(("numbers",), f"```{{python}}{FIGURES[name]}```") == []


@pytest.mark.parametrize(
    "code",
    [
        'ax.bar(["a", "b"], [12, 5])',
        'ax.bar(["a", "b"], heights, alpha=0.5, label="12 of 608")',
        'pd.DataFrame({"Events": [12, 5]})',
        "ratio = 3.82",
        'ax.set_title("12 of 608 patients")',
        'ax.text(0.1, 0.2, "P = 0.02")',
        "ax.bar(x, height=12)",
        "ax.scatter(x=3, y=4)",
        'rates = {"placebo": 1.2}',
        'Markdown("The ratio was high")',
    ],
)
def test_a_result_typed_into_code_is_found(found: Found, code: str) -> None:
    assert found(("numbers",), f"```{{python}}\n{code}\n```")


def test_a_comment_excuses_its_line_of_code_with_a_reason(found: Found) -> None:
    both = ("numbers", "wording", "exceptions")
    code = "```{python}\ndose = 25  # typed: the dose of the label\nf(x)\n```"
    assert found(both, code) == []
    without = code.replace(": the dose of the label", ":")
    assert [f.name for f in found(both, without)] == ["exceptions/reason", "numbers"]
    needless = code.replace("dose = 25", "dose = f()")
    assert [f.name for f in found(both, needless)] == ["exceptions/need"]
    option = '```{python}\n#| fig-alt: "Some 18 trials."  # typed: as drawn here\n```'
    assert found(both, option) == []
