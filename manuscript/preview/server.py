"""Serves the preview on the loopback address, to whoever holds the token."""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from manuscript.preview import page
from manuscript.preview.renders import Renders, State

LOOPBACK = "127.0.0.1"
HEARTBEAT = 15.0

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Server(ThreadingHTTPServer):
    """An HTTP server of one project's preview.

    Parameters
    ----------
    renders : Renders
    port : int
        0 for any that is free.
    """

    daemon_threads = True

    def __init__(self, renders: Renders, port: int) -> None:
        self.renders = renders
        self.token = secrets.token_urlsafe(24)
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, *args: object) -> None:
        """Say nothing of a guest that went away, or that never was one."""

    @property
    def address(self) -> str:
        """Where the letter is, token included."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.token}/index.html"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version = "preview"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[int] = 60

    def do_GET(self) -> None:
        name = self._asked()
        if name is None:
            return
        if name == "events":
            self._events()
        elif name.endswith(".html"):
            self._html(name)
        elif name.endswith(".pdf"):
            self._pdf(name)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def log_message(self, *args: object) -> None:
        """Say nothing: the address holds the token."""

    def _asked(self) -> str | None:
        """Name of the file asked for; a stranger is answered with an error."""
        port = self.server.server_port
        hosts = (f"{LOOPBACK}:{port}", f"localhost:{port}")
        # Another site's page that resolves its name to this machine is no guest.
        if self.headers.get("Host", "") not in hosts:
            self._refuse(HTTPStatus.FORBIDDEN)
            return None
        try:
            path = urlsplit(self.path).path
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return None
        token, _, name = path.lstrip("/").partition("/")
        ours = self.server.token
        if not hmac.compare_digest(token.encode(), ours.encode()):
            self._refuse(HTTPStatus.NOT_FOUND)
            return None
        return name or "index.html"

    def _html(self, name: str) -> None:
        nonce = secrets.token_urlsafe(16)
        renders = self.server.renders
        version = renders.state.version
        if (content := self._file(name)) is not None:
            html = page.with_reload(content.decode("utf-8"), nonce, version)
        elif version == 0:
            html = page.waiting("Rendering …", nonce, version)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        policy = (
            "default-src 'none'; img-src data:; font-src data:; connect-src 'self'; "
            f"style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        # The rendered page's own scripts are part of it: let them run as well.
        html = html.replace("<script>", f'<script nonce="{nonce}">')
        self._answer(html.encode("utf-8"), "text/html; charset=utf-8", policy)

    def _pdf(self, name: str) -> None:
        if fault := self.server.renders.pdf():
            self._answer(fault.encode("utf-8"), "text/plain; charset=utf-8")
        elif (content := self._file(name)) is not None:
            self._answer(content, "application/pdf")
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def _file(self, name: str) -> bytes | None:
        if "/" in name or "\\" in name or name.startswith("."):
            return None
        try:
            handle = os.open(
                self.server.renders.folder / name, os.O_RDONLY | os.O_NOFOLLOW
            )
            with os.fdopen(handle, "rb") as file:
                return file.read()
        except (OSError, ValueError):
            return None

    def _events(self) -> None:
        """Tell the page of renders and faults, until it goes away."""
        query = parse_qs(urlsplit(self.path).query)
        shown = query.get("seen", ["0"])[0]
        version = int(shown) if re.fullmatch("[0-9]{1,18}", shown) else 0
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self._common_headers()
        self.end_headers()
        self.close_connection = True
        seen = State(version)
        renders = self.server.renders
        try:
            while not renders.stopped:
                state = renders.wait(seen, HEARTBEAT)
                self.wfile.write(_event(seen, state))
                self.wfile.flush()
                seen = state
        except OSError:
            return

    def _answer(self, body: bytes, kind: str, policy: str = "") -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy or "default-src 'none'")
        self._common_headers()
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self._common_headers()
        self.end_headers()

    def _common_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)


def _event(seen: State, state: State) -> bytes:
    if state.version > seen.version:
        return b"event: page\ndata: 0\n\n"
    if state.working:
        return b"event: working\ndata: 0\n\n"
    if state.fault and state != seen:
        return f"event: fault\ndata: {json.dumps(state.fault)}\n\n".encode()
    return b": still here\n\n"
