"""Whatever is higher than a page goes on over the next ones, every word legible."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from manuscript.compose.agreement import pdf
from tests.manuscript.compose.formats.test_pdf_pages import SENTENCE, printed

FOOT = 15  # points above the lower edge, below which nothing is printed
WITHIN = {
    "the text": ("", ""),
    "a block": ("#block(inset: 5pt)[", "]"),
    "a list": ("#list[", "]"),
    "a grid": ("#grid(columns: (2fr, 1fr), [", "], [Beside.])"),
    "landscape": ("#landscape[", "]"),
    "a notice": ("#notice[", "]"),
}


def raw(code: str) -> str:
    return f"\n\n```{{=typst}}\n{code}\n```\n\n"


def table(rows: int, words: int) -> str:
    """Return a table in which every word stands once."""
    cells = [
        [f"r{i}", f"{i}.5 ({i})", " ".join(f"w{i}x{n}" for n in range(i % words))]
        for i in range(rows)
    ]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join(["| Trial | Odds | Words |", "|:--|--:|:--------|", *lines])


def floating(content: str, kind: str, at: str, caption: str) -> str:
    return (
        raw("#figure([")
        + content
        + raw(
            f"], caption: figure.caption(position: {at}, [{caption}]), "
            f'kind: "quarto-float-{kind}", supplement: "Table")<{kind}-one>'
        )
    )


KINDS = ("tbl", "supptbl", "fig", "suppfig", "lst")
floats = st.fixed_dictionaries(
    {
        "rows": st.integers(1, 400),
        "words": st.integers(1, 9),
        "kind": st.sampled_from(KINDS),
        "at": st.sampled_from(("top", "bottom")),
        "caption": st.integers(1, 40).map(lambda n: SENTENCE * n),
        "before": st.integers(0, 60),
        "within": st.sampled_from(tuple(WITHIN)),
        "supplement": st.booleans(),
    }
)


def check(folder: Path, drawn: dict[str, object]) -> None:
    content = table(drawn["rows"], drawn["words"])  # type: ignore[arg-type]
    opening, closing = WITHIN[str(drawn["within"])]
    it = floating(content, *(str(drawn[k]) for k in ("kind", "at", "caption")))
    body = SENTENCE * int(str(drawn["before"]))
    body += raw(opening) + it + raw(closing) + SENTENCE
    options = ("--metadata=supplement:true",) if drawn["supplement"] else ()
    data = printed(folder, body, *options)
    reading = pdf.read(data, {})
    assert reading.heaped == ()
    words = reading.text.split()
    expected = content.replace("|", " ").split()[4:]  # past the head and its rule
    assert [w for w in words if w[0] in "rw" and w[1:2].isdigit()] == [
        w for w in expected if w[0] in "rw" and w[1:2].isdigit()
    ]
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        boxes = (text.get_rect(i) for i in range(text.count_rects()))
        assert all(low > FOOT for left, low, right, _ in boxes if right > left)
    document.close()


@settings(
    max_examples=settings.default.max_examples // 16,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=floats)
def test_a_float_of_any_length_is_printed_whole(
    tmp_path: Path, drawn: dict[str, object]
) -> None:
    check(tmp_path, drawn)


@pytest.mark.long
@pytest.mark.parametrize("supplement", [True, False])
@pytest.mark.parametrize(("kind", "within"), [*product(KINDS, WITHIN)])
def test_every_kind_of_float_is_printed_whole_wherever_it_stands(
    tmp_path: Path, kind: str, within: str, supplement: bool
) -> None:
    chance = Random(f"{kind} {within} {supplement}")
    drawn: dict[str, object] = {
        # Four pages at most; the property above has ten.
        "rows": chance.randint(1, 150),
        "words": chance.randint(1, 9),
        "kind": kind,
        "at": chance.choice(("top", "bottom")),
        "caption": SENTENCE * chance.randint(1, 40),
        "before": chance.randint(0, 60),
        "within": within,
        "supplement": supplement,
    }
    check(tmp_path, drawn)


@pytest.mark.parametrize("supplement", [True, False])
def test_a_long_title_block_goes_on(tmp_path: Path, supplement: bool) -> None:
    abstract = " ".join(f"a{i}" for i in range(2500))
    options = ["--metadata=supplement:true"] if supplement else []
    data = printed(tmp_path, SENTENCE, f"--metadata=abstract:{abstract}", *options)
    reading = pdf.read(data, {})
    assert reading.heaped == ()
    assert [w for w in reading.text.split() if w[1:].isdigit()] == abstract.split()


def test_what_is_printed_over_other_words_is_told(tmp_path: Path) -> None:
    over = raw("#place(dx: 1cm, dy: 1cm)[Above]#place(dx: 1cm, dy: 1cm)[Below]")
    reading = pdf.read(printed(tmp_path, SENTENCE + over), {})
    assert reading.heaped == ("page 1 prints `Below` over `Above`",)
