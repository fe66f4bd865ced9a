"""The second letter: its files and this press are a paper, and the pools come out."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from manuscript.new import kits
from manuscript.new.update import update

LETTER = kits.HERE / "examples" / "rosiglitazone"


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paper = tmp_path_factory.mktemp("second") / "letter"
    shutil.copytree(LETTER, paper, ignore=shutil.ignore_patterns("__pycache__"))
    update(paper)
    return paper


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True
    )


def test_nissen_and_wolski_2007_tables_3_and_4_come_out(letter: Path) -> None:
    program = (
        "import study; v = study.letter()\n"
        "for one in study.trials().described.outcomes:\n"
        "    key = f'risk.{one.key}.peto'\n"
        "    print(v(f'{key}.or').text, v.ci(key).text, v(f'{key}.p').text)"
    )
    printed = run(letter, "-c", program).stdout.splitlines()
    assert printed == ["1.43 1.03–1.98 = 0.03", "1.64 0.98–2.74 = 0.06"]


def test_the_letter_passes_the_checks_and_its_tests(letter: Path) -> None:
    checked = run(letter, "-m", "manuscript", "check", "--strict")
    assert "no findings" in checked.stdout, checked.stdout + checked.stderr
    tested = run(letter, "-m", "pytest", "-q", "tests")
    assert tested.returncode == 0, tested.stdout


def test_a_count_that_is_changed_stops_the_letter(letter: Path, tmp_path: Path) -> None:
    paper = tmp_path / "changed"
    shutil.copytree(letter, paper, ignore=shutil.ignore_patterns(".manuscript"))
    table = paper / "data" / "trials.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace(",1456,27,2,", ",1456,47,2,"), "utf-8")
    checked = run(paper, "-m", "manuscript", "check")
    assert checked.returncode == 1
    assert "to the last printed digit" in checked.stdout + checked.stderr


def test_it_holds_no_copy_of_the_press() -> None:
    files = {path.relative_to(LETTER).parts[0] for path in LETTER.rglob("*")}
    assert not files & {"manuscript", "analysis", "partials"}
