"""The looks that both engines share, each through pandoc and typst alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pandas
import pypandoc
import pytest
import typst
from lxml import html

from manuscript.compose.formats.reference_docx import pack

TEMPLATES = Path(__file__).parents[3] / "manuscript" / "compose" / "templates"
PARTIALS = Path(__file__).parents[3] / "partials"
FILTER = f"--lua-filter={PARTIALS / 'values.lua'}"

VALUE = (
    '[3.82]{.value key="risk.placebo.or" data-number="3.8194" data-unit="ratio"'
    ' data-function="analysis.meta.peto" data-file="data/trials.csv"'
    ' data-rows="control_class = placebo" data-basis="reconstruction"}'
)
P_VALUE = '[= 0.02]{.value key="risk.placebo.p" data-unit="p"}'


def pandoc(text: str, *arguments: str | Path) -> str:
    command = [pypandoc.get_pandoc_path(), *map(str, arguments), "--wrap=none"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.stdout


def filtered(text: str, to: str) -> str:
    return pandoc(text, "--to", to, FILTER)


def word(text: str, folder: Path) -> str:
    """Return the XML that Word reads."""
    file = folder / "text.docx"
    reference = PARTIALS / "reference.docx"
    pandoc(
        text, "--to=docx", FILTER, f"--output={file}", f"--reference-doc={reference}"
    )
    with zipfile.ZipFile(file) as package:
        return package.read("word/document.xml").decode()


def cited(tmp_path: Path, text: str, *references: dict[str, Any]) -> str:
    file = tmp_path / "references.json"
    file.write_text(json.dumps(references), "utf-8")
    return pandoc(
        text,
        "--to=html",
        "--citeproc",
        f"--bibliography={file}",
        f"--csl={PARTIALS / 'letter.csl'}",
    )


def entry(tmp_path: Path, **reference: Any) -> str:
    """Return one printed reference, without its number and links."""
    printed = cited(tmp_path, "Text [@one].", {"id": "one", **reference})
    found = re.search(r'<div class="csl-right-inline">(.*?)</div>', printed, re.S)
    assert found, printed
    return re.sub(r"</?a\b[^>]*>", "", found[1])


def names(count: int) -> list[dict[str, str]]:
    return [
        {"family": f"Author{letter}", "given": "JR"} for letter in "ABCDEFGH"[:count]
    ]


def issued(*parts: int) -> dict[str, list[list[int]]]:
    return {"date-parts": [list(parts)]}


def test_article_with_seven_authors_prints_six(tmp_path: Path) -> None:
    assert entry(
        tmp_path,
        type="article-journal",
        author=names(7),
        title="Risk of leukemia after lenalidomide",
        **{"container-title": "The New England Journal of Medicine"},
        **{"container-title-short": "N. Engl. J. Med."},
        issued=issued(2020, 5),
        volume="14",
        issue="2",
        page="431-442",
        DOI="10.1000/example",
    ) == (
        "AuthorA JR, AuthorB JR, AuthorC JR, AuthorD JR, AuthorE JR, AuthorF JR, "
        "et al. Risk of leukemia after lenalidomide. <em>N Engl J Med</em> "
        "2020;<strong>14</strong>:431–42. "
        "https://doi.org/10.1000/example"
    )


def test_article_with_six_authors_prints_all_and_ends_in_a_full_stop(
    tmp_path: Path,
) -> None:
    assert entry(
        tmp_path,
        type="article-journal",
        author=names(6),
        title="Done playing second fiddle?",
        **{"container-title": "Blood Rev"},
        issued=issued(2023),
        volume="60",
        page="101070",
    ) == (
        "AuthorA JR, AuthorB JR, AuthorC JR, AuthorD JR, AuthorE JR, AuthorF JR. "
        "Done playing second fiddle? <em>Blood Rev</em> "
        "2023;<strong>60</strong>:101070."
    )


def test_report(tmp_path: Path) -> None:
    assert entry(
        tmp_path,
        type="report",
        author=names(2),
        title="Quantitative synthesis: an update",
        publisher="Agency for Healthcare Research and Quality",
        issued=issued(2018),
        URL="https://www.example.org/report",
    ) == (
        "AuthorA JR, AuthorB JR. Quantitative synthesis: an update. "
        "Agency for Healthcare Research and Quality; 2018. "
        "https://www.example.org/report"
    )


def test_webpage_says_when_it_was_read(tmp_path: Path) -> None:
    assert entry(
        tmp_path,
        type="webpage",
        author=[{"literal": "Uppsala Monitoring Centre"}],
        title="VigiAccess",
        issued=issued(2024),
        URL="https://www.vigiaccess.org",
        accessed=issued(2024, 3, 1),
    ) == (
        "Uppsala Monitoring Centre. VigiAccess. 2024. "
        "https://www.vigiaccess.org (accessed March 1, 2024)"
    )


def test_dataset(tmp_path: Path) -> None:
    assert entry(
        tmp_path,
        type="dataset",
        author=[{"literal": "Reproduction Group"}],
        title="Counts of eighteen trials",
        version="1.2",
        publisher="Zenodo",
        issued=issued(2026),
        DOI="10.5281/example",
    ) == (
        "Reproduction Group. Counts of eighteen trials, version 1.2. Zenodo; 2026. "
        "https://doi.org/10.5281/example"
    )


def test_software(tmp_path: Path) -> None:
    assert entry(
        tmp_path,
        type="software",
        author=[{"family": "Schwarzer", "given": "G"}],
        title="meta: general package for meta-analysis",
        version="8.0",
        publisher="CRAN",
        issued=issued(2025),
        URL="https://cran.r-project.org/package=meta",
    ) == (
        "Schwarzer G. meta: general package for meta-analysis, version 8.0. "
        "CRAN; 2025. https://cran.r-project.org/package=meta"
    )


def test_citations_are_superscript_numbers_in_order_and_ranges(tmp_path: Path) -> None:
    references = [
        {"id": key, "type": "article-journal", "title": key} for key in "abcdef"
    ]
    text = "Text [@d]; more [@c; @a; @b; @d]; last [@f; @a]."
    printed = re.sub(
        r"<[^>]*>", "", cited(tmp_path, text, *references).split("</p>")[0]
    )
    assert printed == "Text1; more1–4; last3,5."


def test_value_in_html_keeps_what_its_card_shows() -> None:
    html = filtered(VALUE, "html")
    assert 'class="value" data-key="risk.placebo.or" data-number="3.8194"' in html
    assert 'data-basis="reconstruction">3.82</span>' in html


def test_value_in_word_is_a_locked_control_with_its_key(tmp_path: Path) -> None:
    xml = word(VALUE, tmp_path)
    assert re.search(
        r'<w:tag w:val="risk\.placebo\.or"/><w:id w:val="\d+"/>'
        r'<w:lock w:val="contentLocked"/>',
        xml,
    )
    control = re.search(r"<w:sdtContent>(.*?)</w:sdtContent>", xml, re.S)
    assert control
    assert 'w:rStyle w:val="ComputedValue"' in control[1]
    assert ">3.82<" in control[1]


def test_key_in_word_is_escaped(tmp_path: Path) -> None:
    xml = word('[1]{.value key="a<b&c"}', tmp_path)
    assert '<w:tag w:val="a&lt;b&amp;c"/>' in xml


def test_value_and_claim_in_pdf_are_plain_text() -> None:
    text = f'It [rose]{{.claim data-condition="or > 1"}} to {VALUE}.'
    assert filtered(text, "typst").strip() == "It rose to 3.82."


def test_claim_in_word_has_its_style(tmp_path: Path) -> None:
    xml = word('It [rose]{.claim data-condition="or > 1"}.', tmp_path)
    assert '<w:rStyle w:val="Claim"' in xml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"so *P* {P_VALUE}, then", "so #box[#emph[P] = 0.02,] then"),
        ("so I² = 0% now", "so #box[I² = 0%] now"),
        (f"CI {VALUE}–{VALUE}; then", "CI #box[3.82–3.82\\;] then"),
        ("a b = c", "a #box[b = c]"),
        ("no relation here", "no relation here"),
    ],
)
def test_relations_and_intervals_stay_on_one_line(text: str, expected: str) -> None:
    printed = pandoc(text, "--from=markdown-smart", "--to=typst-smart", FILTER)
    assert printed.strip() == expected


@pytest.mark.parametrize("text", ["The 1990’s", "5’ end", "‘12’ and ‘x’", "’90s, ’n’"])
def test_an_apostrophe_is_no_prime_in_print(text: str) -> None:
    printed = pandoc(text, "--from=markdown", "--to=typst", FILTER)
    assert printed.strip() == text


def test_notice_is_boxed(tmp_path: Path) -> None:
    text = "::: {.notice}\nReconstructed.\n:::"
    assert filtered(text, "typst").startswith("#notice[\nReconstructed.")
    assert '<w:pStyle w:val="Notice"' in word(text, tmp_path)
    assert '<div class="notice">' in filtered(text, "html")


def test_notes_below_a_table_are_set_small(tmp_path: Path) -> None:
    text = "::: {.notes}\nA dash: not known.\n:::"
    assert filtered(text, "typst").startswith("#notes[\nA dash")
    assert '<w:pStyle w:val="TableNotes"' in word(text, tmp_path)


def test_landscape_turns_the_pages_between_upright_ones(tmp_path: Path) -> None:
    text = "::: {.landscape}\nWide.\n:::"
    assert filtered(text, "typst").startswith("#landscape[\nWide.")
    sizes = re.findall(r"<w:pgSz [^>]*>", word(text, tmp_path))
    assert ["landscape" in size for size in sizes] == [False, True, False]


def test_alternative_text_reaches_typst() -> None:
    text = '![](forest.svg){fig-alt="A \\"forest\\" plot"}'
    assert '#image("forest.svg", alt: "A \\"forest\\" plot")' in filtered(text, "typst")


def test_tables_in_word_have_three_rules(tmp_path: Path) -> None:
    xml = word("| a | b |\n|---|--:|\n| 1 | 2 |", tmp_path)
    assert '<w:tblStyle w:val="JournalTable"' in xml


def test_end_matter_begins_at_the_first_statement() -> None:
    text = "## Results\n\nText.\n\n## Ethics {.statement}\n\n## License {.statement}"
    printed = filtered(text, "typst")
    assert printed.count("#show: end-matter") == 1
    assert printed.index("Text.") < printed.index("#show: end-matter")
    assert printed.index("#show: end-matter") < printed.index("Ethics")


def page(folder: Path, name: str) -> Path:
    """Lay a page of the built-in engine beside the project's parts of it."""
    shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
    for part in (*PARTIALS.glob("*.html"), *PARTIALS.glob("typst-*.typ")):
        shutil.copy(part, folder)
    return folder / name


