from __future__ import annotations

import json
import subprocess
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from manuscript.bundle import audit

ROOT = Path(__file__).parents[3]


def installed(**fields: str | list[str]) -> Any:
    metadata = Message()
    for name, values in {"Name": "x", **fields}.items():
        for value in [values] if isinstance(values, str) else values:
            metadata[name.replace("_", "-")] = value
    return SimpleNamespace(metadata=metadata)


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": "MIT AND PSF-2.0", "License": "x"}, "MIT AND PSF-2.0"),
        ({"License": "Apache 2.0"}, "Apache-2.0"),
        ({"License": "UNKNOWN"}, "unknown"),
        ({}, "unknown"),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
        (
            {
                "License": "Copyright\n the whole text",
                "Classifier": ["License :: OSI Approved :: BSD License", "Topic :: X"],
            },
            "BSD",
        ),
        ({"License": "Copyright\n the whole text"}, "unknown"),
        ({"Name": "pypandoc_binary", "License": "MIT"}, "MIT AND GPL-2.0-or-later"),
    ],
)
def test_a_licence_is_named_from_metadata(fields: dict[str, Any], licence: str) -> None:
    assert audit.licence_of(installed(**fields)) == licence


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR Apache-2.0) AND ISC", True),
        ("(MIT OR GPL-3.0-only) AND ISC", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_what_is_accepted(licence: str, accepted: bool) -> None:
    assert audit.is_accepted(licence) is accepted


def test_every_dependency_of_this_project_may_be_used() -> None:
    found = audit.licences(ROOT)
    assert len(found) > 50
    assert [each for each in found if each.fault] == []


def test_what_may_not_be_used_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = audit.distribution("pytest").version
    (tmp_path / "requirements.txt").write_text(
        f"# a comment\nno-such-package==1.0\npytest==0.1\n-r x\npytest=={version}\n"
    )
    (tmp_path / "requirements-dev.txt").write_text("")
    monkeypatch.setattr(audit, "ACCEPTED", frozenset({"ISC"}))
    assert [each.fault.split(":")[0] for each in audit.licences(tmp_path)] == [
        "is not installed",
        f"is installed as {version}",
        "has a licence that is not among those accepted",
    ]


REPORT = {
    "dependencies": [
        {"name": "a", "version": "1", "vulns": []},
        {
            "name": "b",
            "version": "2",
            "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}],
        },
        {"name": "c", "skip_reason": "not found"},
    ]
}


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (json.dumps(REPORT), audit.Known(("b 2: PYSEC-1, mended in 3",))),
        (
            "",
            audit.Known((), "pip-audit could not ask its service (no route)"),
        ),
        (
            "[]",
            audit.Known((), "pip-audit could not ask its service (no route)"),
        ),
    ],
)
def test_known_faults_are_told_from_what_cannot_be_known(
    monkeypatch: pytest.MonkeyPatch, said: str, known: audit.Known
) -> None:
    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, said, "Traceback\nno route\n")

    monkeypatch.setattr(audit, "which", lambda name: name)
    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.known_faults(ROOT) == known


def test_a_service_that_does_not_answer_is_no_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 120)

    monkeypatch.setattr(audit, "which", lambda name: name)
    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.known_faults(ROOT).unknown
    monkeypatch.setattr(audit, "which", lambda name: None)
    assert "pipx install pip-audit" in audit.known_faults(ROOT).unknown
