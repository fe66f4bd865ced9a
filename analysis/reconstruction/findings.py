"""What was found about a file of constraints, kept beside it.

``letter.yml`` has its tables in ``letter.npz`` and what follows from them in
``letter.json``, which names the file that it was made from by digest: findings
never outlive their constraints.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.reconstruction.consequences import Consequence, Spread, consequences

if TYPE_CHECKING:
    # Reading what was found needs nothing of what found it.
    from analysis.reconstruction.sampler import Ensemble

Counts = NDArray[np.int64]


class StaleFindingsError(ValueError):
    """Raised for findings that were made from other constraints or tables."""


@dataclass(frozen=True)
class Pattern:
    """Events of the trials that have any, and how near a table came.

    Attributes
    ----------
    events : tuple of (str, int, int)
        Class, events treated and events control of each trial with events or
        of known size.
    tables : int
        Tables of the ensemble.
    starts : int
        Starts spent on it.
    closest : float
        Least misfit met, in widths of rounding intervals; 0 where there are
        tables.
    """

    events: tuple[tuple[str, int, int], ...]
    tables: int
    starts: int
    closest: float


@dataclass(frozen=True)
class Findings:
    """What holds in the tables that say all that was published.

    Attributes
    ----------
    source : str
        The publication.
    seed, tables : int
        The seed of the ensemble and its number of distinct tables.
    enumerated : int
        Patterns of events in the splits not proved impossible.
    complete : bool
        Whether that is all of them.
    pinned : mapping of str to int
        What is proved to be the same in every table.
    patterns : tuple of Pattern
        Those not proved impossible.
    consequences : tuple of Consequence
    digest : str
        Of the constraints and the tables.
    """

    source: str
    seed: int
    tables: int
    enumerated: int
    complete: bool
    pinned: Mapping[str, int]
    patterns: tuple[Pattern, ...]
    consequences: tuple[Consequence, ...]
    digest: str = ""

    @classmethod
    def of(cls, ensemble: Ensemble) -> Findings:
        """Work out what holds in an ensemble."""
        space = ensemble.space
        tables = np.bincount(ensemble.pattern, minlength=len(space.patterns))
        trials = space.problem.trials
        return cls(
            source=space.problem.source,
            seed=ensemble.seed,
            tables=len(ensemble),
            enumerated=space.enumerated,
            complete=space.complete,
            pinned=space.pinned(),
            patterns=tuple(
                Pattern(
                    tuple(
                        (trial.group, int(a), int(c))
                        for trial, (a, c) in zip(trials, events, strict=True)
                        if a + c or trial.patients != (None, None)
                    ),
                    int(tables[i]),
                    int(ensemble.starts[i]),
                    # No further digits: those depend on the processor.
                    round(float(ensemble.closest[i]), 3),
                )
                for i, events in enumerate(space.patterns)
            ),
            consequences=consequences(ensemble.tables, space.problem)
            if len(ensemble)
            else (),
        )

    @property
    def reached(self) -> int:
        """Patterns of events with a table."""
        return sum(pattern.tables > 0 for pattern in self.patterns)

    @property
    def nearest_miss(self) -> float:
        """Least misfit of the patterns without a table; infinite if there are none."""
        return min((p.closest for p in self.patterns if not p.tables), default=math.inf)

    def __getitem__(self, key: str) -> Consequence:
        """Return the consequence of a key."""
        return next(one for one in self.consequences if one.key == key)


def write(path: Path, findings: Findings, tables: Counts) -> None:
    """Keep tables and findings beside the constraints in ``path``.

    Raises
    ------
    OSError
        If they cannot be written; what was there before then stays.
    """
    packed = io.BytesIO()
    np.savez_compressed(packed, tables=tables.astype(np.int32))
    digest = _digest(path.read_bytes(), packed.getvalue())
    kept = _plain(asdict(replace(findings, digest=digest)))
    content = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}-") as aside:
        for suffix, made in ((".npz", packed.getvalue()), (".json", content.encode())):
            (Path(aside) / suffix).write_bytes(made)
        for suffix in (".npz", ".json"):
            (Path(aside) / suffix).replace(path.with_suffix(suffix))


def read(path: Path) -> Findings:
    """Read the findings about the constraints in ``path``.

    Raises
    ------
    StaleFindingsError
        If constraints or tables have changed since, or findings are missing.
    """
    mend = f"run: python -m analysis reconstruct {os.path.relpath(path)} --save"
    kept, tables = path.with_suffix(".json"), path.with_suffix(".npz")
    if not (kept.exists() and tables.exists()):
        raise StaleFindingsError(f"no findings about {path.name}; {mend}")
    content = json.loads(kept.read_text(encoding="utf-8"))
    if content["digest"] != _digest(path.read_bytes(), tables.read_bytes()):
        raise StaleFindingsError(
            f"{kept.name} was made from another {path.name} or its tables; {mend}"
        )
    content["patterns"] = tuple(
        Pattern(
            tuple(tuple(trial) for trial in p["events"]),
            p["tables"],
            p["starts"],
            math.inf if p["closest"] is None else p["closest"],
        )
        for p in content["patterns"]
    )
    content["consequences"] = tuple(_consequence(c) for c in content["consequences"])
    return Findings(**content)


def read_tables(path: Path) -> Counts:
    """Read the tables kept beside the constraints in ``path``, (tables, k, 4)."""
    with np.load(path.with_suffix(".npz")) as archive:
        tables: Counts = archive["tables"].astype(np.int64)
    return tables


def _digest(constraints: bytes, tables: bytes) -> str:
    # A checkout may end its lines otherwise.
    made = hashlib.sha256(constraints.replace(b"\r\n", b"\n"))
    made.update(tables)
    return made.hexdigest()


def _consequence(content: dict[str, Any]) -> Consequence:
    spreads = {
        name: None if content[name] is None else Spread(**_numbers(content[name]))
        for name in ("estimate", "p")
    }
    significant = content["significant"]
    content["significant"] = math.nan if significant is None else significant
    return Consequence(**{**content, **spreads})


def _numbers(content: Mapping[str, float | None]) -> dict[str, float]:
    return {k: math.nan if x is None else x for k, x in content.items()}


def _plain(content: Any) -> Any:
    """Return content that JSON can hold: no number but finite ones."""
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, float):
        return float(f"{content:.10g}") if math.isfinite(content) else None
    return content
