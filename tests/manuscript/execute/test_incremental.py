"""What is reused gives what a run of everything gives, and is reused when it can be."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manuscript.compose import render
from manuscript.compose.pages import Pages
from manuscript.errors import ManuscriptError
from manuscript.execute import cells as execute
from manuscript.execute.cells import Execution, Options
from manuscript.execute.incremental import Incremental
from manuscript.execute.kept import FOLDER, Kept
from manuscript.execute.state import State
from manuscript.source.documents import Project
from tests.manuscript.conftest import Command, Paper

ROOT = Path(__file__).parents[3]
OPTIONS = Options(echo=False)

MODEL = '''"""What the paper computes."""

import os
from functools import lru_cache
from pathlib import Path

import helper
from IPython.display import Markdown

FACTOR = 2
CALLS = []


@lru_cache(maxsize=1)
def numbers():
    return [int(line) for line in Path("data/a.csv").read_text().split()]


def total():
    return Markdown(f"Total {helper.shown(FACTOR * sum(numbers()))}")


def names():
    return Markdown(" ".join(sorted(p.name for p in Path("data").iterdir())))


def note():
    path = Path("note.txt")
    return Markdown(path.read_text() if path.is_file() else "no note")


def setting():
    return Markdown(os.environ.get("PAPER_SETTING", "none"))


def count():
    CALLS.append(1)
    return len(CALLS)
'''
HELPER = 'def shown(number):\n    return f"<{number}>"\n'
SETUP = "from model import count, names, note, numbers, setting, total\nimport model"
CELLS = ("total()", "names()", "note()", "setting()", "base = 3", "print(base)")


@dataclass
class Written:
    """A paper without figures, in parts that edits change."""

    root: Path
    text: str = "Words."
    setup: str = SETUP
    cells: list[str] = field(default_factory=lambda: [*CELLS])
    inline: str = "sum(numbers())"
    files: dict[str, str | None] = field(
        default_factory=lambda: {
            "model.py": MODEL,
            "helper.py": HELPER,
            "data/a.csv": "1\n2\n",
            "data/b.csv": "7\n",
            "notes.md": "0\n",
            "tests/unread.csv": "0\n",
        }
    )

    def write(self) -> Project:
        codes = "\n".join(f"```{{python}}\n{code}\n```\n" for code in self.cells)
        document = (
            f"---\ntitle: P\n---\n\n```{{python}}\n{self.setup}\n```\n\n{self.text}\n\n"
            f"{codes}\nIt is `{{python}} {self.inline}`.\n"
        )
        files = {
            **self.files,
            "_quarto.yml": "project:\n  render: [index.qmd]\n",
            "index.qmd": document,
        }
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            elif not path.is_file() or path.read_text("utf-8") != content:
                path.write_text(content, "utf-8")
        # What changed within the last moment may change again unseen.
        time.sleep(0.1)
        return Project.load(self.root)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path / "project")


def run(
    project: Project, *, fresh: bool = False, options: Options = OPTIONS
) -> Execution:
    document, root = project.documents[0], project.root
    kept = Kept(root, fresh=fresh)
    incremental = Incremental(State.of(root), kept)
    execution = incremental.execute(document, root, options, threading.Event())
    kept.commit()
    return execution


def run_all(project: Project) -> Execution:
    document, root = project.documents[0], project.root
    return execute.execute(document, root, OPTIONS, threading.Event())


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Codes of the cells and expressions that ran since the last call."""
    codes: list[str] = []
    run_cell, evaluate = execute.run_cell, execute.evaluate

    def counted_cell(cell: Any, *rest: Any) -> Any:
        codes.append(cell.code.strip())
        return run_cell(cell, *rest)

    def counted_inlines(inlines: Any, *rest: Any) -> Any:
        codes.extend(inline.expression for inline in inlines)
        return evaluate(inlines, *rest)

    monkeypatch.setattr(execute, "run_cell", counted_cell)
    monkeypatch.setattr(execute, "evaluate", counted_inlines)

    def since() -> list[str]:
        found = [*codes]
        codes.clear()
        return found

    return since


def test_what_is_unchanged_is_not_run(
    written: Written, ran: Callable[[], list[str]]
) -> None:
    project = written.write()
    first = run(project)
    assert ran() == [SETUP, *CELLS, "sum(numbers())"]
    again = run(project)
    assert ran() == []
    assert (again.outputs, again.inlines) == (first.outputs, first.inlines)
    assert (first.reused, again.reused) == (0, len(CELLS) + 1)


