"""No byte of a bundle can change unseen, and no zip file does harm."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript.bundle import archive, verify
from manuscript.bundle.archive import DamagedError
from manuscript.compose import output
from tests.manuscript.conftest import Command

DATE = "2026-11-22T12:00:01+00:00"
LEDGER = {"values": [], "claims": [], "floats": []}
MADE_BY = {"engine": "builtin", "python": "3.11.7", "platform": "Linux x86_64"}
FACTS = {"format": 1, "commit": "0123456789" * 4, "date": DATE, **MADE_BY}


def contents(**more: bytes) -> dict[str, bytes]:
    files = {
        "GUIDE.md": b"# Guide\n",
        "bundle.json": json.dumps(FACTS).encode(),
        "ledger.json": json.dumps(LEDGER).encode(),
        "source/run": b"#!/bin/sh\n",
        "tables/T\N{LATIN SMALL LETTER A WITH DIAERESIS}ble.csv": b"1,2\n",
        **more,
    }
    return files | {archive.SUMS: archive.sums(files)}


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    archive.write(files, target, verify.build.recorded(DATE))
    return target.getvalue()


@lru_cache(maxsize=1)
def good() -> bytes:
    return zipped(contents())


def faults(data: bytes) -> list[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "b.zip")
        path.write_bytes(data)
        try:
            verify.check(path)
        except DamagedError as error:
            return [str(damage) for damage in error.damages]
    return []


def listed(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [e.orig_filename for e in package.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return []
    return [name if name.isprintable() else ascii(name) for name in names]


def test_a_bundle_is_intact() -> None:
    assert faults(good()) == []


def test_equal_files_give_equal_bytes_in_any_order() -> None:
    files = contents()
    assert zipped(dict(reversed(files.items()))) == zipped(files)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, len(good()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found_and_its_file_named(at: int, by: int) -> None:
    data = bytearray(good())
    data[at] ^= by
    found = faults(bytes(data))
    assert found
    with zipfile.ZipFile(io.BytesIO(good())) as package:
        entries, directory = package.infolist(), package.start_dir
    if at < directory:
        names = {[e.filename for e in entries if e.header_offset <= at][-1]}
    else:  # here the name itself may be what changed
        names = {"b.zip", *(e.filename for e in entries), *listed(bytes(data))}
    assert any(name in fault for name in names for fault in found), (names, found)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(good()) - 1))
def test_a_cut_bundle_is_found(length: int) -> None:
    assert faults(good()[:length])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(good())), st.binary(min_size=1, max_size=40))
def test_an_added_byte_is_found(at: int, added: bytes) -> None:
    assert faults(good()[:at] + added + good()[at:])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    assert faults(data)


def test_missing_new_and_changed_files_are_named() -> None:
    files = contents()
    del files["GUIDE.md"]
    files["new.txt"] = b"new"
    files["ledger.json"] += b" "
    assert faults(zipped(files)) == [
        "GUIDE.md: is missing from the bundle",
        "ledger.json: is not the file that was bundled",
        "new.txt: is not listed in SHA256SUMS",
    ]


def test_sums_in_another_order_or_form_are_refused() -> None:
    files = contents()
    lines = files[archive.SUMS].splitlines(keepends=True)
    files[archive.SUMS] = b"".join(reversed(lines))
    assert faults(zipped(files)) == [
        "SHA256SUMS: lists its lines in another order or form"
    ]
    files[archive.SUMS] = b"".join(lines) + b"and more\n"
    assert faults(zipped(files)) == ["SHA256SUMS: line 6 is no sum and name"]
    del files[archive.SUMS]
    assert faults(zipped(files)) == ["SHA256SUMS: is missing"]


def test_a_zip_without_what_a_bundle_has_is_no_bundle() -> None:
    files = {"a.txt": b"1"}
    (fault,) = faults(zipped(files | {archive.SUMS: archive.sums(files)}))
    assert fault.startswith("bundle.json, ledger.json: is missing")
    for facts in (b"[]", b"{", b"[" * 100_000, b'{"format": 1, "date": "x"}'):
        (fault,) = faults(zipped(contents(**{"bundle.json": facts})))
        assert fault.startswith("bundle.json, ledger.json: is missing")


Change = Callable[[zipfile.ZipInfo], None]


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (2026, 11, 22, 12, 0, 0))
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def hostile(*entries: zipfile.ZipInfo, data: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as package:
        warnings.simplefilter("ignore")  # zipfile warns of names given twice
        for info in entries:
            package.writestr(info, data)
    return target.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/passwd", "/etc/passwd", "a/../../b", "a//b", "./a", "a/."),
        *("C:/windows", "a\\..\\b", "a\x07b", "a\nb", " a", "a /b", "a|b"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    (fault,) = faults(hostile(entry(name)))
    assert fault.endswith("is no name for a file inside the bundle")


def test_names_that_end_in_nothing_are_refused() -> None:
    data = hostile(entry("aXb")).replace(b"aXb", b"a\0b")
    (fault,) = faults(data)
    assert fault == r"'a\x00b': is no name for a file inside the bundle"


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([entry("a", 0o120777)], "a: is a symbolic link"),
        ([entry("a", 0o040755)], "a: is not marked as an ordinary file"),
        ([entry("a"), entry("a")], "a: is there 2 times"),
        ([entry("a"), entry("A")], "A: is one with 'a' where case or form is none"),
        (
            [entry("\u00e9"), entry("e\u0301")],
            "e\\u0301: is one with '\\xe9' where case or form is none",
        ),
        (
            [entry("\ufb01"), entry("fi")],
            "fi: is one with '\\ufb01' where case or form is none",
        ),
        ([entry("a"), entry("a/b")], "a: is a file and a folder"),
    ],
)
def test_entries_that_no_bundle_has_are_refused(
    entries: list[zipfile.ZipInfo], fault: str
) -> None:
    assert faults(hostile(*entries))[0] == fault


def test_a_bomb_is_refused_before_it_is_read() -> None:
    info = entry("bomb")
    info.compress_type = zipfile.ZIP_DEFLATED
    data = hostile(info, data=bytes(1 << 24))
    assert faults(data)[0] == "bomb: is compressed, and files of a bundle are not"
    data = bytearray(hostile(entry("a")))
    at = data.index(b"PK\1\2")
    data[at + 20 : at + 28] = struct.pack("<II", 1 << 31, 1 << 31)
    assert (
        faults(bytes(data))[0] == f"a: claims {1 << 31} bytes of a bundle's {len(data)}"
    )


def test_absurd_numbers_are_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = bytearray(good())
    data[-12:-10] = struct.pack("<H", 60000)
    assert faults(bytes(data)) == [
        "b.zip: claims 60000 files, more than the 10000 of any bundle"
    ]
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    (fault,) = faults(good())
    assert fault.endswith("more than the 100 of any bundle")


def test_encrypted_entries_are_refused() -> None:
    data = bytearray(hostile(entry("a")))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert faults(bytes(data)) == ["a: is encrypted"]


def test_the_command_says_what_it_found(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(good())
    answer = command(tmp_path, "verify", "b.zip")
    assert answer.status == 0
    assert answer.said.startswith(
        "INTACT: all 6 files have the sums that SHA256SUMS lists"
    )
    assert "which --rerun tells" in answer.said
    digest = hashlib.sha256(good()).hexdigest()
    assert f"to be quoted: {digest}" in answer.said
    same = command(tmp_path, "verify", "b.zip", "--digest", digest.upper())
    assert (same.status, "THE ONE QUOTED" in same.said) == (0, True)
    other = command(tmp_path, "verify", "b.zip", "--digest", "0" * 64)
    assert (other.status, "ANOTHER BUNDLE" in other.said) == (1, True)
    wrong = command(tmp_path, "verify", "b.zip", "--digest", "12ab")
    assert (wrong.status, "is no SHA-256" in wrong.complained) == (1, True)
    path.write_bytes(good().replace(b"# Guide", b"# guide"))
    answer = command(tmp_path, "verify", "b.zip")
    assert answer.status == 1
    assert answer.complained.startswith("GUIDE.md: is damaged")
    assert answer.said == "NOT INTACT: 1 fault in b.zip\n"
    answer = command(tmp_path, "verify", "missing.zip")
    assert answer.status == 1
    assert "missing.zip" in answer.complained


def test_a_bundle_may_be_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with path.open("wb") as file:
        archive.write(contents(), file, 1_700_000_000)
    output.refuse_others([path])
