"""Small papers to render whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from manuscript.__main__ import main
from manuscript.source.documents import Project
from tests.manuscript import kernels, papers

SMALL = Path(__file__).parent / "projects" / "small"


@dataclass(frozen=True)
class Answer:
    status: int
    said: str
    complained: str


Paper = Callable[..., Path]
Command = Callable[..., Answer]
Write = Callable[..., Project]


@pytest.fixture(scope="session", autouse=True)
def copied_kernels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A kernel takes 0.4 seconds to start, and a tenth of that to be copied."""
    with kernels.copied(tmp_path_factory.mktemp("kernels")):
        yield


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """A copy of the small paper, in which files can be replaced or added."""

    def make(**files: str) -> Path:
        root = tmp_path / "paper"
        shutil.copytree(SMALL, root, ignore=shutil.ignore_patterns("_output", "__*"))
        for name, text in files.items():
            path = root / name.replace("__", "/").replace("_DOT_", ".")
            path.write_text(text, "utf-8")
        return root

    return make


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Run ``python -m manuscript`` in a folder."""

    def run(folder: Path, *arguments: str) -> Answer:
        monkeypatch.chdir(folder)
        status = main(arguments)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """A project that prints known numbers, around a body of one's own."""

    def make(body: str, **more: Any) -> Project:
        return papers.write(tmp_path, body, **more)

    return make
