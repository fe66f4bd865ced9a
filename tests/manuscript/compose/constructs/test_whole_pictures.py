"""A picture that is damaged, or not what its name says, is none."""

from io import BytesIO

import pytest
from PIL import Image

from manuscript.compose.constructs.images import _is_whole


def drawn(kind: str) -> bytes:
    written = BytesIO()
    Image.effect_noise((40, 40), 50).save(written, kind)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif"])
def test_a_picture_of_its_kind_is_read_to_its_end(kind: str) -> None:
    whole = drawn(kind)
    assert _is_whole(whole, kind)
    assert not _is_whole(whole[: len(whole) // 2], kind)
    assert not _is_whole(b"", kind)


def test_a_picture_of_another_kind_is_none() -> None:
    assert not _is_whole(drawn("jpeg"), "png")
