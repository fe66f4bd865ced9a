"""The file of codes: read without guessing, faults with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.letter.extract import codes_path
from analysis.vigibase import CodesError, read_codes

GOOD = """
drug: {key: drug, label: A drug, drecno: [012345, 7], roles: [suspect, interacting]}
reaction:
  label: A reaction
  terms:
    - {key: special, label: Special, meddra: [99000002]}
    - {key: general, label: General, meddra: [99000001]}
indications:
  - {key: pain, label: Pain, contains: [Pain, ACHE]}
unknown_indication: [unknown]
smallest_cell: 5
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "codes.yml"
    path.write_text(GOOD)
    codes = read_codes(path)
    assert codes.drug.codes == (12345, 7)
    assert codes.roles == "si"
    assert codes.reaction.codes == (99000002, 99000001)
    assert [term.key for term in codes.terms] == ["special", "general"]
    assert codes.indications[0].contains == ("pain", "ache")
    assert codes.smallest_cell == 5


def test_roles_and_the_smallest_cell_have_defaults(tmp_path: Path) -> None:
    path = tmp_path / "codes.yml"
    path.write_text(
        GOOD.replace(", roles: [suspect, interacting]", "").split("smallest")[0]
    )
    codes = read_codes(path)
    assert set(codes.roles) == set("sci")
    assert codes.smallest_cell == 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("drecno: [012345, 7]", "drecno: [12a]", "drug, drecno: got '12a'"),
        ("drecno: [012345, 7]", "drecno: 7", "drug, drecno: got '7', expected a list"),
        ("drecno: [012345, 7], ", "", "drug: got 'no drecno'"),
        ("suspect", "suspected", "drug, roles: got 'suspected', expected one of"),
        ("smallest_cell", "smalest_cell", r"did you mean smallest_cell\?"),
        ("label: General, ", "", "terms, entry 2: got 'no label'"),
        ("key: general", "key: special", "a key that nothing else has"),
        ("key: general", "key: male", "a key that nothing else has"),
        ("smallest_cell: 5", "smallest_cell: few", "smallest_cell: got 'few'"),
        ("unknown_indication: [unknown]", "unknown_indication: {}", "a list"),
        ("drug: {", "drug: {{", "cannot be read"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "codes.yml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(CodesError, match=message) as error:
        read_codes(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("drug: {", "drugs: {", 2),
        ("[012345, 7]", "[012345, 0x12]", 2),
        ("drecno: [012345, 7], ", "", 2),
        ("meddra: [99000001]", "meddra: []", 7),
        ("label: General, ", "", 7),
        ("[unknown]", "{unknown: yes}", 10),
        ("smallest_cell", "smalest_cell", 11),
        ("reaction:\n", "drugs: []\nreaction:\n", 2),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    path = tmp_path / "codes.yml"
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(CodesError) as error:
        read_codes(path)
    assert str(error.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize("content", ["", "- a list", "drug: word"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "codes.yml"
    path.write_text(content)
    with pytest.raises(CodesError):
        read_codes(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodesError, match="cannot be read"):
        read_codes(tmp_path / "codes.yml")


def test_the_shipped_codes_are_placeholders_outside_the_dictionaries() -> None:
    text = codes_path().read_text("utf-8")
    assert "INVENTED PLACEHOLDERS" in text
    codes = read_codes(codes_path())
    assert all(code >= 99_000_000 for code in codes.reaction.codes)
    assert all("invented" in line for line in text.splitlines() if "[99" in line)
