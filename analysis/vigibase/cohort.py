"""The reports with a reaction and a drug, and the way to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from analysis.vigibase.codes import Codes, role_codes
from analysis.vigibase.extract import Extract
from analysis.vigibase.lists import FLOW
from analysis.vigibase.results import Count, Flow, FlowStep
from analysis.vigibase.study.restriction import Restriction

# Reports that every analysis leaves out, in any table that names the report.
COUNTED = "UMCReportId NOT IN (SELECT UMCReportId FROM excluded)"


@dataclass(frozen=True)
class Population:
    """Reports that are looked at, of those that count.

    Attributes
    ----------
    counted : str
        Condition on any table that names the report.
    restricted : bool
        Whether some of those that count are not looked at.
    """

    counted: str = COUNTED
    restricted: bool = False


def population(
    extract: Extract,
    restriction: Restriction,
    among_drugs: Collection[int] = (),
    roles: str = "sci",
) -> Population:
    """Select reports by a restriction and, for a comparison of drugs, by drug.

    Parameters
    ----------
    extract : Extract
    restriction : Restriction
    among_drugs : collection of int, optional
        Codes (DrecNo) of which a report has to have one; none for any report.
    roles : str, optional
        Roles in which these count.
    """
    if not restriction and not among_drugs:
        return Population()
    name = f"{extract.next_name()}_population"
    bases = ", ".join(f"'{code}'" for code in role_codes(roles))
    having = (
        f" AND UMCReportId IN (SELECT UMCReportId FROM drug WHERE "
        f"{among('DrecNo', among_drugs)} AND Basis IN ({bases}))"
        if among_drugs
        else ""
    )
    extract.query(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT UMCReportId FROM demo "
        f"WHERE {COUNTED} AND {restriction.sql()}{having}"
    )
    return Population(f"UMCReportId IN (SELECT UMCReportId FROM {name})", True)


@dataclass(frozen=True)
class Cohort:
    """Reports with a reaction and a drug in a role, inside their extract.

    Attributes
    ----------
    extract : Extract
    drugs, reactions, reports, pairs : str
        Temporary tables: rows of DRUG with the drug and of ADR with the
        reaction, each of all counted reports; reports that have both; and the
        rows of LINK between the two, with the time to onset in days
        (``tto_mean``) and its uncertainty (``tto_range``).
    population : Population
    """

    extract: Extract
    drugs: str
    reactions: str
    reports: str
    pairs: str
    population: Population = field(default_factory=Population)

    @cached_property
    def size(self) -> int:
        """Number of reports."""
        return self.count(f"FROM {self.reports}")

    def count(self, query: str) -> int:
        """Count the reports that a query gives in ``UMCReportId``."""
        ((n,),) = self.extract.query(
            f"SELECT count(DISTINCT UMCReportId) FROM ({query})"
        )
        return int(n)


def cohort(
    extract: Extract,
    drug: Collection[int],
    reaction: Collection[int],
    roles: str = "sci",
    among_reports: Population | None = None,
) -> Cohort:
    """Select the reports with a reaction and a drug.

    Suspected duplicates and replaced versions are left out.

    Parameters
    ----------
    extract : Extract
    drug : collection of int
        Codes (DrecNo) of the drug.
    reaction : collection of int
        Codes (MedDRA_Id) of the reaction.
    roles : str, optional
        Roles in which the drug counts: suspect, concomitant, interacting.
    among_reports : Population, optional
        All that count unless said.

    Returns
    -------
    Cohort

    Raises
    ------
    ValueError
        Without a code of a drug or of a reaction, or with an unknown role.
    """
    if not drug or not reaction:
        raise ValueError("a cohort takes at least one code of a drug and of a reaction")
    name = extract.next_name()
    chosen_from = among_reports or Population()
    chosen = Cohort(
        extract=extract,
        drugs=f"{name}_drugs",
        reactions=f"{name}_reactions",
        reports=f"{name}_reports",
        pairs=f"{name}_pairs",
        population=chosen_from,
    )
    bases = ", ".join(f"'{code}'" for code in role_codes(roles))
    for table, query in (
        (
            chosen.drugs,
            "SELECT UMCReportId, Drug_Id, Basis FROM drug "
            f"WHERE {among('DrecNo', drug)} AND Basis IN ({bases}) "
            f"AND {chosen_from.counted}",
        ),
        (
            chosen.reactions,
            "SELECT UMCReportId, Adr_Id, MedDRA_Id, Outcome FROM adr "
            f"WHERE {among('MedDRA_Id', reaction)} AND {chosen_from.counted}",
        ),
        (
            chosen.reports,
            f"SELECT DISTINCT UMCReportId FROM {chosen.reactions} "
            f"SEMI JOIN {chosen.drugs} USING (UMCReportId)",
        ),
        (
            chosen.pairs,
            # (min + max) / 2 - min, as UMC and vigicaen define the uncertainty. An
            # interval whose end comes before its start is none.
            "SELECT a.UMCReportId, link.*, CASE WHEN TimeToOnsetMin <= TimeToOnsetMax "
            "THEN (TimeToOnsetMin + TimeToOnsetMax) / 2 END AS tto_mean, "
            "tto_mean - TimeToOnsetMin AS tto_range "
            f"FROM link JOIN {chosen.drugs} USING (Drug_Id) "
            f"JOIN {chosen.reactions} a USING (Adr_Id)",
        ),
    ):
        extract.query(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")
    return chosen


def flow(cohort: Cohort, codes: Codes) -> Flow:
    """Count the reports from the whole extract to the cohort.

    Returns
    -------
    Flow
        Steps ``reports`` (all), ``counted`` (without duplicates and replaced
        versions), ``within`` (those that the study looks at, if not all),
        ``all_drugs`` (with the reaction) and the key of the drug.
    """
    (
        (
            reports,
            duplicates,
            replaced,
            counted,
            within,
            other_reactions,
            reaction,
            other_drugs,
            cases,
        ),
    ) = cohort.extract.query(
        f"""
        SELECT count(*),
            count(*) FILTER (reason = 'duplicate'),
            count(*) FILTER (reason = 'replaced'),
            count(*) FILTER (reason IS NULL),
            count(*) FILTER (looked_at),
            count(*) FILTER (looked_at AND NOT reaction),
            count(*) FILTER (reaction),
            count(*) FILTER (reaction AND NOT is_case),
            count(*) FILTER (is_case)
        FROM (SELECT reason,
            reason IS NULL AND {cohort.population.counted} AS looked_at,
            UMCReportId IN (SELECT UMCReportId FROM {cohort.reactions}) AS reaction,
            UMCReportId IN (FROM {cohort.reports}) AS is_case
            FROM demo LEFT JOIN excluded USING (UMCReportId))
        """
    )
    within_step: tuple[FlowStep, ...] = (
        FlowStep(
            "within",
            FLOW["within"],
            within,
            (Count("outside", FLOW["outside"], counted - within),),
        ),
    )
    if not cohort.population.restricted:
        within_step = ()
    return Flow(
        (
            FlowStep("reports", FLOW["reports"], reports),
            FlowStep(
                "counted",
                FLOW["counted"],
                counted,
                (
                    Count("duplicates", FLOW["duplicates"], duplicates),
                    Count("replaced", FLOW["replaced"], replaced),
                ),
            ),
            *within_step,
            FlowStep(
                "all_drugs",
                codes.reaction.label,
                reaction,
                (Count("other_reactions", FLOW["other_reactions"], other_reactions),),
            ),
            FlowStep(
                codes.drug.key,
                codes.drug.label,
                cases,
                (Count("other_drugs", FLOW["other_drugs"], other_drugs),),
            ),
        )
    )


def among(column: str, codes: Collection[int]) -> str:
    """Write the condition that a column holds one of some codes."""
    return f"{column} IN ({', '.join(str(int(code)) for code in codes)})"
