"""What reads files of others, and the errors by which it may refuse them.

A target takes an input and a folder of its own. It returns, or raises one of its
module's own errors; all else is a fault of ours.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import duckdb
from hypothesis import strategies as st

from analysis import __main__ as analysis_command
from analysis import schema
from analysis.commands import pool, pool_table
from analysis.letter import data
from analysis.reconstruction.reading import read_problem
from analysis.review import records
from analysis.vigibase import CodesError, convert, read_codes
from analysis.vigibase.errors import ExtractError
from analysis.vigibase.intake.forms import plain
from analysis.vigibase.intake.reading import code_list_sql, rows_sql
from analysis.vigibase.layout import CODE_LISTS, TABLES
from manuscript.bundle import archive, verify
from manuscript.bundle.archive import DamagedError
from manuscript.check import proof
from manuscript.compose import features, render
from manuscript.compose.numbering import kinds
from manuscript.errors import ManuscriptError
from manuscript.execute.kept import FOLDER, Kept
from manuscript.record import diff, revisions
from manuscript.source import cutting, expressions, journal, metadata, settings
from manuscript.source.documents import Project
from manuscript.source.fragments import Prose
from manuscript.source.reading import printed as reading
from manuscript.values.shown import safe
from manuscript.word.package import read_document
from tests.described import described
from tests.hostile.inputs import (
    CSV,
    LONGEST,
    MARKDOWN,
    XML,
    YAML,
    ZIP,
    edited,
    entries,
    packed,
    soup,
)
from tests.manuscript.papers import KnownLetter

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests/manuscript/projects/small"


@dataclass(frozen=True)
class Target:
    """Something that reads what others wrote.

    Attributes
    ----------
    name : str
    inputs : strategy
    read : callable
        Takes an input and an empty folder.
    errors : tuple of exception types
        Its own.
    share : int
        Of all inputs, in thousandths; what is slow gets fewer.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any, Path], object]
    errors: tuple[type[Exception], ...]
    share: int


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _shipped(*names: str) -> tuple[bytes, ...]:
    return tuple((ROOT / name).read_bytes() for name in names)


# Tables


_TWO_ARMS = b"trial,events_treated,n_treated,events_control,n_control,dose\n"
_TWO_ARMS += b"A,6,231,2,229,low\nB,3,306,0,302,high\nC,1,152,0,154,low\n"
_ONE_ARM = b"events,n\n3,100\n0,40\n9,90\n"
_CHECKLIST = _shipped("data/evidence/search-strategy.csv")[0]
_TABLES = (
    *_shipped("data/trials.csv", "data/cases.csv"),
    b"".join(_shipped("data/reported-values.csv")[0].splitlines(True)[:9]),
    *(_TWO_ARMS, _ONE_ARM, _CHECKLIST[:900]),
)


def _record(**cells: object) -> dict[str, object]:
    return cells


def _pool_table(path: Path, names: tuple[str, ...], by: str | None = None) -> object:
    return pool_table.read(pool_table.sheet(path), names, {}, by=by)


def _tables(content: bytes, folder: Path) -> None:
    path = _written(folder, "table.csv", content)
    described(path)
    columns = content.partition(b"\n")[0].decode("utf-8", "replace").split(",")
    parsers = (records.text, records.words, schema.quantity(optional=True))
    faults = []
    for read in (
        data.trials,
        data.cases,
        data.reported_values.__wrapped__,
        lambda path: _pool_table(path, pool_table.TWO_ARMS, by="dose"),
        lambda path: _pool_table(path, pool_table.ONE_ARM),
        lambda path: records.Folder(folder, "folder").read(
            path.name,
            _record,
            {name: parsers[i % 3] for i, name in enumerate(columns)},
        ),
    ):
        try:
            read(path)
        except schema.DataError as error:
            faults.append(error)
    if len(faults) == 6:
        raise faults[0]


