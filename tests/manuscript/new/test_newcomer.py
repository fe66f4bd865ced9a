"""A newcomer's hour: begin, edit data and prose, render, mend a claim, send, verify."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from manuscript.new.update import update

PATIENTS = "".join(
    f"Q{i:02},control,{50 + i},{'yes' if i < 14 else 'no'}\n" for i in range(16)
)


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "manuscript", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@pytest.mark.long
def test_a_cohort_from_its_first_row_to_a_verified_bundle(tmp_path: Path) -> None:
    here, paper = Path(__file__).parents[3], tmp_path / "cohort"
    assert run(here, "new", str(paper))[0] == 0
    edit(
        paper / "index.qmd",
        ("A title of your own", "Falls on our wards"),
        ("Name of the first author", "The ward's team"),
        ("Events by group", "Falls by group"),
    )
    notice = re.compile(r"::: \{\.notice\}.*?:::\n", re.DOTALL)
    index = paper / "index.qmd"
    index.write_text(notice.sub("", index.read_text("utf-8")), "utf-8")
    edit(paper / "data" / "basis.csv", (",synthetic,invented", ",collected,invented"))

    # A row that breaks the schema, then rows that turn the finding round.
    table = paper / "data" / "patients.csv"
    good = table.read_text("utf-8")
    table.write_text(good + "Q99,contrl,50,no\n", "utf-8")
    status, told = run(paper, "render", "--engine", "builtin")
    assert status == 1
    assert "data/patients.csv:22:group: got 'contrl'" in told
    assert "Traceback" not in told
    table.write_text(good + PATIENTS, "utf-8")
    status, told = run(paper, "render", "--engine", "builtin")
    assert status == 1
    assert re.search(r"index\.qmd:\d+:\d+: the data do not bear “more often", told), (
        told
    )
    assert "events.treated.percent = 50" in told
    assert not (paper / "_output" / "index.html").exists()

    edit(
        index,
        (
            'claim("more often than", v("events.treated.percent") > ',
            'claim("less often than", v("events.treated.percent") < ',
        ),
    )
    git(paper, "init", "--quiet")
    git(paper, "add", "--all")
    git(paper, "commit", "--quiet", "--message", "Falls")
    status, told = run(paper, "bundle")
    assert status == 0, told
    bundle = paper / "_output" / "bundle.zip"
    status, told = run(paper, "verify", str(bundle), "--rerun", "--python", PYTHON)
    assert status == 0, told
    assert "REPEATED: " in told

    with zipfile.ZipFile(bundle) as zipped:
        guide = zipped.read("GUIDE.md").decode()
        crate = json.loads(zipped.read("ro-crate-metadata.json"))
        names = set(zipped.namelist())
    assert "**collected data**: `source/data/patients.csv`" in guide
    assert "**Falls on our wards**" in guide
    for told in (guide, json.dumps(crate)):
        assert not re.search("reconstruct|synthetic|VigiBase|supplement", told, re.I)
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert entities["#authors"]["name"] == "The ward's team"
    assert entities["./"]["name"] == "Reproducible bundle: Falls on our wards"
    assert {"figures/Figure-1.pdf", "tables/Table-1.csv"} <= names
    done = update(paper)
    assert (done.added, done.changed, done.removed, done.kept) == ((), (), (), ())


PYTHON = sys.executable


def git(folder: Path, *arguments: str) -> None:
    names = ("user.name=T", "user.email=t@example.org", "commit.gpgsign=false")
    options = [part for each in names for part in ("-c", each)]
    dated = os.environ | {"GIT_COMMITTER_DATE": "2026-11-22T12:00:01+00:00"}
    command = ["git", *options, *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=dated)
