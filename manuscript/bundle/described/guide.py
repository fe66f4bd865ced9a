"""The reader's guide: one page on what a bundle holds and how to run it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from manuscript.bundle.described.declared import paragraph
from manuscript.bundle.described.licenses import Licenses

NAME = "GUIDE.md"

_TEXT = """\
# Reader's guide

**{title}**

Bundle of commit {commit}, dated {day}, laid out for {journal}. Everything outside \
`source/` was made from `source/` by one command; no number in it was typed.

{data}

## Read

| what | where |
|---|---|
| {documents} | `documents/`: HTML, PDF, Word; `index` as JATS XML |
| {figures} figures | `figures/`: PDF and SVG with text kept as text, TIFF at 600 dpi; \
a picture from a file as it is |
| {tables} tables | `tables/`: Word and CSV (UTF-8, opens in spreadsheets) |
{checklists}\
| every number | `ledger.json`: value, function, data rows, and each sentence it is in |
| data | `source/data/` |
| program and text | `source/`; start at its `README.md` |
| environment | `source/requirements.txt`: every package, pinned |
| for artifact reviewers | `REVIEW.json`: hardware, software, time, what to expect |
| for submission systems | `manifest.xml` (MECA, NISO RP-30) |
| description for machines | `ro-crate-metadata.json` (RO-Crate 1.1), `bundle.json` |
| sums | `SHA256SUMS` |

In CSV files a cell that a spreadsheet would calculate begins with an apostrophe.

## Check

`sha256sum --check SHA256SUMS` (on macOS `shasum -a 256 -c SHA256SUMS`) checks the \
files. The command below checks the zip file too, down to its last byte.

## Run it again

Needed: Python 3.11 or newer and a package index. This runs the program in the \
bundle, as any re-run must; do it where you would run any program you were sent.

```sh
cd source
python3 setup_venv.py .venv requirements.txt
.venv/bin/python -m manuscript verify PATH/TO/BUNDLE.zip --rerun
```

It unpacks the bundle into an empty folder, sets up a new environment from the \
pins, makes everything again, compares the ledger value by value and the files byte \
by byte, and prints a verdict. The program gets nothing of your environment and, where \
the machine offers namespaces, neither network nor home folder; from a clone of your \
own, `--trusted REVISION` runs a program that you trust instead. To render by hand: \
`SOURCE_DATE_EPOCH={epoch} make render`, outputs in `_output/`.

This bundle was made with Python {python} on {platform}. Values are compared at \
1e-9, as the last bits of a sum can differ between processors; a file that holds \
such a sum can then differ in bytes, and the verdict names it.{time}

## License

{license}
"""


_CHECKLISTS = "| reporting checklists | `checklists/` |\n"


def write(
    facts: Mapping[str, Any],
    figures: Mapping[str, str],
    tables: int,
    *,
    checklists: bool = False,
    licenses: Licenses,
    runtime: Mapping[str, Any] | None = None,
) -> str:
    """Write the guide.

    Parameters
    ----------
    facts : mapping
        Contents of ``bundle.json``.
    figures : mapping
        File of each figure by label.
    tables : int
        How many there are.
    checklists : bool
        Whether there are reporting checklists.
    licenses : Licenses
    runtime : mapping, optional
        What was measured and committed.
    """
    moment = datetime.fromisoformat(facts["date"])
    return _TEXT.format(
        **{
            **facts,
            "data": paragraph(facts["data"]),
            "documents": _listed([str(name) for name in facts["documents"]]),
        },
        license=_license(licenses),
        time=_time(runtime),
        checklists=_CHECKLISTS if checklists else "",
        day=moment.date().isoformat(),
        epoch=int(moment.timestamp()),
        figures=len(figures),
        tables=tables,
    )


def _license(licenses: Licenses) -> str:
    if not (licenses.text or licenses.program):
        return f"{licenses.text.title}: ask the authors."
    return (
        f"Text, figures and data: {licenses.text.title}. "
        f"Program: {licenses.program.title}."
    )


def _time(runtime: Mapping[str, Any] | None) -> str:
    if runtime is None:
        return ""
    return (
        f" Making it took {runtime['wall_seconds']:.0f} s, of which processors worked "
        f"{runtime['cpu_seconds']:.0f} s, on a machine with {runtime['processors']} "
        f"of them and a load of {runtime['load']}; the largest process had "
        f"{runtime['peak_memory_mib']} MiB of memory."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