def test_a_change_of_prose_runs_nothing(
    written: Written, ran: Callable[[], list[str]]
) -> None:
    run(written.write())
    ran()
    written.text = "Other words.\n\nAnd more of them."
    written.files |= {"notes.md": "1\n", "tests/unread.csv": "1\n"}
    run(written.write())
    assert ran() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/a.csv", "4\n"),
        ("data/b.csv", "8\n"),
        ("data/c.csv", "9\n"),
        ("data/words.md", "words"),
        ("note.txt", "noted"),
    ],
)
def test_a_changed_file_reruns_what_may_have_seen_it(
    written: Written, ran: Callable[[], list[str]], name: str, content: str
) -> None:
    run(written.write())
    ran()
    written.files[name] = content
    project = written.write()
    changed = run(project)
    assert set(ran()) == {SETUP, *CELLS, "sum(numbers())"}
    whole = run_all(project)
    assert (changed.outputs, changed.inlines) == (whole.outputs, whole.inlines)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("model.py", "FACTOR = 2", "FACTOR = 3"),
        ("helper.py", "<{number}>", "({number})"),
    ],
)
def test_changed_code_reruns_everything(
    written: Written, ran: Callable[[], list[str]], name: str, old: str, new: str
) -> None:
    run(written.write())
    ran()
    written.files[name] = str(written.files[name]).replace(old, new)
    changed = run(written.write())
    assert len(ran()) == len(CELLS) + 2
    assert new.replace("{number}", "6") in str(changed.outputs) or "9" in str(changed)


def test_a_variable_counts_and_those_of_shells_are_not_seen(
    written: Written, ran: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    written.cells.append("import os; print(os.environ.get('TERM_PROGRAM'))")
    run(written.write())
    ran()
    monkeypatch.setenv("TERM_PROGRAM", "x")
    again = run(written.write())
    assert ran() == []
    assert again.outputs == run_all(written.write()).outputs
    assert again.outputs[-1][0].text == "None\n"
    ran()
    monkeypatch.setenv("PAPER_SETTING", "set")
    changed = run(written.write())
    assert "setting()" in ran()
    assert "set" in str(changed.outputs[4])


@pytest.mark.parametrize("option", [{"epoch": 5}, {"dpi": 99}, {"size": (3, 3)}])
def test_an_option_counts(
    written: Written, ran: Callable[[], list[str]], option: dict[str, Any]
) -> None:
    project = written.write()
    run(project)
    ran()
    run(project, options=replace(OPTIONS, **option))
    assert ran()


def test_a_cell_that_looks_harmless_and_is_not_counts_for_those_below(
    written: Written, ran: Callable[[], list[str]]
) -> None:
    written.cells = ["count()", "total()", "count()"]
    project = written.write()
    assert [o[0].text for o in run(project).outputs[1:]] == ["1", "Total <6>", "2"]
    ran()
    run(project)
    assert ran() == []
    written.cells = ["total()", "count()"]
    project = written.write()
    assert run(project).outputs == run_all(project).outputs


@pytest.mark.long
def test_a_module_that_another_now_stands_in_for_counts(
    written: Written, ran: Callable[[], list[str]]
) -> None:
    written.files["model.py"] = str(written.files["model.py"]).replace(
        "import os\n",
        "import os\ntry:\n    import extra\nexcept ImportError:\n    pass\n",
    )
    run(written.write())
    ran()
    written.files["extra.py"] = "import helper\nhelper.shown = lambda number: 'extra'\n"
    project = written.write()
    assert run(project).outputs == run_all(project).outputs
    ran()
    run(written.write())
    assert ran() == []
    written.files["colorsys.py"] = "raise ImportError\n"
    run(written.write())
    written.files["bisect.py"] = str(
        (Path(os.__file__).parent / "bisect.py").read_text()
    )
    run(written.write())
    assert SETUP in ran()


def test_a_fault_is_said_as_if_nothing_were_kept(written: Written) -> None:
    run(written.write())
    written.cells = ["total()", "names()", "nothing()"]
    project = written.write()
    with pytest.raises(ManuscriptError) as kept:
        run(project)
    with pytest.raises(ManuscriptError) as whole:
        run_all(project)
    assert str(kept.value) == str(whole.value)


def reshaped(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """Change what is kept, and give it the digest that goes with it."""

    def spoil(content: bytes) -> bytes:
        kept = json.loads(content.partition(b"\n")[2])
        change(kept)
        body = json.dumps(kept).encode()
        told = hashlib.sha256(b"cells-index\0" + body).hexdigest()
        return told.encode() + b"\n" + body

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"Total", b"Tutal"),
        lambda content: b"",
        lambda content: os.urandom(999),
        reshaped(lambda kept: kept.update(results=None)),
        reshaped(lambda kept: kept["results"].pop()),
        reshaped(lambda kept: kept["results"][1]["outputs"][0].update(kind="sound")),
        reshaped(lambda kept: kept["results"][1]["outputs"][0].update(text=7)),
        reshaped(lambda kept: kept["results"][1]["outputs"][0].update(png="?")),
        reshaped(lambda kept: kept["results"][-1]["texts"].clear()),
        reshaped(lambda kept: kept["results"][-1].update(texts={"1": "x"})),
        reshaped(lambda kept: kept.update(more=1)),
    ],
)
def test_what_is_kept_and_damaged_is_ignored(
    written: Written, ran: Callable[[], list[str]], spoil: Callable[[bytes], bytes]
) -> None:
    project = written.write()
    first = run(project)
    ran()
    (file,) = (project.root / FOLDER).glob("cells-*")
    file.write_bytes(spoil(file.read_bytes()))
    assert run(project).outputs == first.outputs
    assert len(ran()) == len(CELLS) + 2


