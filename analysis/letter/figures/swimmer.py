"""How long each patient took lenalidomide, and when leukemia and death came."""

from __future__ import annotations

from analysis.letter.data import Cases
from analysis.plots import Lanes
from analysis.plots import swimmer as drawn
from manuscript.values import Picture, text


def swimmer(cases: Cases) -> Picture:
    """Draw a lane for every case, by time to onset.

    A bar is the time on lenalidomide, a diamond the onset of leukemia, a cross
    death. A living patient's lane ends at onset: no later follow-up is known.

    Parameters
    ----------
    cases : analysis.letter.data.Cases
    """
    lanes = Lanes(
        names=cases.case,
        notes=[text.decimal(float(age), 1) for age in cases.age_years],
        treated=cases.exposure_years,
        onset=cases.latency_years,
        death=cases.latency_years + cases.time_to_death_months / 12,
        headings=("Case", "Age (years)"),
        axis="Years since the first dose of lenalidomide",
        key=("Lenalidomide", "Onset of ALL", "Death"),
    )
    order = [int(i) for i in lanes.order]
    alt = "Swimmer plot: " + "; ".join(_lane(cases, i) for i in order) + "."
    return Picture(drawn(lanes), alt)


def _lane(cases: Cases, i: int) -> str:
    years = (cases.age_years[i], cases.exposure_years[i], cases.latency_years[i])
    age, exposure, onset = (text.decimal(float(number), 1) for number in years)
    end = "alive"
    if cases.outcome[i] == "dead":
        months = text.decimal(float(cases.time_to_death_months[i]), 1)
        end = f"died {months} months later"
    return (
        f"case {cases.case[i]}, aged {age}: {exposure} years on lenalidomide, "
        f"onset after {onset} years, {end}"
    )
