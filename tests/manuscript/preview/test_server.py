import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from manuscript.preview.renders import Renders
from manuscript.preview.server import Server


class Press:
    """Stands in for a render: writes what the source says, or fails."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def __call__(self, folder: Path, to: str) -> str:
        text = self.source.read_text(encoding="utf-8")
        if "broken" in text:
            return "index.qmd:1: broken; mend it"
        folder.mkdir(exist_ok=True)
        page = f"<html><body>{text}<script>1</script></body></html>"
        (folder / f"index.{to}").write_text(page, encoding="utf-8")
        return ""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "index.qmd").write_text("first", encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    renders = Renders(project, project / "_output", Press(project / "index.qmd"))
    with Server(renders, 0) as server:
        threads = [
            threading.Thread(target=renders.watch),
            threading.Thread(target=server.serve_forever, args=(0.01,)),
        ]
        for thread in threads:
            thread.start()
        yield server
        renders.stop()
        server.shutdown()
        for thread in threads:
            thread.join()


def get(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, dict(response.getheaders()), body


def rendered(server: Server, version: int) -> None:
    state = server.renders.state
    while state.version < version and not state.fault:
        state = server.renders.wait(state, 30)


def path_of(server: Server, name: str) -> str:
    return f"/{server.token}/{name}"


def test_the_page_is_served_with_strict_headers(server: Server) -> None:
    rendered(server, 1)
    status, headers, body = get(server, urlsplit(server.address).path)
    assert status == 200
    assert b"first" in body
    policy = headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert "default-src 'none'" in policy
    assert body.count(f'nonce="{nonce}"'.encode()) == body.count(b"<script") == 2
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/wrong/index.html",
        "/{token}/../index.qmd",
        "/{token}/%2e%2e/index.qmd",
        "/{token}/..%2findex.html",
        "/{token}/.hidden.html",
        "/{token}/index.qmd",
        "/{token}/none.html",
    ],
)
def test_nothing_else_is_served(server: Server, path: str) -> None:
    rendered(server, 1)
    status, _, body = get(server, path.replace("{token}", server.token))
    assert (status, body) == (404, b"")


def test_a_page_of_another_site_is_refused(server: Server) -> None:
    host = f"evil.example:{server.server_port}"
    status, _, body = get(server, path_of(server, "index.html"), Host=host)
    assert (status, body) == (403, b"")


@pytest.mark.parametrize(
    "asked",
    ["GET http://[ HTTP/1.1", "GET /{token}/events?seen={nines} HTTP/1.1", "\xff"],
)
def test_a_crafted_request_is_answered_and_nothing_printed(
    server: Server, capfd: pytest.CaptureFixture[str], asked: str
) -> None:
    line = asked.format(token=server.token, nines="9" * 5000)
    address = "127.0.0.1", server.server_port
    with socket.create_connection(address, timeout=30) as guest:
        host = f"Host: 127.0.0.1:{server.server_port}"
        guest.sendall(f"{line}\r\n{host}\r\n\r\n".encode("latin-1"))
        assert guest.recv(100)
    assert get(server, path_of(server, "events/none"))[0] == 404
    assert capfd.readouterr().err == ""


def test_a_link_is_not_followed(server: Server, project: Path) -> None:
    rendered(server, 1)
    (project / "secret.html").write_text("secret", "utf-8")
    (server.renders.folder / "linked.html").symlink_to(project / "secret.html")
    assert get(server, path_of(server, "linked.html"))[0] == 404


def test_only_the_loopback_address_is_bound(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def events(server: Server, seen: int) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    connection.request("GET", path_of(server, f"events?seen={seen}"))
    return connection.getresponse()


def next_event(stream: http.client.HTTPResponse, name: str) -> str:
    while True:
        line = stream.readline().decode().strip()
        if line == f"event: {name}":
            return stream.readline().decode().removeprefix("data: ").strip()


def test_a_save_renders_and_reloads(server: Server, project: Path) -> None:
    rendered(server, 1)
    with events(server, 1) as stream:
        (project / "index.qmd").write_text("second", encoding="utf-8")
        next_event(stream, "page")
    _, _, body = get(server, path_of(server, "index.html"))
    assert b"second" in body


def test_a_fault_is_told_and_the_last_good_page_stays(
    server: Server, project: Path
) -> None:
    rendered(server, 1)
    with events(server, 1) as stream:
        (project / "index.qmd").write_text("broken", encoding="utf-8")
        fault = json.loads(next_event(stream, "fault"))
    assert fault == "index.qmd:1: broken; mend it"
    _, _, body = get(server, path_of(server, "index.html"))
    assert b"first" in body


def test_the_pdf_is_made_on_request(server: Server, project: Path) -> None:
    rendered(server, 1)
    assert not (project / "_output" / "index.pdf").exists()
    status, headers, body = get(server, path_of(server, "index.pdf"))
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert b"first" in body
