"""What manuscript.yml may say, and what is said of it when it is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from manuscript.source.study import Study, answers
from manuscript.values.answers import Answers, UnknownKeyError

ROOT = Path(__file__).parents[3]


def said(root: Path, text: str) -> Study:
    (root / "manuscript.yml").write_text(text, "utf-8")
    return Study.load(root)


def test_a_project_without_the_file_has_no_values(tmp_path: Path) -> None:
    v = answers(tmp_path)
    assert v.all() == {}
    with pytest.raises(UnknownKeyError, match=r"'risk\.or': manuscript\.yml names no"):
        v("risk.or")
    study = Study.load(tmp_path)
    assert study.share_check() is None
    assert not study.is_here
    assert study.vocabulary == tmp_path / "vocabulary.yml"


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, "# later\n").answers().all() == {}


def test_this_project_says_who_answers_and_what_may_be_shared() -> None:
    study = Study.load(ROOT)
    assert study.is_here
    assert isinstance(study.answers(), Answers)
    check = study.share_check()
    assert check is not None
    check(ROOT / "data" / "trials.csv")


def test_a_module_may_name_its_function(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "tide_study.py").write_text(
        "from manuscript.values.answers import Answers\n"
        "def values():\n    return Answers(None, {})\n"
        "def number():\n    return 3\n"
    )
    study = said(tmp_path, "answers: tide_study:values\n")
    assert study.is_here
    assert study.answers().all() == {}
    with pytest.raises(ManuscriptError, match="1: `tide_study:number` returned a int"):
        said(tmp_path, "answers: tide_study:number\n").answers()
    with pytest.raises(ManuscriptError, match="1: tide_study has no function letter"):
        said(tmp_path, "answers: tide_study\n").answers()


def test_an_import_that_the_study_lacks_is_not_blamed_on_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "dry_study.py").write_text("import no_such_library\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        said(tmp_path, "answers: dry_study\n").answers()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\nanswer: a\n", "manuscript.yml:2: `answer` is not known; use one of"),
        ("answers: 3\n", "manuscript.yml:1: `answers` holds 3; name the module"),
        ("answers: a b\n", "manuscript.yml:1: `answers` holds 'a b'; name the module"),
        ("answers: [a]\n", "manuscript.yml:1: `answers` holds ['a']; name the"),
        ("answers: ../a\n", "manuscript.yml:1: `answers` holds '../a'; name the"),
        ("answers:\n", "manuscript.yml:1: `answers` holds None; name the module"),
        ("share-check: a\n", "manuscript.yml:1: `share-check` holds 'a'; name a func"),
        ("vocabulary: no.yml\n", "manuscript.yml:1: there is no file no.yml; name one"),
        ("vocabulary: ../v\n", "manuscript.yml:1: `vocabulary` holds '../v'; name a"),
        ("- a\n", "manuscript.yml:1: expected `key: value` lines"),
        ("answers: 'a\n", "manuscript.yml:1: not YAML"),
        ("answers: a\nanswers: b\n", "manuscript.yml:2: `answers` is given twice"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(ManuscriptError) as error:
        said(tmp_path, text)
    assert str(error.value).startswith(fault)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manuscript.yml").write_bytes(b"answers: \xff\n")
    with pytest.raises(ManuscriptError, match=r"manuscript\.yml: is not in UTF-8"):
        Study.load(tmp_path)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as errors:
        said(tmp_path, "answers: 3\nwords: a\n")
    assert len(errors.value.exceptions) == 2


def test_a_module_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("no_such_module", "analysis.no_such_part", "no.such"):
        study = said(tmp_path, f"answers: {name}\n")
        assert not study.is_here
        with pytest.raises(ManuscriptError, match=r"yml:1: there is no module"):
            study.answers()


def test_the_press_imports_no_study_and_no_statistics() -> None:
    code = (
        "import sys, manuscript.__main__, manuscript.prose, manuscript.check\n"
        "import manuscript.bundle.build, manuscript.compose.render\n"
        "found = {m.partition('.')[0] for m in sys.modules}\n"
        "print(*sorted(found & {'analysis', 'numpy', 'scipy', 'matplotlib'}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == ""
