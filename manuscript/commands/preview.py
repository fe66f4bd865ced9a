"""``python -m manuscript preview``: the page beside the editor, as it is saved."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manuscript.errors import ManuscriptError

if TYPE_CHECKING:
    from manuscript.source import Project


def add_parser(subparsers: Any) -> None:
    """Add the parser of this command."""
    parser = subparsers.add_parser(
        "preview", help="show the page and render it again on every save"
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="a fixed port; any free one if not given"
    )


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65535:
        raise argparse.ArgumentTypeError(f"{given} is no port; choose 0 to 65535")
    return int(given)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from manuscript.preview import Renders, Server
    from manuscript.source import Project, find_root

    root = find_root(Path.cwd())
    renders = Renders(root, root / ".manuscript" / "preview")
    try:
        serving = Server(renders, arguments.port)
    except OSError as error:
        what = f"{arguments.port} cannot be served: {error.strerror}"
        mend = "choose another port, or leave it out for any that is free"
        raise ManuscriptError("--port", 0, what, mend) from error
    with serving as server:
        watcher = threading.Thread(target=renders.watch, daemon=True)
        watcher.start()
        print(_addresses(Project.load(root), server.address))
        print("Ctrl-C ends the preview", flush=True)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            print("preview ended")
        finally:
            renders.stop()
            watcher.join()
    return 0


def _addresses(project: Project, letter: str) -> str:
    """List where each document is shown, and the PDF of the first."""
    folder = letter.rpartition("/")[0]
    named = [(each.stem, f"{each.stem}.html") for each in project.documents]
    named.append(("PDF", f"{project.documents[0].stem}.pdf"))
    widest = max(len(name) for name, _ in named)
    return "\n".join(f"{name:{widest}}  {folder}/{file}" for name, file in named)
