import shutil
from pathlib import Path

import pytest
from matplotlib import font_manager

from analysis.plots.paper import style


def test_a_missing_typeface_says_where_it_belongs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(style, "FONTS", tmp_path)
    with pytest.raises(FileNotFoundError, match="missing from partials/fonts"):
        style._register.__wrapped__()


def test_fonts_of_the_machine_with_the_same_name_are_not_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:

    for name in ("Regular", "Bold"):
        shutil.copy(style.FONTS / "SourceSans3-Regular.ttf", tmp_path / f"{name}.ttf")
    manager = font_manager.FontManager()
    manager.ttflist[:0] = [
        font_manager.FontEntry(
            **{"fname": str(tmp_path / f"{name}.ttf"), "name": style.FAMILY},
            **{"style": "normal", "variant": "normal", "weight": weight},
            **{"stretch": "normal", "size": "scalable"},
        )
        for name, weight in (("Regular", 400), ("Bold", 700))
    ]
    monkeypatch.setattr(font_manager, "fontManager", manager)
    style._register.cache_clear()
    style.font.cache_clear()
    for bold, name in ((False, "Regular"), (True, "Bold")):
        found = manager.findfont(style.font(6, bold))
        assert Path(found) == style.FONTS / f"LiberationSans-{name}.ttf"
    style._register.cache_clear()
    style.font.cache_clear()
