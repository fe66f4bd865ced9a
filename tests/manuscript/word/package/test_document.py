"""Word files of co-authors: what is read, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manuscript.errors import ManuscriptError
from manuscript.word.package import parts as package
from manuscript.word.package.document import read_document
from manuscript.word.package.model import EditedDocument

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = "<w:p><w:r><w:t>Text.</w:t></w:r></w:p>"


def written(folder: Path, body: str = BODY, **parts: bytes) -> Path:
    path = folder / "file.docx"
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    files = {"word/document.xml": document.encode()}
    files |= {
        name.replace("__", "/").replace("_DOT_", "."): parts[name] for name in parts
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def read(folder: Path, body: str) -> EditedDocument:
    return read_document(written(folder, body))


def refused(path: Path) -> str:
    with pytest.raises(ManuscriptError) as caught:
        read_document(path)
    return str(caught.value)


def test_tracked_changes_count_as_made(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>It </w:t></w:r>"
        '<w:del w:id="1" w:author="A"><w:r><w:delText>was</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="A"><w:r><w:t>is</w:t></w:r></w:ins>'
        "<w:r><w:t> so.</w:t></w:r></w:p>"
    )
    [paragraph] = read(tmp_path, body).paragraphs
    assert paragraph.text == "It is so."
    assert paragraph.authors == ("A",)


def test_moved_words_stand_where_they_went(tmp_path: Path) -> None:
    body = (
        '<w:p><w:moveFrom w:id="1"><w:r><w:t>Here. </w:t></w:r></w:moveFrom>'
        "<w:r><w:t>Stays.</w:t></w:r>"
        '<w:moveTo w:id="2"><w:r><w:t> Here.</w:t></w:r></w:moveTo></w:p>'
    )
    assert read(tmp_path, body).paragraphs[0].text == "Stays. Here."


def test_deleted_paragraph_end_joins(tmp_path: Path) -> None:
    body = (
        '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
        "<w:r><w:t>One, </w:t></w:r></w:p><w:p><w:r><w:t>two.</w:t></w:r></w:p>"
    )
    assert [p.text for p in read(tmp_path, body).paragraphs] == ["", "One, two."]


def test_deleted_rows_are_gone(tmp_path: Path) -> None:
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    gone = row.format('<w:trPr><w:del w:id="1"/></w:trPr>', "gone")
    body = f"<w:tbl>{row.format('', 'here')}{gone}</w:tbl>"
    assert [p.text for p in read(tmp_path, body).paragraphs] == ["here"]


def test_text_boxes_and_notes_are_read(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "</w:p><w:p><w:r><w:pict><w:txbxContent>"
        "<w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>A note'
        '</w:t></w:r></w:p></w:footnote><w:footnote w:id="3"><w:p><w:r>'
        "<w:t>Not called</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    path = written(tmp_path, body, word__footnotes_DOT_xml=notes.encode())
    found = [(p.where, p.text) for p in read_document(path).paragraphs]
    assert ("box", "In a box") in found
    assert ("body", "Text[A note]") in found
    assert "Not called" not in str(found)


def test_comment_without_a_place_is_kept(tmp_path: Path) -> None:
    comments = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="7" w:author="B">'
        "<w:p><w:r><w:t>Lost?</w:t></w:r></w:p></w:comment></w:comments>"
    )
    path = written(tmp_path, word__comments_DOT_xml=comments.encode())
    [comment] = read_document(path).comments
    assert (comment.author, comment.text, comment.paragraph) == ("B", "Lost?", -1)


def nested(levels: int) -> tuple[str, str]:
    table = "<w:tbl><w:tr><w:tc>" * levels, "</w:tc></w:tr></w:tbl>" * levels
    return table


def test_nested_tables_are_read_once(tmp_path: Path) -> None:
    opened, closed = nested(40)
    read_once = read(tmp_path, f"{opened}{BODY}{closed}").paragraphs
    assert [(p.text, p.cell) for p in read_once] == [("Text.", (39, 0, 0))]


def test_nested_text_boxes_are_read_once(tmp_path: Path) -> None:
    opened = "<w:p><w:r><w:pict><w:txbxContent>" * 20
    closed = "</w:txbxContent></w:pict></w:r></w:p>" * 20
    texts = [p.text for p in read(tmp_path, f"{opened}{BODY}{closed}").paragraphs]
    assert texts.count("Text.") == 1
    assert len(texts) == 21


def test_millions_of_elements(tmp_path: Path) -> None:
    many = "<w:r/>" * (package.MOST_TAGS + 1)
    assert "millions of elements" in refused(written(tmp_path, f"<w:p>{many}</w:p>"))


def test_styles_are_known_by_their_names(tmp_path: Path) -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="berschrift2">'
        '<w:name w:val="heading 2"/></w:style></w:styles>'
    )
    body = (
        '<w:p><w:pPr><w:pStyle w:val="berschrift2"/></w:pPr>'
        "<w:r><w:t>Text.</w:t></w:r></w:p>"
    )
    path = written(tmp_path, body, word__styles_DOT_xml=styles.encode())
    [paragraph] = read_document(path).paragraphs
    assert (paragraph.heading, paragraph.style) == (2, "heading2")


def test_replies_and_what_is_resolved(tmp_path: Path) -> None:
    spaces = " ".join(
        f'xmlns:{name}="{package.NAMESPACES[name]}"' for name in ("w", "w14", "w15")
    )
    comment = (
        '<w:comment w:id="{0}" w:author="{1}"><w:p w14:paraId="{0}"><w:r><w:t>{2}</w:t>'
        "<w:br/><w:t>more</w:t></w:r></w:p></w:comment>"
    )
    said = comment.format(1, "A", "Why?") + comment.format(2, "B", "So.")
    threads = (
        '<w15:commentEx w15:paraId="1" w15:done="1"/>'
        '<w15:commentEx w15:paraId="2" w15:paraIdParent="1" w15:done="0"/>'
    )
    path = written(
        tmp_path,
        word__comments_DOT_xml=f"<w:comments {spaces}>{said}</w:comments>".encode(),
        word__commentsExtended_DOT_xml=(
            f"<w15:commentsEx {spaces}>{threads}</w15:commentsEx>".encode()
        ),
    )
    first, second = read_document(path).comments
    assert (first.text, first.thread, first.resolved) == ("Why?\nmore", -1, True)
    assert (second.text, second.thread) == ("So.\nmore", 0)


def test_fields_show_their_result_alone(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
        'HYPERLINK "https://example.org/"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>here</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    )
    [paragraph] = read(tmp_path, body).paragraphs
    assert paragraph.text == "here."
    assert [run.link for run in paragraph.runs] == ["https://example.org/", ""]


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.docx")


def test_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    path.write_bytes(b"Word, honestly")
    assert "cannot be read" in refused(path)


def test_folder(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path)


def test_no_document(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no letter")
    assert "word/document.xml" in refused(path)


def test_other_root(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<html/>")
    assert "no text" in refused(path)


def test_zip_bomb(tmp_path: Path) -> None:
    path = written(tmp_path, word__media__big_DOT_png=bytes(package.MOST_BYTES + 1))
    assert path.stat().st_size < 2**20
    assert "200 MB" in refused(path)


def test_size_that_the_directory_belies(tmp_path: Path) -> None:
    path = written(tmp_path, word__more_DOT_xml=b"<a>" + bytes(5000))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    assert "file.docx" in refused(path)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "a\\..\\b"])
def test_names_outside(tmp_path: Path, name: str) -> None:
    path = written(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    assert "outside" in refused(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name(tmp_path: Path) -> None:
    path = written(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/document.xml", "<other/>")
    assert "two parts" in refused(path)


def test_too_many_parts(tmp_path: Path) -> None:
    path = written(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(package.MOST_PARTS):
            archive.writestr(f"word/{number}.xml", "")
    assert "parts" in refused(path)


def test_macros(tmp_path: Path) -> None:
    assert "macros" in refused(written(tmp_path, word__vbaProject_DOT_bin=b"x"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.docx"
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d ['
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        f'<w:document xmlns:w="{W}"><w:body><w:p>&b;</w:p></w:body></w:document>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", bomb.encode(encoding))
    assert "document type" in refused(path)


def test_outside_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    comments = f'<!DOCTYPE c [<!ENTITY s SYSTEM "{secret}">]><c>&s;</c>'
    path = written(tmp_path, word__comments_DOT_xml=comments.encode())
    assert "document type" in refused(path)


def test_broken_xml(tmp_path: Path) -> None:
    assert "is broken" in refused(written(tmp_path, "<w:p>"))


def test_deep_nesting(tmp_path: Path) -> None:
    deep = "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    assert "file.docx" in refused(written(tmp_path, deep))


@given(cut=st.integers(0, 400), flip=st.integers(1, 255))
def test_damaged_files_are_refused_or_read(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int
) -> None:
    path = written(tmp_path_factory.mktemp("damaged"))
    content = bytearray(path.read_bytes())
    content[cut % len(content)] ^= flip
    path.write_bytes(content)
    try:
        read_document(path)
    except ManuscriptError as error:
        said = str(error)
    else:
        said = ""
    assert "file.docx" in said or not said
