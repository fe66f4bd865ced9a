from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from manuscript.errors import ManuscriptError
from manuscript.execute.cells import Execution, Options, execute
from manuscript.execute.kernel import StoppedError
from manuscript.source.documents import Project


def run(root: Path, text: str, options: Options | None = None) -> Execution:
    (root / "_quarto.yml").write_text("project: {render: [index.qmd]}\n", "utf-8")
    (root / "index.qmd").write_text(text, "utf-8")
    document = Project.load(root).documents[0]
    return execute(document, root, options or Options(), threading.Event())


def refusal(root: Path, text: str, options: Options | None = None) -> str:
    with pytest.raises(ManuscriptError) as caught:
        run(root, text, options)
    return str(caught.value)


def cell(*lines: str) -> str:
    return "\n".join(("```{python}", *lines, "```", "", ""))


def test_inline_results_follow_quarto_rules(tmp_path: Path) -> None:
    markdown = cell(
        "class Value:",
        "    def _repr_markdown_(self):",
        "        return '*3.82*'",
        "v = Value()",
        "n = 1",
    )
    text = markdown + '`{python} "a_b* <i>$1"` `{python} v` `{python} n`\n'
    text += cell("n = 2") + "`{python} n`\n"
    executed = run(tmp_path, text)
    assert executed.inlines == {
        (1, '"a_b* <i>$1"'): r"a\_b\* \<i\>\$1",
        (1, "v"): "*3.82*",
        (1, "n"): "1",
        (2, "n"): "2",
    }


def test_outputs_come_in_order_and_plots_as_vectors(tmp_path: Path) -> None:
    text = cell("print('a'); print('b')", "import sys; print('w', file=sys.stderr)")
    text += cell("import matplotlib.pyplot as plt", "plt.plot([1, 2])")
    text += cell("#| include: false", "import pandas; pandas.DataFrame()")
    text += cell("#| eval: false", "1 / 0")
    text += cell("#| error: true", "1 / 0")
    printed, plotted, hidden, skipped, failed = run(tmp_path, text).outputs
    assert [(o.kind, o.text) for o in printed] == [
        ("stdout", "a\nb\n"),
        ("stderr", "w\n"),
    ]
    (figure,) = plotted
    assert figure.svg.count("<svg") == 1
    assert not figure.png
    assert hidden == skipped == ()
    assert [(o.kind, o.text) for o in failed] == [
        ("error", "ZeroDivisionError: division by zero")
    ]


def test_cells_know_no_clock_locale_or_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    text = cell("import os, time, pathlib", "names = 'TZ SOURCE_DATE_EPOCH'.split()")
    text += "`{python} [os.environ[n] for n in names]` `{python} hash('a') % 100`\n"
    text += "`{python} pathlib.Path.cwd().name` `{python} time.strftime('%Z')`\n"
    executed = run(tmp_path, text, Options(epoch=5))
    again = run(tmp_path, text, Options(epoch=5))
    assert executed == again
    assert executed.inlines[1, "[os.environ[n] for n in names]"] == "['UTC', '5']"
    assert executed.inlines[1, "time.strftime('%Z')"] == "UTC"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "\n" + cell("#| label: bad", "x = 1", "", "1 / 0"),
            "index.qmd:6: cell `bad` raised ZeroDivisionError: division by zero; ",
        ),
        (cell("x = ("), "index.qmd:2: cell 1 raised "),
        (
            "A\n`{python} 1/0` b\n\n" + cell("x = 1"),
            "index.qmd:2: `1/0` (column 1) raised ZeroDivisionError: division by zero",
        ),
        (
            "`{python} ''`\n\n" + cell("x = 1"),
            "index.qmd:1: `''` (column 1) prints nothing",
        ),
        (
            cell("from IPython.display import HTML", "HTML('<b>x</b>')"),
            "index.qmd:1: cell 1 puts out HTML",
        ),
        (
            cell("from IPython.display import Latex", "Latex('x')"),
            "index.qmd:1: cell 1 puts out text/latex",
        ),
        (
            cell("import os", "os._exit(3)"),
            "index.qmd:1: cell 1 broke the Python kernel",
        ),
    ],
)
def test_a_failing_cell_or_expression_is_placed(
    tmp_path: Path, text: str, message: str
) -> None:
    assert refusal(tmp_path, text).startswith(message)


def test_an_error_in_a_module_of_the_project_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def f():\n    return 1 / 0\n", "utf-8")
    said = refusal(tmp_path, cell("import helper", "", "helper.f()"))
    assert said.startswith("index.qmd:4: cell 1 raised ZeroDivisionError")
    assert "(at helper.py:2)" in said


