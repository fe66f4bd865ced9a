"""Inputs that nobody sane would send: sound files with harmful edits."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

LONGEST = 60_000  # bytes; enough for what grows with the square to show

_EVERYWHERE = (
    *(b" ", b"\n", b"\r\n", b"\r", b"\t", b"\0", b"\x01", b"\x1b[31m", b"\x7f"),
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8"),
    *("\N{RIGHT-TO-LEFT OVERRIDE}".encode(), "\N{ARABIC-INDIC DIGIT THREE}".encode()),
    *("\N{SUPERSCRIPT TWO}".encode(), "é".encode(), "\N{GRINNING FACE}".encode()),
    *(b"0", b"-1", b"1e999", b"nan", b"inf", b"9" * 5000, b"99999999999999999999"),
    *(b"../", b"/etc/passwd", b"a" * 300, b"%s%n", b"{0}", b"${HOME}", b"\\", b"'"),
)
CSV = (b",", b'"', b'""', b";", b",,,,", b'"\n"', b"=1+1", b"trial", b"n_control")
YAML = (
    *(b": ", b"- ", b"? ", b"&a ", b"*a", b"<<: ", b"!!python/object:os.system ", b"|"),
    *(b">", b"{", b"}", b"[", b"]", b"[[", b"{a: ", b"---\n", b"...\n", b"%YAML 9\n"),
    *(b"#", b"!!binary ", b"!!set ", b"!!float ", b"null", b"true", b"2026-11-22"),
    *(
        b"0o17",
        b"1:30",
        b".inf",
        b".nan",
        b"~: ~\n",
        b"[a]: b\n",
        b"1: 2\n",
        b"@",
        b"`",
    ),
    *(b"project:\n", b"  render: [index.qmd]\n", b"format:\n", b"crossref:\n"),
    *(b"  custom:\n", b"    - key: [a]\n", b"author: [{}]\n", b"output-dir: "),
)
MARKDOWN = (
    *(
        b"```{python}\n",
        b"```\n",
        b"````",
        b"#| label: a\n",
        b"#| ",
        b"---\n",
        b":::\n",
    ),
    *(
        b"::: {#fig-a}\n",
        b"`{python} v(",
        b'")`',
        b"`{python}",
        b"{{< include ",
        b" >}}",
    ),
    *(b"{{< include sections/_a.qmd >}}\n", b"{{< meta x >}}", b"@fig-a", b"[@", b"]"),
    *(b"<!--", b"-->", b"![](", b"](", b"$", b"$$", b"~", b"^", b"*", b"**", b"# "),
    *(
        b"| a |\n",
        b"|--|\n",
        b"{.callout-note}",
        b"layout=",
        b"<script>",
        b"\\`",
        b"* ",
    ),
    *(b"`{python} claim(", b'v("risk.all.or")', b" < ", b"not ", b"(" * 150),
)
XML = (
    *(b"<w:p>", b"</w:p>", b"<w:r>", b"</w:r>", b"<w:t>", b"</w:t>", b"<w:ins>"),
    *(b"<w:del>", b"<w:sdt>", b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"),
    *(b"<!--", b"-->", b"<?x", b"?>", b"&#0;", b"&#x110000;", b"&lt;", b"&a;", b"]]>"),
    *(b"<![CDATA[", b'<!DOCTYPE a [<!ENTITY a "b">]>', b"<w:p" + b" a='1'" * 50),
    *(b'<w:commentRangeStart w:id="0"/>', b'<w:commentRangeEnd w:id="0"/>', b"<x:y/>"),
    *(
        b"<w:txbxContent>",
        b"</w:txbxContent>",
        b"<w:hyperlink/>",
        b'w:val=""',
        b"<w:b/>",
    ),
)
ZIP = (
    *(b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\b", b"\xff" * 4),
    *(
        b"\x01\0\x10\0",
        b"up\x10\0",
        b"\0" * 22,
        b"\x63\0",
        b"\x08\0",
        b"\x0e\0",
        b"\x5d",
    ),
)


def edited(
    seeds: Sequence[bytes], tokens: Sequence[bytes], most: int = 4
) -> st.SearchStrategy[bytes]:
    """Sound contents with some edits."""
    token = st.sampled_from((*_EVERYWHERE, *tokens)) | st.binary(min_size=1, max_size=6)
    place = st.integers(0, 1 << 16)
    kind = st.sampled_from((*("insert", "replace") * 2, *_EDITS))
    edit = st.tuples(kind, place, place, token)
    return st.builds(
        _apply, st.sampled_from(seeds), st.lists(edit, min_size=1, max_size=most)
    )


def soup(tokens: Sequence[bytes], most: int = 30) -> st.SearchStrategy[bytes]:
    """Tokens in any order."""
    token = st.sampled_from((*_EVERYWHERE, *tokens)) | st.binary(min_size=1, max_size=6)
    return st.lists(token, max_size=most).map(lambda parts: b"".join(parts)[:LONGEST])


def _apply(seed: bytes, edits: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    data = seed
    for kind, one, other, token in edits:
        # Short spans are the telling ones; a place beyond the end wraps around.
        first = one % (len(data) + 1)
        last = min(len(data), first + other % 40)
        data = _EDITS[kind](data, first, last, token, other)[:LONGEST]
    return data


def _times(number: int) -> int:
    return number % 5_000 if number % 8 == 0 else number % 5


_EDITS = {
    "insert": lambda data, a, b, token, n: data[:a] + token + data[a:],
    "replace": lambda data, a, b, token, n: data[:a] + token + data[b:],
    "delete": lambda data, a, b, token, n: data[:a] + data[b:],
    "cut off": lambda data, a, b, token, n: data[:a],
    "repeat": lambda data, a, b, token, n: (
        data[:a] + (data[a:b] or token) * _times(n) + data[b:]
    ),
    "multiply": lambda data, a, b, token, n: data[:a] + token * _times(n) + data[a:],
    "move": lambda data, a, b, token, n: (
        data[:a] + data[b:][: n % 200] + data[a:b] + data[b:][n % 200 :]
    ),
}


@dataclass(frozen=True)
class Entry:
    """A member of a zip file, with what its records falsely say."""

    name: str
    data: bytes
    compression: int = zipfile.ZIP_STORED
    mode: int = stat.S_IFREG | 0o644
    claims: int | None = None


NAMES = (
    *("a.txt", "b/c.txt", "SHA256SUMS", "bundle.json", "ledger.json", "A.TXT"),
    *("../x", "/x", "a/../../x", "C:\\x", "a\\b", "", ".", "a//b", "a/", "a.txt/b"),
    *("a\0b", "a\nb", "x" * 300, "é", "e\u0301", "sources/setup_venv.py", "~/x"),
    *("CON", "a:b", " a", "a ", "word/document.xml", "word/comments.xml"),
)

entries = st.builds(
    Entry,
    st.sampled_from(NAMES) | st.text(max_size=8),
    st.binary(max_size=40) | st.sampled_from([b"\0" * 30_000, b"{}", b"[" * 3000]),
    st.sampled_from([zipfile.ZIP_STORED] * 3 + [zipfile.ZIP_DEFLATED]),
    st.sampled_from([stat.S_IFREG | 0o644] * 4 + [stat.S_IFLNK | 0o777, 0, 0o40755]),
    st.none() | st.sampled_from([0, 1, 1 << 20, (1 << 32) - 2]),
)


def packed(members: Sequence[Entry]) -> bytes:
    """Write a zip file, with whatever its members claim about themselves."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as package:
        warnings.simplefilter("ignore")  # of names given twice
        for member in members:
            entry = zipfile.ZipInfo("x", (2024, 1, 1, 0, 0, 0))
            # Past the constructor, which mends names.
            entry.filename = member.name.encode("utf-8", "replace").decode()
            entry.external_attr = member.mode << 16
            entry.create_system = 3
            entry.compress_type = member.compression
            package.writestr(entry, member.data)
            if member.claims is not None:
                entry.file_size = member.claims
    return target.getvalue()
