"""No bundle holds what its own check of names refuses."""

from pathlib import Path

from manuscript.bundle.build import _colliding


def test_names_that_differ_in_case_alone_are_refused_before_the_work(
    tmp_path: Path,
) -> None:
    (tmp_path / "img").mkdir()
    for name in ("x.JPG", "x.jpg", "y.jpg"):
        (tmp_path / "img" / name).write_bytes(b"")
    (fault,) = map(str, _colliding(tmp_path))
    assert fault.startswith("img/x.jpg: is one with 'img/x.JPG'")
