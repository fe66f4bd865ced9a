"""What the reports in VigiBase say."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.letter import extract as source
from analysis.letter.answers.vigibase import values
from analysis.letter.study import Study
from manuscript.values.value import Value


def vigibase(study: Study) -> Iterator[Value]:
    """Describe the reports of leukemia with lenalidomide."""
    path = source.extract_path().relative_to(source.ROOT)
    yield from values(study.reports, path.as_posix())