_METHODS = sorted({m.name for methods in pool._METHODS.values() for m in methods})


def _pool(given: tuple[bytes, str, str, str], folder: Path) -> None:
    content, method, by, level = given
    path = _written(folder, "table.csv", content)
    arguments = ["pool", str(path), "--method", method, f"--level={level}"]
    arguments += [f"--by={by}"] if by else []
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            status = analysis_command.main(arguments)
        except SystemExit as exit_:
            status = int(exit_.code or 0)
    assert status in (0, 2), status
    if status:
        raise ValueError(said.getvalue())


_LEVELS = ("0.95", "0", "1", "-1", "nan", "1e-300", "0.999999999999", "x", "")
_POOL = st.tuples(
    edited((_TWO_ARMS, _ONE_ARM), CSV, most=3),
    st.sampled_from(_METHODS),
    st.sampled_from(("", "", "", "dose", "trial", "n_control", "no such")),
    st.sampled_from(("0.95",) * 12 + _LEVELS),
)


# VigiBase


_EXTRACT = {
    name: b"".join(
        (ROOT / f"data/vigibase/{table.stem}.txt").read_bytes().splitlines(True)[:6]
    )
    for name, table in TABLES.items()
}
_CSV_LINES = (
    b'"1","2","3","4"\n',
    b'1,"Myeloma, stage ""III"""\n',
    b"1,20200101,-,4,5,6,7,8,9,10,11,12\n",
)


def _rows(given: tuple[str, bytes], folder: Path) -> None:
    name, content = given
    table = TABLES[name]
    path = _written(folder, "table.txt", content)
    list_sql = code_list_sql(next(iter(CODE_LISTS)), path)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(list_sql).fetchall()
        for delimiter in ("", ","):
            for numbered in (False, True):
                form = plain(table, delimiter)
                sql = rows_sql(table, path, form, numbered=numbered)
                connection.execute(sql).fetchall()


def _conversion(given: dict[str, bytes], folder: Path) -> None:
    extract = folder / "restricted"
    extract.mkdir()
    for name, content in (_EXTRACT | given).items():
        _written(extract, f"{TABLES[name].stem}.txt", content)
    convert(extract, extract / "x.duckdb")


_lines = edited(
    (*_EXTRACT.values(), *_CSV_LINES), (b",", b'"', b'""', b"-", b"20200101")
)


# Documents


_DOCUMENT = (SMALL / "index.qmd").read_bytes()
_SECTION = (SMALL / "sections/_findings.qmd").read_bytes()
_LETTER = b"""# Results {#sec-a}

A risk `{python} claim("rose", v("risk.all.p") < 0.05 and not v("risk.all.or") < 1)`
of `{python} v("risk.all.or")` (`{python} v.ci("risk.all")`, *P* = 1) in
`{python} v.words("trials.all")` trials [@alder2020], see `{python} item("fig-a")`.

::: {#fig-a}
![](a.png){fig-alt="A"}

Caption^2^ with $x$ and [a link](https://example.org){.b}.
:::

| a | b |
|:--|--:|
| 1 | 2 |

: Table. {#tbl-a}
"""
_SETTINGS = (SMALL / "_quarto.yml").read_bytes()
_JOURNAL = _shipped("journal.yml")[0]
_PARTIALS = sorted((SMALL / "partials").iterdir())
_FRONT = _DOCUMENT.partition(b"\n\n```")[0]


def _project(folder: Path, **files: bytes) -> Project:
    for name in ("sections", "partials"):
        (folder / name).mkdir(exist_ok=True)
    for name, content in files.items():
        _written(folder, name.replace("__", "/").replace("_DOT_", "."), content)
    return Project.load(folder)


_PLAIN = b"project:\n  render: [index.qmd]\n"


def _paper(given: tuple[bytes, bytes], folder: Path) -> Project:
    document, section = given
    return _project(
        folder,
        _quarto_DOT_yml=_PLAIN,
        index_DOT_qmd=document,
        sections___findings_DOT_qmd=section,
        sections___a_DOT_qmd=section,
    )


