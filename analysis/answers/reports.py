"""What the reports in VigiBase say."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.study import Study
from analysis.value import Value
from analysis.vigibase import source
from analysis.vigibase.values import values


def vigibase(study: Study) -> Iterator[Value]:
    """Describe the reports of leukemia with lenalidomide."""
    path = source.extract_path().relative_to(source.ROOT)
    yield from values(study.reports, path.as_posix())
