from pathlib import Path

import pytest

from analysis.plots.paper import style


def test_a_missing_typeface_says_where_it_belongs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(style, "FONTS", tmp_path)
    with pytest.raises(FileNotFoundError, match="missing from partials/fonts"):
        style._register.__wrapped__()