def _documents(given: tuple[bytes, bytes], folder: Path) -> None:
    project = _paper(given, folder)
    for inline in project.documents[0].inlines:
        try:
            expressions.parse(inline.expression)
        except expressions.ExpressionError:
            continue


def _cut(content: bytes, folder: Path) -> None:
    text = content.decode("utf-8", "replace")

    def include(name: str, by: str, line: int) -> tuple[str, str]:
        return "b.qmd", "Included.\n"

    _, above = cutting.front_matter(text, "a.qmd")
    for fragment in cutting.cut([*cutting.expand("a.qmd", text, above, include)]):
        if isinstance(fragment, Prose):
            for inline in fragment.inlines:
                assert fragment.text[inline.start] == "`"
                fragment.line_at(inline.end)
        else:
            assert fragment.name


def _expression(content: bytes, folder: Path) -> None:
    found = expressions.parse(content.decode("utf-8", "replace"))
    found.evaluate(KnownLetter(), lambda label: "Table S1")
    assert isinstance(found.keys, tuple)


def _readings(given: tuple[bytes, bytes], folder: Path) -> None:
    project = _paper(given, folder)
    for found in reading.read(project, KnownLetter()):
        assert all(passage.place(0) for passage in found.passages)


def _settings(content: bytes, folder: Path) -> None:
    text = content.decode("utf-8", "replace")
    found = settings.parse(text, "a.yml", 3)
    assert all(line >= 3 for line in found.lines.values())


def _front_matter(given: tuple[bytes, bytes], folder: Path) -> None:
    config, front = given
    project = _project(
        folder,
        _quarto_DOT_yml=config,
        index_DOT_qmd=front + b"\n\nText.\n",
        supplement_DOT_qmd=b"Text.\n",
        references_DOT_json=b"[]",
        **{f"partials__{path.name}": b"" for path in _PARTIALS},
    )
    assert project.formats
    assert project.output
    assert project.whole in (True, False)
    # What is not supported is refused before anything else looks at it.
    features.check(project)
    for document in project.documents:
        for to in project.formats:
            kinds(project.metadata(document, to))
            json.dumps(metadata.for_templates(project, document, to))
        render.cell_options(project, document, 1, 0)


def _journal(content: bytes, folder: Path) -> None:
    _written(folder, "journal.yml", content)
    (folder / "partials").mkdir()
    _written(folder, "partials/letter.csl", b"")
    quarto = settings.parse(_SETTINGS.decode(), "_quarto.yml")
    journal.disagreements(journal.load(folder), quarto)


def _codes(content: bytes, folder: Path) -> None:
    read_codes(_written(folder, "codes.yml", content))


_CONSTRAINTS = b"""source: A paper
classes: {drug: {trials: 3}, other: {trials: 2}}
trials: [{class: drug, patients: [100, 90], events: [1, null]}]
statements:
  or: {quantity: peto.estimate, printed: "2.10", scope: drug}
limits: {smallest_arm: 20, largest_risk: 0.1}
"""


def _constraints(content: bytes, folder: Path) -> None:
    read_problem(_written(folder, "paper.yml", content))


_VALUE = {"key": "a", "number": 1.5, "unit": "", "printed": "1.5", "uses": []}
_USE = {"file": "index.qmd", "line": 3, "sentence": "A 1.5."}
_CLAIM = {"words": "rose", "condition": "v('a') > 1", "reading": "a 1.5 > 1"}
_CLAIM |= {"document": "index.qmd", "holds": True, **_USE}
_FLOAT = {"label": "fig-a", "name": "Fig. 1", "caption": "A.", "digest": "0f"}
_LEDGER = {
    "values": [{**_VALUE, "uses": [_USE]}, {**_VALUE, "key": "b", "number": None}],
    "claims": [_CLAIM],
    "floats": [{**_FLOAT, "file": "index.qmd", "line": 9}],
}