def test_date_is_printed_in_words_and_kept_for_machines(tmp_path: Path) -> None:
    text = "---\ndate: 2026-11-02\n---\n"
    template = page(tmp_path / "page", "page.html")
    html = pandoc(text, "--to=html", FILTER, f"--template={template}", "-Mtitle=T")
    assert '<p class="date">November 2, 2026</p>' in html
    assert '<meta name="dcterms.date" content="2026-11-02" />' in html


LETTER = f"""---
title: "A letter with a *name*"
subtitle: Correspondence
masthead: Independent computational reproduction
running-head: A letter
original: "Reproduces *Blood Cancer J* 2024;**14**:177."
lang: en
by-author:
  - name: {{literal: Ada Example}}
    affiliations: [{{number: "1"}}, {{number: "2"}}]
  - name: {{literal: Bo Beispiel}}
    affiliations: [{{number: "2"}}]
by-affiliation:
  - {{number: "1", name: First Hospital, city: Lund}}
  - {{number: "2", name: Second Hospital}}
date: 2026-11-22
---

::: {{.notice}}
**Reconstructed.** Not collected.
:::

## Results

The odds ratio was {VALUE} (*P* {P_VALUE}); see [Figure 1](#fig-one).

```{{=typst}}
#figure([#image("one.svg", alt: "A square.")],
  caption: figure.caption(position: bottom, [{"*A legend.* It runs on. " * 30}]),
  kind: "quarto-float-fig", supplement: "Figure")<fig-one>
#figure([
```

| Trial | Events |
|:------|-------:|
| P1    |      3 |

```{{=typst}}
], caption: figure.caption(position: top, [*Counts.* Of one trial.]),
  kind: "quarto-float-supptbl", supplement: "Table S")<supptbl-one>
```

### Part

More, of the published letter [@one].

::: {{.landscape}}
Turned.
:::

## Ethics {{.statement}}

None.

## References

::: {{#refs}}
:::
"""