def test_what_is_kept_under_another_name_is_ignored(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.write("page-a", b"a")
    assert kept.read("page-a") is None
    kept.commit()
    assert kept.read("page-a") == b"a"
    (tmp_path / FOLDER / "page-a.kept").rename(tmp_path / FOLDER / "page-b.kept")
    assert kept.read("page-b") is None


def test_fresh_finds_nothing_and_keeps_what_it_makes(
    written: Written, ran: Callable[[], list[str]]
) -> None:
    project = written.write()
    run(project)
    ran()
    run(project, fresh=True)
    assert len(ran()) == len(CELLS) + 2
    run(project)
    assert ran() == []


def test_where_nothing_can_be_kept_everything_runs(written: Written) -> None:
    project = written.write()
    (project.root / ".manuscript").write_text("in the way", "utf-8")
    assert run(project).outputs == run(project).outputs == run_all(project).outputs


EDITS = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(["Words.", "New.", "More words."])),
    st.tuples(st.just("inline"), st.sampled_from(["max(numbers())", "1 + 1", "base"])),
    st.tuples(st.just("data/a.csv"), st.sampled_from(["5\n", "1\n2\n", "1\n2\n3\n"])),
    st.tuples(st.just("data/b.csv"), st.sampled_from([None, "7\n", "70\n"])),
    st.tuples(st.just("data/new.csv"), st.sampled_from([None, "1\n"])),
    st.tuples(st.just("note.txt"), st.sampled_from([None, "noted", "noted again"])),
    st.tuples(st.just("notes.md"), st.sampled_from(["1\n", None])),
    st.tuples(
        st.just("helper.py"), st.sampled_from([HELPER, HELPER.replace("<", "[")])
    ),
    st.tuples(
        st.just("model.py"),
        st.sampled_from([MODEL, MODEL.replace("FACTOR = 2", "FACTOR = 5")]),
    ),
    st.tuples(
        st.just("cells"),
        st.lists(
            st.sampled_from(
                [*CELLS[:4], "model.FACTOR = 9", "count()", "print(len(numbers()))"]
            ),
            max_size=5,
        ).map(lambda drawn: ["base = 1", *drawn]),
    ),
)


