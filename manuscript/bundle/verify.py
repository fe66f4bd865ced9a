"""Whether a bundle is what it was, and whether it gives again what it holds.

The first needs nothing but the file. The second runs the program in the bundle, in
a folder and an environment of its own, and compares what it makes with what the
bundle holds.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from manuscript.bundle import archive, build, sandbox
from manuscript.bundle.archive import Damage, DamagedError
from manuscript.bundle.build import Commit
from manuscript.bundle.contents import FORMAT, SOURCES
from manuscript.bundle.described import exchange, review
from manuscript.bundle.trusted import Trusted
from manuscript.compose import EARLIEST, LATEST, Say
from manuscript.errors import ManuscriptError
from manuscript.record import NAME as LEDGER
from manuscript.record import diff, valid
from manuscript.values import on_one_line, temporary_folder

# What a bundle may say of itself is printed, and given to programs.
_TEXTS = {
    "commit": r"[0-9a-f]{40}|[0-9a-f]{64}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)?",
    "engine": r"builtin|quarto",
    "python": r"[0-9]+\.[0-9]+[0-9a-z.+]{0,20}",
    "platform": r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,80}",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_FACTS = (
    *(KeyError, TypeError, ValueError, AttributeError),
    *(OverflowError, RecursionError),
)

# They name the environment, or the sum of the file that does.
_OF_THE_RUN = {archive.FACTS, archive.SUMS, review.NAME}


@dataclass(frozen=True)
class Bundle:
    """A bundle that is whole.

    Attributes
    ----------
    files : dict
        Contents by name.
    facts : dict
        What ``bundle.json`` says.
    digest : str
        SHA-256 of the zip file.
    """

    files: Mapping[str, bytes]
    facts: Mapping[str, Any]
    digest: str

    @property
    def commit(self) -> Commit:
        """The commit that it was made of."""
        return Commit(str(self.facts["commit"]), build.recorded(self.facts["date"]))

    @property
    def ledger(self) -> Mapping[str, Any]:
        """Its values, claims, figures and tables."""
        ledger: Mapping[str, Any] = json.loads(self.files[LEDGER])
        return ledger


@dataclass(frozen=True)
class Rerun:
    """How what was made again compares with what the bundle holds.

    Attributes
    ----------
    values, claims : int
        How many the ledger of the bundle has.
    exact : int
        Values equal to the last bit.
    changes : tuple of Change
        Values and claims that differ.
    same : int
        Files that are equal byte by byte.
    differing : tuple of str
        Files that differ, are missing or are new.
    walls : tuple of str
        What the program was kept from: ``network``, ``home``.
    trusted : str
        Commit of the reader's own that the program was taken from; empty where it
        was the bundle's.
    """

    values: int
    claims: int
    exact: int
    changes: tuple[diff.Change, ...]
    same: int
    differing: tuple[str, ...]
    walls: tuple[str, ...] = ()
    trusted: str = ""


def check(path: Path) -> Bundle:
    """Check a bundle down to its last byte.

    Raises
    ------
    DamagedError
        Naming each file that is missing, new or not as it was bundled.
    """
    files = archive.read(path)
    if damages := archive.differences(files):
        raise DamagedError(damages)
    facts = _facts(files)
    if facts["format"] > 1 and (damages := list(_accounts(files, facts))):
        raise DamagedError(damages)
    with tempfile.TemporaryFile() as rewritten:
        archive.write(files, rewritten, build.recorded(facts["date"]))
        if damage := archive.foreign_byte(path, rewritten, files):
            raise DamagedError([damage])
    return Bundle(files, facts, hashlib.sha256(path.read_bytes()).hexdigest())


def _facts(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    try:
        facts = json.loads(files[archive.FACTS])
        date = build.recorded(facts["date"])
        known = facts["format"] in range(1, FORMAT + 1) and EARLIEST <= date <= LATEST
        said = all(re.fullmatch(form, facts[name]) for name, form in _TEXTS.items())
        if known and said and not valid.fault(json.loads(files[LEDGER])):
            return dict(facts)
    except _NO_FACTS:
        pass
    what = "is missing, or not as in a bundle of this program"
    raise DamagedError([Damage(f"{archive.FACTS}, {LEDGER}", what)])


def _accounts(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> Iterator[Damage]:
    """Find what the manifest and the account for reviewers say wrongly."""
    names, ledger = list(files), json.loads(files[LEDGER])
    manifest, account = files.get(exchange.NAME), files.get(review.NAME)
    if manifest is None or account is None:
        yield Damage(f"{exchange.NAME}, {review.NAME}", "are not both there")
        return
    for what in exchange.differences(manifest, names):
        yield Damage(exchange.NAME, what)
    for what in review.differences(account, facts, ledger, names):
        yield Damage(review.NAME, what)


def rerun(
    bundle: Bundle, python: Path | None, say: Say, trusted: Trusted | None = None
) -> Rerun:
    """Make a bundle again from its own sources, and compare.

    Its program gets nothing of the caller's environment; :mod:`.sandbox` tells what
    else it is kept from.

    Parameters
    ----------
    bundle : Bundle
    python : Path or None
        Interpreter of an environment that is there; without it a new one is set
        up from the bundle's pins.
    say : callable
        Takes a line on each step that is done.
    trusted : Trusted, optional
        Takes the place of the bundle's program.

    Raises
    ------
    ManuscriptError
        When the environment cannot be set up or the sources do not render.
    """
    with temporary_folder() as scratch:
        folder = scratch / "bundle"
        for name, data in bundle.files.items():
            if name.startswith(f"{SOURCES}/"):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        if trusted is not None:
            trusted.replace_program(folder / SOURCES)
        if python is None:
            python = _environment(folder / SOURCES, scratch / "venv")
            say("environment set up from the bundle's pins")
        engine = str(bundle.facts["engine"])
        walls = build.fill(python, folder, bundle.commit, engine, walled=True)
        compared = _compare(bundle, _made(folder))
        return replace(compared, walls=walls, trusted=trusted.commit if trusted else "")


def _made(folder: Path) -> Mapping[str, bytes]:
    """Read what a program of others has made, without trusting it."""
    files = archive.gather(folder)
    try:
        found = valid.fault(json.loads(files[LEDGER]))
    except _NO_FACTS as error:
        found = f"{type(error).__name__}: {error}"
    if found:
        raise ManuscriptError(
            LEDGER,
            0,
            f"what the program in the bundle made is no ledger: {on_one_line(found)}",
            "ask its authors for a bundle that this program has made",
        )
    return files


def _environment(sources: Path, folder: Path) -> Path:
    setup = [str(sources / "setup_venv.py"), str(folder)]
    done = sandbox.run(
        [sys.executable, *setup, str(sources / "requirements.txt")],
        folder.parent,
        sandbox.clean(
            {"HOME": str(folder.parent), "PYTHONUTF8": "1"},
            (*sandbox.PASSED, *sandbox.FOR_PACKAGES),
        ),
        network=True,
        reads=(Path(sys.prefix), Path(sys.base_prefix)),
    )
    if done.status:
        raise ManuscriptError(
            "requirements.txt",
            0,
            "the environment of the bundle cannot be set up",
            "see above; or name one that has its packages: --python",
        )
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def _compare(bundle: Bundle, again: Mapping[str, bytes]) -> Rerun:
    was, now = bundle.ledger, json.loads(again[LEDGER])
    numbers = {value["key"]: value["number"] for value in now["values"]}
    names = (bundle.files.keys() | again.keys()) - _OF_THE_RUN
    made = sorted(name for name in names if not name.startswith(f"{SOURCES}/"))
    differing = [name for name in made if bundle.files.get(name) != again.get(name)]
    return Rerun(
        len(was["values"]),
        len(was["claims"]),
        sum(
            value["key"] in numbers and numbers[value["key"]] == value["number"]
            for value in was["values"]
        ),
        tuple(
            change
            for change in diff.compare(was, now)
            if change.kind in ("value", "claim")
        ),
        len(made) - len(differing),
        tuple(differing),
    )


def statement(bundle: Bundle) -> str:
    """Say what was checked of a bundle and what was not, in words to quote."""
    return (
        f"INTACT: all {len(bundle.files)} files have the sums that SHA256SUMS lists, "
        f"and every byte of the zip file is as this program writes those files. The "
        f"bundle says that it was made from commit {bundle.commit.id[:12]} on "
        f"{bundle.facts['date'][:10]}.\n"
        f"SHA-256 of the zip file, to be quoted: {bundle.digest}\n"
        "Not checked: whether a file and its sum were changed together, which the "
        "digest tells where its authors quote it (--digest), and whether the sources "
        "give these files, which --rerun tells."
    )


def quoted(bundle: Bundle, digest: str) -> bool:
    """Tell whether a bundle is the one whose digest is quoted.

    Parameters
    ----------
    bundle : Bundle
    digest : str
        SHA-256 in hexadecimal digits; spaces and case do not matter.

    Raises
    ------
    ManuscriptError
        For what is no such digest.
    """
    plain = "".join(digest.split()).lower()
    if not _DIGEST.fullmatch(plain):
        raise ManuscriptError(
            "--digest",
            0,
            f"`{digest}` is no SHA-256, which has 64 hexadecimal digits",
            "copy the whole of what the authors quote",
        )
    return plain == bundle.digest


def verdict(bundle: Bundle, result: Rerun, new: bool) -> str:
    """Say what a re-run gave, in words that can be quoted.

    Parameters
    ----------
    bundle : Bundle
    result : Rerun
    new : bool
        Whether the environment was set up for it.
    """
    total = result.same + len(result.differing)
    lines = []
    if result.changes:
        word = "NOT REPRODUCED"
        values = f"{len(result.changes)} values or claims differ"
        lines = ["", diff.as_text(result.changes).rstrip()]
    else:
        word = "REPRODUCED" if result.trusted else "REPEATED"
        word += ", FILES DIFFER" if result.differing else ""
        values = (
            f"all {result.values} values and {result.claims} claims of the ledger are "
            f"equal, {result.exact} values to the last bit"
        )
    where = f"Python {bundle.facts['python']} on {bundle.facts['platform']}"
    here = f"{platform.system()} {platform.machine()}"
    environment = (
        f"a new environment with Python {platform.python_version()} on {here}"
        if new
        else f"an environment that was there, on {here}"
    )
    program = (
        f"by the program of your commit {result.trusted[:12]} from its data and prose"
        if result.trusted
        else "by its own program from its sources alone"
    )
    text = (
        f"{word}: {program}, in {environment} (bundled with {where}), "
        f"{values}; {result.same} of {total} files are identical byte for byte."
    )
    if result.differing:
        lines = [
            *(f"  differs: {on_one_line(name)}" for name in result.differing),
            *lines,
        ]
    return "\n".join([text, _shown(result), *lines])


def _shown(result: Rerun) -> str:
    """Say what a re-run shows, and what it does not."""
    walls = {"network": "the network", "home": "the home folder"}
    kept = " and ".join(walls[name] for name in result.walls)
    ran = f"It ran without your environment{' and kept from ' * bool(kept)}{kept}"
    if "home" not in result.walls:
        ran += "; it could read your files"
    if result.trusted:
        return (
            "Shown: your program computes these values from the bundle's data. "
            f"Not shown: that the data are true. {ran}."
        )
    return (
        "Shown: the bundle's program gives again what the bundle holds. Not shown: "
        "that it computes it, as a program can hold its answers, nor that the data "
        "are true; "
        f"--trusted REVISION runs a program of your own clone instead. {ran}."
    )
