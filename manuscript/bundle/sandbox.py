"""Programs of others run without what is the caller's, and within limits."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from manuscript.errors import ManuscriptError
from manuscript.values import temporary_folder

SECONDS = 3_600
PROCESSES = 512
FILE_BYTES = 1 << 32
# What a program of others may know of the caller: where programs are.
PASSED = ("PATH",)
# And where packages come from, while they are installed.
FOR_PACKAGES = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE"),
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
)


# An empty folder over the home folder, and in it what is needed, as it was.
_HIDE = """home=$1 hold=$2; shift 2
mount --rbind "$home" "$hold" && mount -t tmpfs none "$home" || exit 125
while [ "$1" != "--" ]; do
  mkdir -p "$home/$1" && mount --bind "$hold/$1" "$home/$1" || exit 125
  shift
done
shift
umount -l "$hold" && cd "$PWD" && exec "$@"
"""


@dataclass(frozen=True)
class Done:
    """How a program ended, and what it could not reach.

    Attributes
    ----------
    status : int
    walls : tuple of str
        Of ``network`` and ``home``: what it was kept from.
    """

    status: int
    walls: tuple[str, ...]


def clean(more: Mapping[str, str], passed: Sequence[str] = PASSED) -> dict[str, str]:
    """Make an environment of nothing but what is named."""
    return {name: os.environ[name] for name in passed if name in os.environ} | dict(
        more
    )


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    network: bool = False,
    reads: Sequence[Path] = (),
) -> Done:
    """Run a program of others, pass on what it prints, and end all that it started.

    Where the machine offers namespaces (``unshare``) the program has no network,
    sees no process but its own, and finds an empty folder in place of the caller's
    home, in which there is nothing but ``reads``.

    Parameters
    ----------
    command, folder, environment
        As of :func:`subprocess.run`.
    seconds : float
        After which it is ended.
    network : bool
        Leave it the network.
    reads : sequence of Path
        What it needs to read.

    Raises
    ------
    ManuscriptError
        When it takes too long.
    """
    with temporary_folder() as hold:
        prefix, walls = _walls((folder, *reads), hold, network=network)
        process = subprocess.Popen(
            [*prefix, *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_limit,
        )
        status = _ended(process, seconds)
    return Done(status, walls)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int:
    # What it prints passes through this process, which writes it safely.
    printer = threading.Thread(target=_pass_on, args=(process,), daemon=True)
    printer.start()
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ManuscriptError(
            "bundle",
            0,
            f"the program in it has not ended after {seconds:g} s",
            "run it by hand, where you would run any program you were sent",
        ) from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        printer.join(5)


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 2 * SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NPROC, _processes()),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))


def _processes() -> int:
    """Let it start some more than the user has: the limit counts all of them."""
    try:
        running = sum(1 for path in Path("/proc").iterdir() if path.name.isdecimal())
    except OSError:
        running = 0
    return 4 * running + PROCESSES


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    with suppress(OSError, ValueError), process.stdout as lines:
        while line := lines.readline(10_000):
            sys.stderr.write("  | " + line.decode("utf-8", "replace").rstrip() + "\n")


def _walls(
    needed: Sequence[Path], hold: Path, *, network: bool
) -> tuple[list[str], tuple[str, ...]]:
    """Find a command that runs another within walls, and name these."""
    if not shutil.which("unshare"):
        return [], ()
    base = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
    base += ["--mount", "--mount-proc"]
    names: list[str] = []
    if not network:
        base.append("--net")
        names.append("network")
    home = Path.home().resolve()
    inside = [path.resolve() for path in needed]
    if home.is_dir() and home not in (*inside, Path("/")):
        kept = [
            str(path.relative_to(home)) for path in inside if path.is_relative_to(home)
        ]
        hidden = [*base, "sh", "-c", _HIDE, "sh", str(home), str(hold), *kept, "--"]
        if _works(hidden):
            return hidden, (*names, "home")
    return (base, tuple(names)) if _works(base) else ([], ())


def _works(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run([*command, "true"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
