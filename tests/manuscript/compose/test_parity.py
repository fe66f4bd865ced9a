"""The built-in engine held against what real Quarto made of small documents.

The cases and the tool that compares lie beside the project; where they do, and
in continuous integration, as it takes a minute or two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.manuscript.conftest import Command

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"
CASES = SHARED / "reference" / "quarto" / "cases"
TOOL = SHARED / "tools" / "quarto_parity.py"


@pytest.fixture
def tool(command: Command, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tool, which renders in this process and asks nobody twice."""
    spec = util.spec_from_file_location("quarto_parity", TOOL)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    asked: dict[str, Any] = {}

    def run(given: list[str], *, cwd: Any = None, **how: Any) -> Any:
        if given[1:3] == ["-m", "manuscript"]:
            with pytest.MonkeyPatch.context() as patch:
                for name, value in how["env"].items():
                    patch.setenv(name, value)
                said = command(cwd, *given[3:])
            return SimpleNamespace(
                returncode=said.status, stdout=said.said, stderr=said.complained
            )
        if given[1] != "-c":
            return subprocess.run(given, cwd=cwd, **how)
        if given[2] not in asked:
            asked[given[2]] = subprocess.run(given, **how)
        return asked[given[2]]

    expired = subprocess.TimeoutExpired
    monkeypatch.setattr(
        module, "subprocess", SimpleNamespace(run=run, TimeoutExpired=expired)
    )
    return module


@pytest.mark.long
@pytest.mark.skipif(
    not (TOOL.is_file() and CASES.is_dir() and "CI" in os.environ),
    reason="runs in CI, where the recorded cases lie beside the project",
)
def test_no_case_differs_from_what_quarto_made_of_it(tool: Any) -> None:
    found: dict[str, list[str]] = {}
    for case in sorted(path.parent for path in CASES.glob("*/expected.json")):
        common = CASES.parent / "common"
        verdict, lines = tool.judge(case, common, sys.executable, ROOT, None)
        found.setdefault(verdict, []).append("\n".join([case.name, *lines]))
    wrong = [
        told for verdict in ("DIFFERENT", "CRASH") for told in found.get(verdict, [])
    ]
    assert not wrong, "\n".join(wrong)
    assert len(found["SAME"]) >= 75
