"""Extracts of these tests are not marked synthetic, so they lie where real ones do."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """Give a folder in which real reports may be converted."""
    folder = tmp_path / "restricted"
    folder.mkdir()
    return folder
