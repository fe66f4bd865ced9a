"""Codes are looked up in dictionaries of the user; these are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.vigibase import CodesError
from analysis.vigibase.study import Dictionaries

# Two preferred terms, 10 and 20, of one class; 10 has three lowest level terms.
MEDDRA = {
    "llt.asc": (
        "10$Made-up pain$10$$$$$$$Y$$\n"
        "11$Made-up ache$10$$$$$$$Y$$\n"
        "12$Made-up sting$10$$$$$$$N$$\n"
        "20$Made-up rash$20$$$$$$$Y$$\n"
    ),
    "mdhier.asc": (
        "10$100$1000$10000$Made-up pain$Pains$All pains$Made-up disorders$M$$10000$Y$\n"
        "20$200$2000$10000$Made-up rash$Rashes$Skin$Made-up disorders$M$$10000$Y$\n"
    ),
    "smq_list.asc": (
        "900$Made-up query (SMQ)$1$d$s$n$1.0$A$N$\n"
        "901$Inner query (SMQ)$2$d$s$n$1.0$A$N$\n"
    ),
    "smq_content.asc": (
        "900$901$0$0$S$0$A$1.0$1.0$\n"
        "900$20$4$2$A$0$A$1.0$1.0$\n"
        "901$10$4$1$A$0$A$1.0$1.0$\n"
    ),
}
WHO = {
    "MP.csv": (
        '1,1,501,"01","001","1","1","Y","Madeupmab",,,,,,,,,,,,,\n'
        '2,2,501,"02","001","1","1","N","Brandoma",,,,,,,,,,,,,\n'
        '3,3,502,"01","001","1","1","Y","Madeupmab;Otherine",,,,,,,,,,,,,\n'
        '4,4,503,"01","001","1","1","Y","Madeupmabex",,,,,,,,,,,,,\n'
    ),
    "ThG.csv": '1,"L99XX",,"Y",1\n2,"L99XY",,"Y",4\n',
    "ING.csv": "1,,7,,,,1\n2,,7,,,,3\n",
    "SUN.csv": '7,,"EN","Madeupmab",,\n',
}


@pytest.fixture
def books(tmp_path: Path) -> Dictionaries:
    """Write the invented dictionaries."""
    for folder, files in (("meddra", MEDDRA), ("who", WHO)):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    return Dictionaries(tmp_path / "meddra", tmp_path / "who")


@pytest.mark.parametrize(
    ("level", "wanted", "codes"),
    [
        ("llt", ["made-up ACHE"], (11,)),
        ("pt", ["Made-up pain"], (10, 11, 12)),
        ("pt", ["20"], (20,)),
        ("hlt", ["Pains"], (10, 11, 12)),
        ("soc", ["Made-up disorders"], (10, 11, 12, 20)),
    ],
)
def test_terms_of_any_level(
    books: Dictionaries, level: str, wanted: list[str], codes: tuple[int, ...]
) -> None:
    assert books.terms(level, wanted, "here") == codes


def test_a_query_takes_those_within_it_along(books: Dictionaries) -> None:
    assert books.query(["Made-up query"], "narrow", "here") == (20,)
    assert books.query(["900"], "broad", "here") == (10, 11, 12, 20)


@pytest.mark.parametrize(
    ("by", "wanted", "codes"),
    [
        ("name", "madeupmab", (501, 502)),
        ("name", "Brandoma", (501,)),
        ("substance", "Madeupmab", (501, 502)),
        ("atc", "L99", (501, 503)),
        ("atc", "L99XX", (501,)),
    ],
)
def test_drugs(
    books: Dictionaries, by: str, wanted: str, codes: tuple[int, ...]
) -> None:
    assert books.drugs(by, [wanted], "here") == codes


def test_a_preferred_term_in_part_is_told(books: Dictionaries) -> None:
    assert books.missed([10, 11]) == ((10, "Made-up pain", 2, 3),)
    assert books.missed([10, 11, 12, 20]) == ()


def test_what_is_not_there_is_told(books: Dictionaries, tmp_path: Path) -> None:
    with pytest.raises(CodesError, match=r"here: got 'Made-up pan'.*made-up pain"):
        books.terms("pt", ["Made-up pan"], "here")
    with pytest.raises(CodesError, match="no file llt"):
        Dictionaries(tmp_path).terms("pt", ["x"], "here")
