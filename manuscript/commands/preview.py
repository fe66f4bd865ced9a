"""``python -m manuscript preview``: the page beside the editor, as it is saved."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path
from typing import Any


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
    from manuscript.preview.renders import Renders
    from manuscript.preview.server import Server
    from manuscript.source.documents import find_root

    root = find_root(Path.cwd())
    renders = Renders(root, root / ".manuscript" / "preview")
    with Server(renders, arguments.port) as server:
        watcher = threading.Thread(target=renders.watch, daemon=True)
        watcher.start()
        supplement = server.address.replace("index.html", "supplement.html")
        pdf = server.address.replace("index.html", "index.pdf")
        print(f"letter      {server.address}\nsupplement  {supplement}")
        print(f"PDF         {pdf}\nCtrl-C ends the preview", flush=True)
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            print("preview ended")
        finally:
            renders.stop()
            watcher.join()
    return 0
