"""The description of :mod:`analysis.vigibase` in pandas, as one would write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from analysis.vigibase.codes import Codes

# What a description needs, codes as small numbers: kinder to pandas than text.
_QUERIES = {
    "demo": "SELECT UMCReportId, TRY_CAST(AgeGroup AS TINYINT) AS AgeGroup, "
    "TRY_CAST(Gender AS TINYINT) AS Gender FROM demo",
    "drug": "SELECT UMCReportId, Drug_Id, DrecNo::INTEGER AS DrecNo FROM drug",
    "adr": "SELECT UMCReportId, Adr_Id, MedDRA_Id::INTEGER AS MedDRA_Id, "
    "TRY_CAST(Outcome AS TINYINT) AS Outcome FROM adr",
    "link": "SELECT Drug_Id, Adr_Id, "
    "TRY_CAST(Dechallenge1 AS TINYINT) AS Dechallenge1, "
    "TimeToOnsetMin::FLOAT AS low, TimeToOnsetMax::FLOAT AS high FROM link",
    "excluded": "SELECT UMCReportId FROM excluded",
}
_WORST = {1: 0, 2: 1, 4: 2, 3: 3, 5: 4, 8: 5, 7: 6}


def load(converted: Path) -> dict[str, pd.DataFrame]:
    """Load the columns that a description needs."""
    with duckdb.connect(str(converted), read_only=True) as connection:
        return {name: connection.execute(q).df() for name, q in _QUERIES.items()}


def describe(tables: dict[str, pd.DataFrame], codes: Codes) -> dict[str, Any]:
    """Count flow, terms, sex, age, action, outcome, times and disproportionality."""
    excluded = tables["excluded"]["UMCReportId"]
    demo, drug, adr = (
        tables[name][~tables[name]["UMCReportId"].isin(excluded)]
        for name in ("demo", "drug", "adr")
    )
    drugs = drug[drug["DrecNo"].isin(codes.drug.codes)]
    reactions = adr[adr["MedDRA_Id"].isin(codes.reaction.codes)]
    cases = set(drugs["UMCReportId"]) & set(reactions["UMCReportId"])
    patients = demo[demo["UMCReportId"].isin(cases)]
    reactions_of_cases = reactions[reactions["UMCReportId"].isin(cases)]
    pairs = tables["link"].merge(drugs[["Drug_Id"]], on="Drug_Id")
    pairs = pairs.merge(reactions[["Adr_Id", "UMCReportId"]], on="Adr_Id")
    days = (pairs["low"] + pairs["high"]) / 2
    precise = days[(days >= 0) & (days - pairs["low"] <= 1)]
    latency = precise.groupby(pairs["UMCReportId"]).max()
    duration = days[days >= 0].groupby(pairs["UMCReportId"]).max()
    worst = reactions_of_cases["Outcome"].map(_WORST)
    with_drug = demo["UMCReportId"].isin(drugs["UMCReportId"])
    with_reaction = demo["UMCReportId"].isin(reactions["UMCReportId"])
    strata = demo.groupby(["AgeGroup", "Gender", with_drug, with_reaction]).size()
    return {
        "reports": len(demo),
        "reaction": reactions["UMCReportId"].nunique(),
        "cases": len(cases),
        "terms": reactions_of_cases.groupby("MedDRA_Id")["UMCReportId"].nunique(),
        "sex": patients["Gender"].value_counts(),
        "age": patients["AgeGroup"].value_counts(),
        "withdrawn": pairs.loc[pairs["Dechallenge1"] == 1, "UMCReportId"].nunique(),
        "outcome": worst.groupby(reactions_of_cases["UMCReportId"])
        .max()
        .value_counts(),
        "latency": latency.quantile([0.25, 0.5, 0.75]),
        "duration": duration.quantile([0.25, 0.5, 0.75]),
        "disproportionality": pd.crosstab(with_drug, with_reaction),
        "strata": strata,
    }
