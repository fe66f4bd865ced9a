import inspect
import subprocess
import sys

import pytest

from analysis.letter import tables


@pytest.mark.parametrize("name", tables.__all__)
def test_each_name_is_a_function_that_sets_out_a_table(name: str) -> None:
    table = getattr(tables, name)
    assert table.__name__ == name
    assert inspect.signature(table).return_annotation == "Table"


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tables.nothing  # noqa: B018


def test_a_checklist_asks_for_no_statistics() -> None:
    code = "import sys; from analysis.letter import tables; tables.checklists; "
    code += "print({'numpy', 'duckdb'} & {*sys.modules})"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stdout == "set()\n", said.stderr
