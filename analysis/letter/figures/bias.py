"""Risk of bias of each class of trials, by the domains of the checklist."""

from __future__ import annotations

from analysis.letter import data
from analysis.letter.evidence import bias
from analysis.letter.figures.page import page
from analysis.plots import Lights, traffic_lights
from analysis.review import LEVEL_NAMES
from manuscript.values import Picture


def risk_of_bias() -> Picture:
    """Draw the judgements of ``data/evidence`` for the classes of trials."""
    lights = Lights(
        {domain.domain: domain.name for domain in bias.domains()},
        {one.key: one.label for one in data.described().classes},
        {pair: found.judgement for pair, found in bias.judgements().items()},
        LEVEL_NAMES,
        overall="Overall (worst)",
    )
    return Picture(traffic_lights(lights, page()), lights_alt(lights))


def lights_alt(lights: Lights) -> str:
    """Say every judgement in words."""
    return " ".join(
        f"{label}: "
        + "; ".join(
            f"{name}: {lights.names[lights.of(group, domain)].lower()}"
            for domain, name in lights.domains.items()
        )
        + f"; overall: {lights.names[lights.worst(group)].lower()}."
        for group, label in lights.groups.items()
    )
