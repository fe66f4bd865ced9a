"""Pack ``partials/reference/`` into ``partials/reference.docx``.

The folder holds the styles, page, header and footer of the Word manuscript as
readable XML; pandoc wants them zipped. Run by hand after a change:
``python -m manuscript.compose.formats.reference_docx``. Equal folders give equal bytes.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

PARTIALS: Final = Path(__file__).parents[3] / "partials"
FIRST: Final = "[Content_Types].xml"  # where readers of the format expect it


def pack(folder: Path, target: Path) -> None:
    """Zip a folder as an Office document.

    Parameters
    ----------
    folder : Path
        Its files become the parts of the document.
    target : Path
        The file to write or replace.

    Raises
    ------
    FileNotFoundError
        The folder has no ``[Content_Types].xml``.
    """
    if not (folder / FIRST).is_file():
        raise FileNotFoundError(f"{folder / FIRST} is missing: not an Office document")
    parts = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != FIRST, name)):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, parts[name].read_bytes())


if __name__ == "__main__":
    pack(PARTIALS / "reference", PARTIALS / "reference.docx")