def _ledgers(given: tuple[bytes, bytes], folder: Path) -> None:
    paths = [_written(folder, f"{i}.json", content) for i, content in enumerate(given)]
    old, new = revisions.ledgers(folder, [str(path) for path in paths])
    changes = diff.compare(old, new)
    for write in (diff.as_text, diff.as_markdown, diff.as_json):
        safe(write(changes)).encode()


@dataclass(frozen=True)
class _Inner:
    texts: dict[str, str]
    picture: bytes


@dataclass(frozen=True)
class _Outer:
    kind: Literal["html", "svg"]
    parts: tuple[_Inner, ...]
    count: int


_OUTER = b'{"kind":"svg","parts":[{"texts":{"a":"b"},"picture":"AAAA"}],"count":2}'


def _kept(content: bytes, folder: Path) -> None:
    kept = Kept(folder)
    kept.write("page", content)
    kept.commit()
    found = kept.read_as(_Outer, "page")
    assert found is None or isinstance(found, _Outer)
    [path] = (folder / FOLDER).iterdir()
    path.write_bytes(content)
    assert kept.read_as(_Outer, "page") is None
    path.unlink()
    (folder / FOLDER).rmdir()


_LEVELS_OF_WORD = (
    (b"<w:tbl><w:tr><w:tc>", b"<w:p/></w:tc></w:tr></w:tbl>"),
    (b"<w:p><w:r><w:pict><w:txbxContent>", b"</w:txbxContent></w:pict></w:r></w:p>"),
    (b"<w:sdt><w:sdtContent>", b"</w:sdtContent></w:sdt>"),
    (b"<w:p><w:ins w:id='1'>", b"</w:ins></w:p>"),
)


def _nested_word(given: tuple[list[int], int, bytes], folder: Path) -> None:
    levels, times, inner = given
    body = b"<w:p><w:r><w:t>One</w:t></w:r></w:p>" + inner
    for level in levels:
        opening, closing = _LEVELS_OF_WORD[level]
        body = opening + body * times + closing
        if len(body) > LONGEST:
            break
    document = _WORD.replace(b"</w:body>", body + b"</w:body>")
    _word_file(_archive({**_PARTS, "word/document.xml": document}), folder)


def _bibliography(content: bytes, folder: Path) -> None:
    project = _project(
        folder,
        _quarto_DOT_yml=_PLAIN + b"bibliography: references.json\n",
        index_DOT_qmd=b"Text.\n",
        references_DOT_json=content,
    )
    found = proof.Proof.of(project, KnownLetter())
    assert isinstance(found.references, dict)
    assert isinstance(found.repeated_references, list)


# Word files and bundles


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD = f"""<w:document xmlns:w="{_W}"><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Title</w:t></w:r></w:p>
<w:p><w:commentRangeStart w:id="0"/><w:r><w:rPr><w:b/></w:rPr><w:t>One </w:t></w:r>
<w:ins w:id="1" w:author="A"><w:r><w:t>two</w:t></w:r></w:ins>
<w:commentRangeEnd w:id="0"/>
<w:del w:id="2" w:author="A"><w:r><w:delText>three</w:delText></w:r></w:del>
<w:sdt><w:sdtPr><w:tag w:val="risk.all.or"/></w:sdtPr>
<w:sdtContent><w:r><w:t>4</w:t></w:r></w:sdtContent></w:sdt>
<w:hyperlink w:anchor="fig-a"><w:r><w:t>Fig</w:t></w:r></w:hyperlink></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>""".encode()
_COMMENTS = f"""<w:comments xmlns:w="{_W}"><w:comment w:id="0" w:author="A" w:date="x">
<w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment></w:comments>""".encode()
_NOTES = f"""<w:footnotes xmlns:w="{_W}"><w:footnote w:id="2"><w:p><w:r><w:t>Note</w:t>
</w:r></w:p></w:footnote></w:footnotes>""".encode()
_PROPERTIES = b'<Properties><property name="base"><a>1</a></property></Properties>'