def test_all_failing_expressions_of_a_paragraph_are_told(tmp_path: Path) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        run(tmp_path, "`{python} 1/0`\n`{python} nope`\n\n" + cell("x = 1"))
    assert [e.line for e in caught.value.exceptions] == [1, 2]  # type: ignore[attr-defined]


def test_a_cell_that_never_ends_is_stopped_by_its_name(tmp_path: Path) -> None:
    text = cell("#| label: endless", "while True: pass")
    said = refusal(tmp_path, text, Options(limit=1))
    assert said.startswith("index.qmd:1: cell `endless` did not end within 1 seconds")


def test_a_cell_that_prints_without_end_is_stopped_too(tmp_path: Path) -> None:
    text = cell("while True: print('x' * 1000)")
    said = refusal(tmp_path, text, Options(limit=2))
    assert said.startswith("index.qmd:1: cell 1 ")


def test_a_stopped_render_does_not_wait_for_its_cells(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text("project: {render: [index.qmd]}\n", "utf-8")
    (tmp_path / "index.qmd").write_text(cell("import time; time.sleep(60)"), "utf-8")
    document = Project.load(tmp_path).documents[0]
    stop = threading.Event()
    threading.Timer(1.5, stop.set).start()
    start = time.monotonic()
    with pytest.raises(StoppedError):
        execute(document, tmp_path, Options(), stop)
    assert time.monotonic() - start < 30


def test_a_data_frame_of_which_a_part_would_be_shown_is_refused(tmp_path: Path) -> None:
    frame = "import pandas as pd\npd.DataFrame({'n': range(500)})"
    said = refusal(tmp_path, f"```{{python}}\n{frame}\n```\n")
    assert "a data frame of which pandas shows a part" in said


def test_a_data_frame_whose_texts_would_be_cut_is_refused(tmp_path: Path) -> None:
    frame = "import pandas as pd\npd.DataFrame({'remark': ['<mild> ' + 'a' * 60]})"
    said = refusal(tmp_path, f"```{{python}}\n{frame}\n```\n")
    assert "cuts: “<mild> aaa" in said
    assert "max_colwidth = None" in said


def test_a_text_that_ends_in_dots_itself_is_shown(tmp_path: Path) -> None:
    text = "a" * 60 + "..."
    whole = "import pandas as pd\npd.options.display.max_colwidth = None\n"
    frame = f"pd.DataFrame({{'remark': [{text!r}, 'and so on...']}})"
    execution = run(tmp_path, f"```{{python}}\n{whole}{frame}\n```\n")
    assert text in execution.outputs[0][0].text


@pytest.mark.parametrize(
    "code",
    [
        "pd.Series([1.5, 2], name='x')",
        "pd.Series(range(500))",
        "frame.groupby('g').size()",
        "frame['n'].describe()",
        "frame['g'].astype('category')",
        "pd.Series([1.0], index=pd.date_range('2026-01-01', periods=1), name='x')",
    ],
)
def test_a_series_is_refused_with_what_makes_it_a_table(
    tmp_path: Path, code: str
) -> None:
    frame = "frame = pd.DataFrame({'g': list('aab'), 'n': [1, 2, 3]})"
    said = refusal(tmp_path, cell("import pandas as pd", frame, code))
    assert said.startswith("index.qmd:1: cell 1 ends with a pandas series")
    assert "`.to_frame()`" in said


@pytest.mark.parametrize("code", ["frame.style", "frame.style.hide(axis='index')"])
def test_styles_of_a_frame_are_refused_and_not_for_a_package(
    tmp_path: Path, code: str
) -> None:
    frame = "import pandas as pd; frame = pd.DataFrame({'n': [1]})"
    said = refusal(tmp_path, cell(frame, code))
    assert "cell 1 styles a data frame" in said
    assert "plain data frame" in said
    assert "jinja" not in said


def test_a_draft_goes_on_after_a_cell_that_never_ends(tmp_path: Path) -> None:
    text = cell("print('above')") + cell("while True: pass") + cell("print('below')")
    executed = run(tmp_path, text, Options(limit=3, draft=True))
    first, second, third = executed.outputs
    assert first[0].text == "above\n"
    assert "did not end within 3 seconds" in second[0].text
    assert "was not run" in third[0].text
    assert [fault.line for fault in executed.faults] == [5, 9]


def test_a_name_that_many_expressions_lack_is_told_once(tmp_path: Path) -> None:
    text = cell("1") + "`{python} n` `{python} n + 1` `{python} m`\n\n"
    text += cell("2") + "`{python} n`\n"
    executed = run(tmp_path, text, Options(draft=True))
    assert len(executed.inlines) == 4
    first, second = executed.faults
    assert "name 'n' is not defined; define it in a cell above" in str(first)
    assert "name 'm' is not defined" in str(second)
