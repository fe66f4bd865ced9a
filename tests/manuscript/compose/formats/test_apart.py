"""A page with tables written beside it is the page that one process writes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from manuscript.compose.formats import apart, html, pdf
from manuscript.compose.formats.article import compose
from manuscript.compose.formats.article import write as write_article
from manuscript.errors import ManuscriptError
from manuscript.execute import Execution, Options
from tests.manuscript.compose.conftest import SETTINGS, write

ROOT = Path(__file__).parents[4]
FILTERS = sorted(ROOT.glob("partials/*.lua"))
VALUE = '[= 0.02]{.value key="a.p" data-number="0.02" data-unit="p"}'
REFERENCES = (
    '[{"id": "knuth", "type": "book", "title": "Art", "issued": {"raw": "1968"}}]'
)

ROWS = "\n".join(f"| {n} | *P* {VALUE}, 5–6 | `x` $x^2$ |" for n in range(apart.ROWS))
TEXT = f"""
Before <!--table 0--> /*table 0*/ [@knuth].

::: {{.landscape}}
| a | b | c |
|:--|:-:|--:|
{ROWS}

: Long {{#tbl-long}}
:::

| a | b | c |
|---|---|---|
| [**Group**]{{.group}} | | |
| 1 | [@knuth] | cites |

: With a work {{#tbl-work}}

| a | b |
|---|---|
| 1 | noted[^n] |

: With a note {{#tbl-note}}

[^n]: Below, @tbl-long.

- In a list

  | a | b |
  |---|---|
  | 331\u202f088 | @tbl-long |

> | quoted | b |
> |--------|---|
> | 1 | 2 |

::: {{.notes}}
Notes, *P* {VALUE}.
:::

+---+---------------+
| a | | in | b |    |
|   | |----|---|    |
|   | | 1  | 2 |    |
+---+---------------+

:::: {{#tbl-panel layout-ncol=2}}
| a |
|---|
| 1 |

: One {{#tbl-one}}

| b |
|---|
| 2 |

: Two {{#tbl-two}}

Two tables
::::

After.
"""


def written(folder: Path, to: str, patch: pytest.MonkeyPatch) -> str:
    """What pandoc writes of the text, with the filters of the press."""
    (folder / "partials").mkdir(parents=True)
    for filter_ in FILTERS:
        (folder / "partials" / filter_.name).write_bytes(filter_.read_bytes())
    names = "".join(f"  - partials/{name}.lua\n" for name in ("tables", "values"))
    settings = f"{SETTINGS}bibliography: r.json\nfilters:\n{names}"
    project = write(folder, TEXT, settings=settings, r_DOT_json=REFERENCES)
    document = project.documents[0]
    article = compose(project, document, Execution((), {}), Options())
    article = replace(article, alone=True)
    found = []

    def noted(*given: Any) -> str:
        found.append(write_article(*given))
        return found[0]

    module = {"html": html, "typst": pdf}[to]
    patch.setattr(module, "write", noted)
    with suppress(ManuscriptError):  # the template is not there
        module.build(article, folder, folder)
    return found[0]


@pytest.mark.parametrize("to", ["html", "typst"])
def test_the_page_is_the_same(
    to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    put_back = apart.Apart.put_back

    def noted(self: apart.Apart, text: str, tables: str) -> str:
        taken.append(len(self.blocks) // 2)
        return put_back(self, text, tables)

    monkeypatch.setattr(apart.Apart, "put_back", noted)
    beside = written(tmp_path / "beside", to, monkeypatch)
    # Not that with a citation, that with a note, and those in a list and a quotation.
    assert taken == [4]
    monkeypatch.setattr(apart, "ROWS", 10_000)
    assert written(tmp_path / "alone", to, monkeypatch) == beside
    assert taken == [4]


def test_another_filter_sees_the_whole_document(tmp_path: Path) -> None:
    (tmp_path / "own.lua").write_text("return {}", "utf-8")
    row = ["", [], []]
    blocks = [{"t": "Table", "c": [[], [], [], [], [[row, 0, [], [row] * 99]], []]}]
    assert apart.possible("html", blocks, [], tmp_path)
    assert not apart.possible("html", blocks, ["own.lua"], tmp_path)
    assert not apart.possible("docx", blocks, [], tmp_path)


def test_filters_of_the_press_are_known() -> None:
    """Whoever changes one asks whether it still looks at each table by itself."""
    found = {sha256(filter_.read_bytes()).hexdigest() for filter_ in FILTERS}
    assert found == apart.FILTERS