@pytest.mark.parametrize("supplement", [False, True], ids=["letter", "supplement"])
def test_typst_template_makes_an_accessible_pdf(
    tmp_path: Path, supplement: bool
) -> None:
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>'
    (tmp_path / "one.svg").write_text(square, "utf-8")
    references = tmp_path / "references.json"
    references.write_text('[{"id": "one", "type": "book", "title": "One"}]', "utf-8")
    upright = LETTER.replace("::: {.landscape}\nTurned.\n:::\n", "")
    text = LETTER if supplement else upright
    source = tmp_path / "letter.typ"
    source.write_text(
        pandoc(
            text,
            "--to=typst-citations",
            "--shift-heading-level-by=-1",
            f"--template={page(tmp_path / 'page', 'page.typ')}",
            f"--include-in-header={PARTIALS / 'supplement-numbers.typ'}",
            FILTER,
            "--citeproc",
            f"--bibliography={references}",
            f"--csl={PARTIALS / 'letter.csl'}",
            *(["--metadata=supplement", "--toc"] if supplement else []),
        ),
        "utf-8",
    )
    pdf, warnings = typst.compile_with_warnings(
        str(source),
        format="pdf",
        root=str(tmp_path),
        font_paths=[str(PARTIALS / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert pdf.startswith(b"%PDF")
    assert [warning.message for warning in warnings] == []


def test_reference_document_is_what_its_folder_packs_to(tmp_path: Path) -> None:
    pack(PARTIALS / "reference", tmp_path / "reference.docx")
    packed = (tmp_path / "reference.docx").read_bytes()
    assert (PARTIALS / "reference.docx").read_bytes() == packed


def test_folder_without_content_types_is_no_office_document(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not an Office document"):
        pack(tmp_path, tmp_path / "reference.docx")


def test_reference_document_has_the_styles_that_the_filter_names() -> None:
    with zipfile.ZipFile(PARTIALS / "reference.docx") as package:
        styles = package.read("word/styles.xml").decode()
        page = package.read("word/document.xml").decode()
    for style in (
        "Computed value",
        "Claim",
        "Notice",
        "Original",
        "Table Notes",
        "Journal Table",
    ):
        assert f'<w:name w:val="{style}"/>' in styles
    assert '<w:lnNumType w:countBy="1"' in page
    assert '<w:pgSz w:w="11906" w:h="16838"/>' in page


@pytest.mark.parametrize("name", ["letter.css", "values.html", "floats.html"])
def test_pages_ask_the_network_for_nothing(name: str) -> None:
    text = (PARTIALS / name).read_text("utf-8")
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest", text)


def quarto_float(top: bool) -> dict[str, Any]:
    """A float as Quarto 1.10 leaves it for Word: one cell, its caption raw."""
    raw = '<w:pPr><w:pStyle w:val="ImageCaption" /></w:pPr>'
    caption = {
        "t": "Para",
        "c": [
            {"t": "RawInline", "c": ["openxml", raw]},
            {"t": "Str", "c": "Figure\u00a0S1:"},
            {"t": "Space"},
            {"t": "Str", "c": "Words."},
        ],
    }
    image = {
        "t": "Image",
        "c": [["", [], [["fig-alt", "A line"]]], [], ["one.png", ""]],
    }
    content = {"t": "Para", "c": [image]}
    blocks = [caption, content] if top else [content, caption]
    div = {"t": "Div", "c": [["suppfig-one", [], []], blocks]}
    cell = [["", [], []], {"t": "AlignDefault"}, 1, 1, [div]]
    body = [["", [], []], 0, [], [[["", [], []], [cell]]]]
    empty = [["", [], []], []]
    columns = [[{"t": "AlignCenter"}, {"t": "ColWidth", "c": 1.0}]]
    table = [["", [], []], [None, []], columns, empty, [body], empty]
    return {"t": "Table", "c": table}


@pytest.mark.parametrize("top", [True, False])
def test_a_float_of_quartos_word_stands_as_the_built_in_engine_writes_it(
    tmp_path: Path, top: bool
) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "one.png")
    tree = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {},
        "blocks": [quarto_float(top)],
    }
    file = tmp_path / "text.docx"
    pandoc(
        json.dumps(tree),
        "--from=json",
        f"--lua-filter={PARTIALS / 'quarto-word.lua'}",
        f"--resource-path={tmp_path}",
        f"--output={file}",
    )
    with zipfile.ZipFile(file) as package:
        xml = package.read("word/document.xml").decode()
    assert "<w:tbl>" not in xml
    assert ('w:val="TableCaption"' if top else 'w:val="ImageCaption"') in xml
    assert 'descr="A line"' in xml
    assert xml.count("w:pStyle") >= 1
    before, after = ("Words.", "<w:drawing>") if top else ("<w:drawing>", "Words.")
    assert xml.index(before) < xml.index(after)


def test_the_date_is_written_as_the_language_has_it(tmp_path: Path) -> None:
    template = page(tmp_path / "page", "page.html")
    for lang, shown in (("de", "2. November 2026"), ("fr", "2 novembre 2026")):
        text = f"---\ndate: 2026-11-02\nlang: {lang}\n---\n"
        html = pandoc(text, "--to=html", FILTER, f"--template={template}", "-Mtitle=T")
        assert f'<p class="date">{shown}</p>' in html


def test_a_narrow_space_is_style_on_a_page_and_a_character_in_print() -> None:
    text = "Of 331\u202f088 and 1\u202f234\u202f567 reports."
    page = filtered(text, "html")
    assert '<span class="parted">331</span>088' in page
    assert "Of 331088 and 1234567 reports." in re.sub("<[^>]*>", "", page)
    assert text in filtered(text, "typst")
    assert "a\u202fb" in filtered("a\u202fb", "html")


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_heads_of_rows_stay_heads_at_every_level(levels: int) -> None:
    rows = [("a", "c", "e"), ("a", "c", "f"), ("a", "d", "e"), ("b", "c", "f")]
    index = pandas.MultiIndex.from_tuples([row[:levels] for row in rows])
    frame = pandas.DataFrame({"x": range(4), "y": range(4)}, index=index)
    given = frame.to_html()
    tables = f"--lua-filter={PARTIALS / 'tables.lua'}"
    made = pandoc(given, "--from=html", "--to=html", tables)
    heads = html.fromstring(made).xpath("//tbody//th")
    wanted = html.fromstring(given).xpath("//tbody//th")
    assert [each.text for each in heads] == [each.text for each in wanted]
    assert {each.get("scope") for each in heads} == {"row"}
    assert "<td scope" not in made


def test_a_row_that_others_reach_into_may_have_no_cell_of_its_own() -> None:
    cell = '<td rowspan="2">a</td>'
    given = (
        f"<table><tr>{cell}{cell}</tr><tr></tr><tr><td>b</td><td>c</td></tr></table>"
    )
    made = pandoc(
        given, "--from=html", "--to=html", f"--lua-filter={PARTIALS / 'tables.lua'}"
    )
    heads = html.fromstring(made).xpath("//tbody//th")
    assert [each.text for each in heads] == ["a", "b"]