@pytest.mark.long
@settings(
    max_examples=settings.default.max_examples // 33,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(EDITS, min_size=4, max_size=6))
def test_random_edits_give_what_a_run_of_everything_gives(
    edits: list[tuple[str, Any]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paper = Written(Path(folder) / "project")
        run(paper.write())
        for what, value in edits:
            if what in ("text", "inline", "cells"):
                setattr(paper, what, value)
            else:
                paper.files[what] = value
            project = paper.write()
            found, whole = run(project), run_all(project)
            assert found.outputs == whole.outputs
            assert found.inlines == whole.inlines


@pytest.mark.long
def test_pages_are_placed_again_and_equal_fresh_ones(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    root = paper()

    def rendered(name: str, *, fresh: bool = False) -> tuple[dict[str, bytes], str]:
        project = Project.load(root)
        state, kept = State.of(root), Kept(root, fresh=fresh)
        said: list[str] = []
        render.render(
            project,
            project.formats,
            root / name,
            60,
            said.append,
            execute.execute if fresh else Incremental(state, kept).execute,
            Pages(project, state, kept),
        )
        kept.commit()
        pages = {p.name: p.read_bytes() for p in sorted((root / name).iterdir())}
        return pages, "\n".join(said)

    first, _ = rendered("one")
    again, said = rendered("two")
    assert again == first
    assert "built" not in said
    section = root / "sections" / "_findings.qmd"
    section.write_text(section.read_text("utf-8").replace("wrote", "said"), "utf-8")
    css = root / "partials" / "small.css"
    time.sleep(0.1)
    edited, said = rendered("three")
    assert "0 cells" in said
    assert "supplement.qmd: nothing has changed" in said
    assert {n for n in first if first[n] != edited[n]} == {
        "index.html",
        "index.pdf",
        "index.docx",
    }
    assert edited == rendered("four", fresh=True)[0]
    css.write_text(css.read_text("utf-8") + "\n/* new */\n", "utf-8")
    styled, _ = rendered("five")
    assert styled == rendered("six", fresh=True)[0]
    assert b"/* new */" in styled["index.html"]


def test_the_command_reuses_unless_told_otherwise(
    paper: Paper, command: Command
) -> None:
    root = paper()
    arguments = ("render", "--engine", "builtin", "--to", "html", "index.qmd")
    command(root, *arguments)
    assert "nothing has changed" in command(root, *arguments).said
    fresh = command(root, *arguments, "--fresh").said
    assert "index.html built" in fresh
    assert "3 cells" in fresh


def git(root: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.org")
    command = ["git", *who, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_kept_word_file_names_the_commit_that_a_fresh_one_names(
    paper: Paper, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    root = paper(_DOT_gitignore="_output\n.manuscript\n__pycache__\n")
    git(root, "init", "-q")
    git(root, "add", "-A")

    def named() -> str:
        to = ("render", "--engine", "builtin", "--to", "docx", "index.qmd")
        assert command(root, *to).status == 0
        with zipfile.ZipFile(root / "_output" / "index.docx") as word:
            if "docProps/custom.xml" not in word.namelist():
                return ""
            properties = word.read("docProps/custom.xml").decode()
        found = re.search("source-revision.*?([0-9a-f]{40})", properties)
        return found[1] if found else ""

    assert named() == ""
    git(root, "commit", "-qm", "One")
    first = git(root, "rev-parse", "HEAD")
    assert named() == first
    git(root, "commit", "-qm", "Two", "--allow-empty")
    assert named() == git(root, "rev-parse", "HEAD") != first
    (root / "tides.py").write_text((root / "tides.py").read_text("utf-8") + "\n")
    assert named() == ""
    git(root, "checkout", "-q", "tides.py")
    assert named() == git(root, "rev-parse", "HEAD")


CHANGES_DATA = """---
title: P
date: 2026-01-01
---

```{{python}}
from pathlib import Path
file = Path("data/n.csv")
file.write_text(str(min(int(file.read_text()) + 1, {most})))
print(file.read_text())
```
"""


@pytest.mark.long
@pytest.mark.parametrize("most", [2, 9])
def test_a_render_whose_data_change_starts_again_twice_at_most(
    paper: Paper, most: int
) -> None:
    root = paper(index_DOT_qmd=CHANGES_DATA.format(most=most))
    (root / "data").mkdir()
    (root / "data" / "n.csv").write_text("0")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "manuscript", "render", "--to", "html"),
            *("--engine", "builtin", "index.qmd"),
        ],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("data/n.csv has changed meanwhile: starting again") == 2
    page = root / "_output" / "index.html"
    if most == 2:
        assert done.returncode == 0
        assert "is up to date" in done.stdout
        assert ">2" in page.read_text("utf-8")
    else:
        assert done.returncode == 1
        assert done.stderr.startswith("data/n.csv: changed while it was rendered")
        assert not page.exists()
        assert not (root / FOLDER).exists()
