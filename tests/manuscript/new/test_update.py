"""A newer press comes in whole, and the author's files stay as they are."""

import json
from pathlib import Path

import pytest

from manuscript.__main__ import main
from manuscript.new import kits
from manuscript.new.update import update


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    assert main(["new", str(tmp_path / "paper")]) == 0
    return tmp_path / "paper"


def contents(paper: Path) -> dict[str, bytes]:
    return {
        path.relative_to(paper).as_posix(): path.read_bytes()
        for path in paper.rglob("*")
        if path.is_file()
    }


def older(paper: Path, name: str, data: bytes) -> None:
    """Let the paper's press be one that had this file."""
    (paper / name).parent.mkdir(parents=True, exist_ok=True)
    (paper / name).write_bytes(data)
    record = json.loads((paper / kits.RECORD).read_text())
    record["files"][name] = kits.digest(data)
    (paper / kits.RECORD).write_text(json.dumps(record))


def test_the_same_press_changes_nothing(paper: Path) -> None:
    before = contents(paper)
    done = update(paper)
    assert (done.added, done.changed, done.removed, done.kept) == ((), (), (), ())
    assert contents(paper) == before


def test_what_is_newer_comes_in_and_what_is_gone_goes(paper: Path) -> None:
    new = contents(paper)
    older(paper, "manuscript/prose.py", b"an older one")
    older(paper, "manuscript/dropped.py", b"no longer there")
    record = json.loads((paper / kits.RECORD).read_text())
    del record["files"]["manuscript/errors.py"]
    (paper / "manuscript/errors.py").unlink()
    (paper / kits.RECORD).write_text(json.dumps(record))
    done = update(paper)
    assert done.added == ("manuscript/errors.py",)
    assert done.changed == ("manuscript/prose.py",)
    assert done.removed == ("manuscript/dropped.py",)
    assert done.kept == ()
    assert contents(paper) == new


def test_every_file_that_the_author_wrote_stays(paper: Path) -> None:
    own = kits.template("cohort").keys()
    for name in own:
        (paper / name).write_bytes(b"mine")
    mended = {"partials/letter.css", "requirements.txt", "manuscript/prose.py"}
    for name in mended:
        (paper / name).write_bytes(b"mended")
    older(paper, "manuscript/dropped.py", b"no longer there")
    (paper / "manuscript/dropped.py").write_bytes(b"mended")
    (paper / "manuscript/mine.py").write_bytes(b"mine")
    before = contents(paper)
    done = update(paper)
    assert set(done.kept) == mended | {"manuscript/dropped.py"}
    assert done.changed == done.added == done.removed == ()
    after = contents(paper)
    del before[kits.RECORD], after[kits.RECORD]
    assert after == before
    assert "requirements.txt: it is not as the press brought it" in str(done)
    # What is asked for is taken, and asked for again it is still there.
    (paper / "requirements.txt").unlink()
    assert update(paper).added == ("requirements.txt",)
    assert set(update(paper).kept) == mended - {"requirements.txt"}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (None, "not found"),
        ("{", "is not the record"),
        ("[]", "is not the record"),
        ('{"kit": "novel", "files": {}}', "is not the record"),
        ('{"kit": "cohort", "files": {"a": 1}}', "is not the record"),
        ('{"kit": "cohort", "files": {"../a": "b"}}', "lies outside the paper"),
    ],
)
def test_without_a_record_nothing_is_touched(
    paper: Path, record: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (paper / "manuscript/prose.py").unlink()
    if record is None:
        (paper / kits.RECORD).unlink()
    else:
        (paper / kits.RECORD).write_text(record)
    before = contents(paper)
    assert main(["update", "--into", str(paper)]) == 1
    assert told in capsys.readouterr().err
    assert contents(paper) == before


def test_nothing_is_written_through_a_link(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (paper / "partials").rename(tmp_path / "elsewhere")
    (paper / "partials").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    assert main(["update", "--into", str(paper)]) == 1
    assert "partials/letter.css: is a link" in capsys.readouterr().err
    assert contents(tmp_path / "elsewhere") == before


def test_a_paper_takes_the_press_of_a_folder(
    paper: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    older(paper, "manuscript/dropped.py", b"no longer there")
    monkeypatch.chdir(paper / "data")
    assert main(["update", str(kits.HERE)]) == 0
    assert "removed  manuscript/dropped.py" in capfd.readouterr().out
    assert not (paper / "manuscript/dropped.py").exists()
    assert main(["update", str(tmp_path)]) == 1
    assert "holds no press" in capfd.readouterr().err
    assert main(["update", str(paper)]) == 1
    assert "is the press that runs" in capfd.readouterr().err