def _archive(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


_PARTS = {
    "word/document.xml": _WORD,
    "word/comments.xml": _COMMENTS,
    "word/footnotes.xml": _NOTES,
    "docProps/custom.xml": _PROPERTIES,
}


def _word_parts(given: tuple[str, bytes], folder: Path) -> None:
    part, content = given
    _word_file(_archive({**_PARTS, part: content}), folder)


def _word_file(content: bytes, folder: Path) -> None:
    document = read_document(_written(folder, "edited.docx", content))
    for comment in document.comments:
        assert comment.paragraph < len(document.paragraphs)


_DATE = 1_700_000_000
_FACTS = {
    "format": 1,
    "commit": "0" * 40,
    "date": "2023-11-14T22:13:20+00:00",
    "engine": "builtin",
    "python": "3.11",
    "platform": "Linux",
}


def sealed(files: dict[str, bytes]) -> bytes:
    """Write a bundle whose sums and records are right, whatever is in it."""
    files = {archive.FACTS: json.dumps(_FACTS).encode(), **files}
    files.setdefault("ledger.json", b'{"values": [], "claims": [], "floats": []}')
    files[archive.SUMS] = archive.sums(files)
    target = io.BytesIO()
    archive.write(files, target, _DATE)
    return target.getvalue()


class _UnpackedError(Exception):
    """Stops a re-run once the sources lie unpacked."""


def _bundle(content: bytes, folder: Path) -> None:
    bundle = verify.check(_written(folder, "bundle.zip", content))
    assert verify.statement(bundle).startswith("INTACT")
    assert bundle.ledger
    with patch.object(verify.build, "fill", side_effect=_UnpackedError):
        try:
            verify.rerun(bundle, Path("python"), lambda line: None)
        except _UnpackedError:
            return


_BUNDLES = (
    sealed({}),
    sealed({"sources/a/b.py": b"print()", "letter.html": b"<p>"}),
)
_FILE_NAMES = st.sampled_from(
    ("sources/a.py", "sources/../../x", "sources//x", "/x", "sources/a\\..\\x", "a:b")
) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=12,
)
_CRAFTED = st.dictionaries(_FILE_NAMES, st.binary(max_size=20), max_size=4)
_JSON = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"null",
    b"NaN",
    b'"date"',
    b"-",
    b"\\u",
)
_FACTS_OR_LEDGER = st.tuples(
    st.sampled_from((archive.FACTS, "ledger.json")),
    edited(
        (json.dumps(_FACTS).encode(), b'{"values": [], "claims": [], "floats": []}'),
        _JSON,
    ),
)


_nested = st.tuples(
    st.lists(st.integers(0, len(_LEVELS_OF_WORD) - 1), max_size=80),
    st.sampled_from((1, 1, 2, 3)),
    st.sampled_from((b"", *XML)),
)
REFUSALS = (ManuscriptError,)

