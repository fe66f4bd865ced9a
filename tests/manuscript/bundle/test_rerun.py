"""A re-run gives the bundle's program nothing, ends it, and says what it shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from manuscript.bundle import archive, sandbox, verify
from manuscript.bundle.archive import DamagedError
from manuscript.bundle.trusted import Trusted
from manuscript.errors import ManuscriptError
from tests.hostile.targets import sealed
from tests.manuscript.bundle.conftest import commit, git

LEDGER = b'{"values": [], "claims": [], "floats": []}'
# Copies what it was told to answer, and tries what it must not reach.
FORGER = """
import os, subprocess, sys
from pathlib import Path
into = Path(sys.argv[sys.argv.index("--into") + 1])
(into / "ledger.json").write_text(os.environ.get("LEDGER", '{ledger}'))
(into / "letter.html").write_bytes(b"<p>")
print("INTACT\\x1b[2J forged " + repr(sorted(os.environ)))
"""


def bundle(folder: Path, program: str, **more: bytes) -> verify.Bundle:
    path = folder / "bundle.zip"
    # A package without ``__init__`` gives way to one that is installed in place.
    files = {"source/manuscript/__init__.py": b"", "letter.html": b"<p>"}
    files["source/manuscript/__main__.py"] = program.encode()
    path.write_bytes(sealed({**files, "source/data.csv": b"1", **more}))
    return verify.check(path)


def walled() -> bool:
    command = ["unshare", "--user", "--map-root-user", "--mount", "--net", "true"]
    return bool(shutil.which("unshare")) and not subprocess.run(command).returncode


def test_a_forger_repeats_itself_and_the_verdict_says_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    forged = bundle(tmp_path, FORGER.replace("{ledger}", LEDGER.decode()))
    result = verify.rerun(forged, Path(sys.executable), lambda line: None)
    said = verify.verdict(forged, result, new=False)
    assert said.startswith("REPEATED: by its own program")
    assert "Not shown: that it computes it" in said
    printed = capsys.readouterr().err
    assert "  | INTACT" in printed
    assert "SECRET_TOKEN" not in printed
    if walled():
        assert result.walls == ("network", "home")


def test_a_program_of_the_reader_takes_its_place(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    (clone / "manuscript").mkdir(parents=True)
    honest = FORGER.replace("{ledger}", LEDGER.decode()).replace("<p>", "<q>")
    (clone / "manuscript/__init__.py").touch()
    (clone / "manuscript/__main__.py").write_text(honest)
    git(clone, "init", "--quiet")
    commit(clone)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True
    ).stdout.strip()
    forged = bundle(
        tmp_path,
        FORGER.replace("{ledger}", LEDGER.decode()),
        **{"source/analysis/extra.py": b"", "source/sitecustomize.py": b"1/0"},
    )
    trusted = Trusted(clone, head)
    result = verify.rerun(forged, Path(sys.executable), lambda line: None, trusted)
    assert result.differing == ("letter.html",)
    said = verify.verdict(forged, result, new=False)
    assert said.startswith(
        f"REPRODUCED, FILES DIFFER: by the program of your commit {head[:12]}"
    )
    sources = tmp_path / "sources"
    (sources / "analysis").mkdir(parents=True)
    (sources / "analysis/extra.py").write_text("")
    (sources / "data.csv").write_text("1")
    trusted.replace_program(sources)
    left = {
        p.relative_to(sources).as_posix() for p in sources.rglob("*") if p.is_file()
    }
    program = {"manuscript/__init__.py", "manuscript/__main__.py"}
    assert left == {"data.csv", *program}


@pytest.mark.parametrize(
    "made",
    ["", "7", "[]", "{}", '{"values": [7], "claims": [], "floats": []}', "[" * 9999],
)
def test_what_is_no_ledger_is_refused_in_a_line(tmp_path: Path, made: str) -> None:
    forged = bundle(tmp_path, FORGER.replace("{ledger}", made))
    with pytest.raises(ManuscriptError, match="is no ledger"):
        verify.rerun(forged, Path(sys.executable), lambda line: None)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("commit", "0" * 12 + "\nREPRODUCED: all"),
        ("commit", "HEAD"),
        ("commit", "--upload-pack=x"),
        ("platform", "Linux\x1b[2J"),
        ("platform", "\ud800"),
        ("python", "3.11\nINTACT"),
        ("engine", "--help"),
        ("date", "20231114\n22:13:20+00:00"),
        ("date", "2023-11-14\n22:13:20+00:00"),
    ],
)
def test_what_a_bundle_says_of_itself_is_of_its_form(
    tmp_path: Path, field: str, text: str
) -> None:
    whole = bundle(tmp_path, "")
    facts = json.dumps({**whole.facts, field: text}).encode()
    with pytest.raises(DamagedError) as refused:
        bundle(tmp_path, "", **{archive.FACTS: facts})
    assert "\n" not in str(refused.value)


def ran(code: str, folder: Path, **more: object) -> sandbox.Done:
    command = [sys.executable, "-c", code]
    reads = (Path(sys.prefix), Path(sys.base_prefix))
    environment = sandbox.clean({"HOME": str(folder)})
    return sandbox.run(command, folder, environment, reads=reads, **more)  # type: ignore[arg-type]


def test_what_it_started_is_ended(tmp_path: Path) -> None:
    mark = f"left_{os.getpid()}"
    sleeper = f"import time; time.sleep(300); {mark} = 1"
    ran(
        "import subprocess, sys; "
        f"subprocess.Popen([sys.executable, '-c', {sleeper!r}])",
        tmp_path,
    )
    until = time.monotonic() + 5
    while time.monotonic() < until:
        left = [
            p
            for p in psutil.process_iter(["cmdline"])
            if mark in " ".join(p.info["cmdline"] or ())
        ]
        if not left:
            return
        time.sleep(0.1)
    raise AssertionError(left)


def test_what_does_not_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ManuscriptError, match="has not ended after 1 s"):
        ran("import time; time.sleep(300)", tmp_path, seconds=1)


@pytest.mark.skipif(not walled(), reason="needs namespaces")
def test_behind_walls_there_is_no_network_and_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "needed").mkdir(parents=True)
    (home / "needed/a").write_text("a")
    (home / "secret").write_text("s3cret")
    monkeypatch.setattr(Path, "home", lambda: home)
    code = f"""
import os, socket
from pathlib import Path
home = Path({str(home)!r})
assert sorted(p.name for p in home.iterdir()) == ["needed"], list(home.iterdir())
assert (home / "needed/a").read_text() == "a"
assert not any(n.startswith("manuscript-hold-") and os.listdir("/tmp/" + n)
               for n in os.listdir("/tmp"))
try:
    socket.create_connection(("192.0.2.1", 80), 2)
except OSError as error:
    assert "unreachable" in str(error), error
else:
    raise SystemExit(3)
"""
    work = tmp_path / "work"
    work.mkdir()
    reads = (home / "needed", Path(sys.prefix), Path(sys.base_prefix))
    done = sandbox.run(
        [sys.executable, "-c", code], work, sandbox.clean({}), reads=reads
    )
    assert done == sandbox.Done(0, ("network", "home"))
    assert (home / "secret").read_text() == "s3cret"
