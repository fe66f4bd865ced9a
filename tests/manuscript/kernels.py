"""Kernels of tests: copies of one process that has loaded what every kernel loads.

As the press makes those of documents that are rendered together
(:mod:`manuscript.execute.nursery`), but for any folder and any environment.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from manuscript.execute import kernel, nursery

MOTHER = Path(__file__).with_name("mother.py")
started_by_itself = kernel._started


@contextmanager
def copied(folder: Path) -> Iterator[None]:
    """Let kernels be copies within the block, where processes can be copied."""
    making = threading.Lock()
    mothers: dict[str, nursery.Nursery] = {}

    def started(
        arguments: Sequence[str],
        root: Path,
        environment: dict[str, str],
        errors: Path,
    ) -> nursery.Process:
        read = json.dumps(_read_at_start(environment), sort_keys=True)
        with making:
            if read not in mothers:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(nursery, "_PROGRAM", MOTHER)
                    mothers[read] = nursery.Nursery(
                        folder, environment, "", (), values=""
                    )
                held.callback(mothers[read].close)
        asked = {"folder": str(root), "environment": environment}
        errors.with_name("asked").write_text(json.dumps(asked), "utf-8")
        never = threading.Event()
        made = mothers[read].copy(arguments, errors.parent, errors, never)
        return made or started_by_itself(arguments, root, environment, errors)

    with ExitStack() as held, pytest.MonkeyPatch.context() as patch:
        if nursery.possible():
            patch.setattr(kernel, "_started", started)
        yield


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables that a process reads as it starts, and a copy no more."""
    return {k: v for k, v in environment.items() if k.startswith("PYTHON")}
