"""A new paper is whole, and is written nowhere but where nothing is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from manuscript.__main__ import main
from manuscript.new import kits
from manuscript.source.documents import Project


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True
    )


@pytest.mark.long
@pytest.mark.parametrize("kit", kits.KITS)
def test_it_passes_the_checks_and_its_own_tests(kit: str, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    assert main(["new", str(paper), "--from", kit]) == 0
    checked = run(paper, "-m", "manuscript", "check", "--strict")
    assert "no findings" in checked.stdout, checked.stdout + checked.stderr
    tested = run(paper, "-m", "pytest", "-q", "tests")
    assert tested.returncode == 0, tested.stdout


def test_its_programs_are_as_clean_as_ours(tmp_path: Path) -> None:
    for kit in kits.KITS:
        paper = tmp_path / kit
        assert main(["new", str(paper), "--from", kit]) == 0
        shutil.copy(kits.HERE / "pyproject.toml", paper)
        for command in (("format", "--check"), ("check",)):
            linted = run(paper, "-m", "ruff", *command, "study.py", "tests")
            assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize("kit", kits.KITS)
def test_no_word_of_another_study_is_in_it(kit: str) -> None:
    for name, data in kits.template(kit).items():
        text = data.decode()
        for word in ("VigiBase", "supplement.qmd", "analysis.letter", "reconstruct"):
            assert word not in text, name


@pytest.mark.parametrize("kit", kits.KITS)
def test_press_and_author_share_no_file(kit: str) -> None:
    assert not kits.press(kit).keys() & kits.template(kit).keys()


@pytest.mark.long
def test_rows_are_declared_invented_until_they_are_the_authors(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "paper")]) == 0
    paper = tmp_path / "paper"
    index = paper / "index.qmd"
    kept = [line for line in index.read_text().splitlines() if ":::" not in line]
    index.write_text("\n".join(line for line in kept if "synthetic" not in line))
    found = run(paper, "-m", "manuscript", "check", "--only", "notice")
    assert "no notice that the data are synthetic" in found.stdout
    basis = paper / "data" / "basis.csv"
    basis.write_text(basis.read_text().replace(",synthetic,", ",collected,"))
    found = run(paper, "-m", "manuscript", "check", "--only", "notice")
    assert "no findings" in found.stdout, found.stdout


def test_what_is_there_already_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "thesis"
    mine.mkdir()
    (mine / "chapter.md").write_text("mine")
    assert main(["new", str(mine)]) == 1
    assert "holds files already" in capsys.readouterr().err
    assert [path.name for path in mine.iterdir()] == ["chapter.md"]
    assert main(["new", str(mine / "chapter.md")]) == 1
    assert "is no folder" in capsys.readouterr().err
    assert (mine / "chapter.md").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert main(["new", str(tmp_path / "empty")]) == 0
    assert (tmp_path / "empty" / "index.qmd").is_file()
    # Names that authors give: blanks, other scripts, folders that are not there.
    assert main(["new", str(tmp_path / "näher dran" / "Письмо 1")]) == 0
    assert Project.load(tmp_path / "näher dran" / "Письмо 1").documents
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"thesis", "empty", "näher dran"}
