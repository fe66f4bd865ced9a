"""Synthetic extracts, in the true file format, of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analysis.vigibase.errors import ExtractError
from analysis.vigibase.layout import (
    CODE_LISTS,
    SYNTHETIC_FILE,
    SYNTHETIC_MARK,
    TABLES,
    Form,
)
from analysis.vigibase.lists import KNOWN_CODES
from analysis.vigibase.synthetic.batch import Batch
from analysis.vigibase.synthetic.lines import lines
from analysis.vigibase.synthetic.model import draw
from analysis.vigibase.synthetic.plan import Source

SMALLEST = 3000

_BATCH = 50_000
_NOTICE = """Every report in this folder is synthetic: written by a program,
about nobody.

{agreement} Drug and reaction codes are invented.
Made by: python -m analysis vigibase generate DIR --reports {reports} --seed {seed}
"""
# Codes that the generator uses of lists which only a real extract explains.
_OTHER_CODES = {
    "Frequency": ("804",),
    "Rechallenge": ("1", "2", "3"),
    "Rechallenge2": ("1", "2", "3"),
    "RouteOfAdm": ("42", "48"),
    "Seriousness": ("1", "6"),
    "SizeUnit": ("3",),
}


def generate(
    folder: Path, reports: int, seed: int, source: Source, form: Form = "txt"
) -> None:
    """Write a synthetic extract.

    Parameters
    ----------
    folder : Path
        Made if need be; it must hold no table yet.
    reports : int
        Reports in DEMO, at least 3000. Those of the source are among them at
        every size.
    seed : int
        The same seed gives the same bytes.
    source : Source
    form : {"txt", "csv"}, optional
        Fixed-width lines, each of which says that it is synthetic, or CSV.

    Raises
    ------
    ExtractError
        If there would be too few reports, or a file would be overwritten.
    """
    if reports < SMALLEST:
        raise ExtractError(f"got {reports} reports, expected at least {SMALLEST}")
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{table.stem}.{form}" for name, table in TABLES.items()}
    for path in files.values():
        if path.exists():
            raise ExtractError(f"{path}: is there already; choose another folder")
    notice = _NOTICE.format(agreement=source.notice, reports=reports, seed=seed)
    (folder / SYNTHETIC_FILE).write_text(notice, "utf-8")
    _write_code_lists(folder, form)

    rng = np.random.default_rng(seed)
    plan = source.deal(rng)
    special = np.sort(rng.choice(reports, len(plan), replace=False))
    drugs = reactions = 0
    for number in range(0, reports, _BATCH):
        size = min(_BATCH, reports - number)
        inside = (special >= number) & (special < number + size)
        batch = Batch(
            number, size, special[inside] - number, plan.where(inside), source
        )
        tables = draw(batch, drugs, reactions, rng)
        for name, columns in tables.items():
            with files[name].open("ab") as file:
                file.write(lines(TABLES[name], columns, form))
        drugs += len(tables["drug"]["Drug_Id"])
        reactions += len(tables["adr"]["Adr_Id"])


def _write_code_lists(folder: Path, form: Form) -> None:
    for name, width in CODE_LISTS.items():
        codes = KNOWN_CODES.get(name) or _OTHER_CODES[name]
        text = "".join(
            f'"{code}","code {code} ({SYNTHETIC_MARK})"\n'
            if form == "csv"
            else f"{code:<{width}}code {code} ({SYNTHETIC_MARK})\n"
            for code in codes
        )
        (folder / f"{name}_Lx.{form}").write_text(text, "ascii")
