"""The state of a project, and what Python keeps of an earlier one."""

import os
import py_compile
import time
from pathlib import Path

from manuscript.execute.state import forget_compiled


def test_code_compiled_in_the_second_of_its_edit_is_forgotten(tmp_path: Path) -> None:
    source = tmp_path / "model.py"
    source.write_text("FACTOR = 2\n", "utf-8")
    compiled = Path(py_compile.compile(str(source), doraise=True))
    forget_compiled(tmp_path)
    assert not compiled.exists()
    long_ago = time.time() - 10
    os.utime(source, (long_ago, long_ago))
    py_compile.compile(str(source), doraise=True)
    forget_compiled(tmp_path)
    assert compiled.exists()
