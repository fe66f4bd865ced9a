"""Codes of VigiBase and what they mean here, in our own words.

These lists belong to the file format; none comes from MedDRA or WHODrug.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """Codes that are reported together.

    Attributes
    ----------
    key : str
        Last part of the key of its count.
    label : str
    codes : tuple of str
    """

    key: str
    label: str
    codes: tuple[str, ...]


def _categories(*rows: tuple[str, str, str]) -> tuple[Category, ...]:
    return tuple(Category(key, label, tuple(codes)) for codes, key, label in rows)


SEX = _categories(("1", "male", "Male"), ("2", "female", "Female"))
AGE_GROUP = _categories(
    ("01234", "age_under_18", "Under 18 years"),
    ("5", "age_18_44", "18–44 years"),
    ("6", "age_45_64", "45–64 years"),
    ("7", "age_65_74", "65–74 years"),
    ("8", "age_75_over", "75 years and over"),
)
REGION = _categories(
    ("1", "africa", "Africa"),
    ("2", "americas", "Americas"),
    ("3", "south_east_asia", "South-East Asia"),
    ("4", "europe", "Europe"),
    ("5", "eastern_mediterranean", "Eastern Mediterranean"),
    ("6", "western_pacific", "Western Pacific"),
)
REPORT_TYPE = _categories(
    ("1", "spontaneous", "Spontaneous"),
    ("2", "from_study", "From a study"),
    ("5", "special_monitoring", "Special monitoring"),
    ("3", "other_type", "Other"),
)
REPORTER = _categories(
    ("1", "physician", "Physician"),
    ("2", "pharmacist", "Pharmacist"),
    ("3", "other_professional", "Other health professional"),
    ("4", "lawyer", "Lawyer"),
    ("5", "consumer", "Consumer"),
)
SERIOUS = _categories(("Y", "serious", "Serious"), ("N", "not_serious", "Not serious"))
ROLE = _categories(
    ("1", "suspect", "Suspect"),
    ("3", "interacting", "Interacting"),
    ("2", "concomitant", "Concomitant"),
)
ACTION = _categories(
    ("1", "withdrawn", "Withdrawn"),
    ("2", "reduced", "Dose reduced"),
    ("4", "unchanged", "Dose not changed"),
    ("3", "increased", "Dose increased"),
)
DECHALLENGE = _categories(
    ("1", "abated", "Abated"),
    ("3", "no_effect", "No effect"),
    ("2", "fatal_dechallenge", "Fatal"),
)
RECHALLENGE = _categories(
    ("1", "recurred", "Recurred"), ("2", "not_recurred", "Did not recur")
)
# From best to worst, as vigicaen ranks them; code 6 is unknown.
OUTCOME = _categories(
    ("1", "resolved", "Recovered"),
    ("2", "resolving", "Recovering"),
    ("4", "sequelae", "Recovered with sequelae"),
    ("3", "unresolved", "Not recovered"),
    ("5", "died", "Fatal"),
    ("8", "died_unrelated", "Died, unrelated to the reaction"),
    ("7", "died_contributory", "Died, the reaction may have contributed"),
)
OUTCOME_GROUP = _categories(
    ("3", "not_recovered", "Not recovered"),
    ("124", "recovered", "Recovered or recovering"),
    ("578", "fatal", "Died"),
)
CRITERION = _categories(
    ("1", "criterion_death", "Death"),
    ("2", "criterion_life", "Life-threatening"),
    ("3", "criterion_hospital", "Hospitalization, or a longer one"),
    ("4", "criterion_disabling", "Disability"),
    ("5", "criterion_congenital", "Congenital anomaly"),
    ("6", "criterion_other", "Other serious condition"),
)
YEAR = tuple(
    Category(f"year_{year}", str(year), (str(year),)) for year in range(1960, 2100)
)
# What a report may say, by key: how complete the reports are.
COMPLETENESS = _categories(
    ("", "known_age", "Age group"),
    ("", "known_sex", "Sex"),
    ("", "known_type", "Type of report"),
    ("", "known_reporter", "Reporter"),
    ("", "known_indication", "Indication"),
    ("", "known_dose", "Dose of the drug"),
    ("", "known_onset", "Time to onset, at any precision"),
    ("", "known_action", "Action taken with the drug"),
    ("", "known_outcome", "Outcome of the reaction"),
)

# Titles of the description, by key.
TITLES = {
    "term": "Reaction",
    "sex": "Sex",
    "age": "Age group",
    "indication": "Indication",
    "role": "Role of the drug",
    "co_reported": "Drugs also reported",
    "action": "Action taken with the drug",
    "dechallenge": "Reaction after withdrawal or a lower dose",
    "rechallenge": "Reaction after new exposure",
    "outcome": "Outcome",
    "seriousness": "Seriousness",
    "region": "Region",
    "report_type": "Type of report",
    "reporter": "Reporter",
    "duration": "Treatment before onset",
    "latency": "First exposure to onset",
    "criterion": "Criterion of seriousness",
    "year": "Year of the first version",
    "completeness": "What the reports say",
}
FLOW = {
    "reports": "Reports in the extract",
    "duplicates": "Suspected duplicates",
    "replaced": "Replaced by a later version",
    "counted": "Reports analyzed",
    "within": "Reports that the study looks at",
    "outside": "Outside the study's restriction",
    "other_reactions": "Other reactions",
    "all_drugs": "All drugs",
    "other_drugs": "Other drugs",
}
OTHER_INDICATION = Category("other_indication", "Other", ())

# What a code list holds when the extract comes without it.
KNOWN_CODES: dict[str, str] = {
    "AgeGroup": "0123456789",
    "Gender": "0129",
    "Region": "123456",
    "ReportType": "12345",
    "Notifier": "12345",
    "RepBasis": "123",
    "Dechallenge": "123456",
    "Dechallenge2": "12345",
    "Outcome": "12345678",
    "Serious": "NY",
}

# Every category that may be printed, whatever the study.
CATEGORIES = (
    *(*SEX, *AGE_GROUP, *REGION, *REPORT_TYPE, *REPORTER, *SERIOUS, *ROLE),
    *(*ACTION, *DECHALLENGE, *RECHALLENGE, *OUTCOME, *OUTCOME_GROUP),
    *(*CRITERION, *YEAR, *COMPLETENESS, OTHER_INDICATION),
)

# Strata of the disproportionality, besides the categories above.
ALL_REPORTS = "All reports"
ADJUSTED = "Adjusted for age and sex"
UNKNOWN = {"age": "Age unknown", "sex": "sex unknown"}

# Level of a covariate that is not known.
UNKNOWN_COVARIATE = "unknown"

ROLE_LETTERS = {"s": "1", "c": "2", "i": "3"}


def reserved_keys() -> frozenset[str]:
    """Return the keys that a study cannot use for its own groups."""
    keys = frozenset(category.key for category in CATEGORIES)
    return keys | TITLES.keys() | FLOW.keys()