TARGETS = (
    Target(
        "tables",
        edited(_TABLES, CSV) | soup((*CSV, *_TABLES[0].split(b",")[:9])),
        _tables,
        (schema.DataError,),
        70,
    ),
    # Its own errors are messages and status 2, which stand as ValueError here.
    Target("pool command", _POOL, _pool, (ValueError,), 20),
    Target(
        "extract rows",
        st.tuples(st.sampled_from(tuple(TABLES)), _lines),
        _rows,
        # What is neither UTF-8 nor Latin-1; a conversion makes it an error of its own.
        (duckdb.InvalidInputException,),
        20,
    ),
    Target(
        "extract conversion",
        st.dictionaries(st.sampled_from(tuple(TABLES)), _lines, min_size=1, max_size=3),
        _conversion,
        (ExtractError,),
        2,
    ),
    Target(
        "extract codes",
        edited(_shipped("data/vigibase/codes.yml"), YAML) | soup(YAML),
        _codes,
        (CodesError,),
        40,
    ),
    Target(
        "chunks",
        edited((_DOCUMENT, _SECTION, _LETTER), MARKDOWN) | soup(MARKDOWN),
        _cut,
        REFUSALS,
        190,
    ),
    Target(
        "documents",
        st.tuples(
            edited((_DOCUMENT,), MARKDOWN) | soup(MARKDOWN),
            edited((_SECTION, _LETTER), MARKDOWN) | soup(MARKDOWN),
        ),
        _documents,
        REFUSALS,
        70,
    ),
    Target(
        "inline expressions",
        edited(
            (
                b'claim("a", v("risk.all.p") < 0.05 and not v("risk.all.or") < 1)',
                b'v.words("trials.all")',
                b'v.ci("risk.all")',
                b'item("fig-a")',
            ),
            (*MARKDOWN, b"v(", b"claim(", b'"', b")", b".", b"__class__", b"lambda: "),
        ),
        _expression,
        (expressions.ExpressionError, LookupError),
        90,
    ),
    Target(
        "reading",
        st.tuples(
            edited((_LETTER, _DOCUMENT), MARKDOWN) | soup(MARKDOWN),
            edited((_SECTION,), MARKDOWN) | soup(MARKDOWN),
        ),
        _readings,
        REFUSALS,
        80,
    ),
    Target(
        "yaml",
        edited((_SETTINGS, _FRONT[4:], _JOURNAL), YAML) | soup(YAML),
        _settings,
        REFUSALS,
        60,
    ),
    Target(
        "front matter",
        st.tuples(st.just(_SETTINGS), edited((_FRONT + b"\n---",), YAML, most=2))
        | st.tuples(edited((_PLAIN, _SETTINGS), YAML, most=2), st.just(b"")),
        _front_matter,
        REFUSALS,
        60,
    ),
    Target("journal", edited((_JOURNAL,), YAML, most=2), _journal, REFUSALS, 20),
    Target(
        "bibliography",
        edited(((SMALL / "references.json").read_bytes(),), _JSON) | soup(_JSON),
        _bibliography,
        REFUSALS,
        20,
    ),
    Target(
        "Word parts",
        st.one_of(
            *(
                st.tuples(st.just(part), edited((content,), XML))
                for part, content in _PARTS.items()
            )
        ),
        _word_parts,
        REFUSALS,
        60,
    ),
    Target(
        "Word files",
        edited((_archive(_PARTS),), (*ZIP, *XML[:6]))
        | st.lists(entries, max_size=5).map(packed),
        _word_file,
        REFUSALS,
        30,
    ),
    Target(
        "constraints",
        edited((_CONSTRAINTS,), YAML) | soup(YAML),
        _constraints,
        (schema.DataError,),
        40,
    ),
    Target(
        "ledgers",
        st.tuples(
            edited((json.dumps(_LEDGER).encode(),), _JSON, most=2),
            edited((json.dumps(_LEDGER).encode(),), _JSON, most=2)
            | st.just(json.dumps(_LEDGER).encode()),
        ),
        _ledgers,
        REFUSALS,
        40,
    ),
    Target("kept files", edited((_OUTER,), _JSON), _kept, (), 20),
    Target("nested Word files", _nested, _nested_word, REFUSALS, 20),
    Target(
        "bundle files",
        edited(_BUNDLES, ZIP) | st.lists(entries, max_size=5).map(packed),
        _bundle,
        (DamagedError,),
        30,
    ),
    Target(
        "bundle contents",
        (_CRAFTED | _FACTS_OR_LEDGER.map(lambda pair: dict([pair]))).map(sealed),
        _bundle,
        (DamagedError,),
        18,
    ),
)
assert sum(target.share for target in TARGETS) == 1000
