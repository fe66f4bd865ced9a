"""The rendered pages in a real browser: cards, silence, accessibility."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from manuscript.record import ledger
from manuscript.source.documents import Project
from manuscript.source.labels import Names
from tests.manuscript.pages import emptiness

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PAGES = ("index", "supplement")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as HTML."""
    folder = tmp_path_factory.mktemp("pages") / "output"
    command = [sys.executable, "-m", "manuscript", "render", "--engine", "builtin"]
    command += ["--to", "html", "--output", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless browser of this machine; nothing is downloaded."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: pip install playwright"
    )
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), ""
    )
    if not found:
        pytest.skip("no browser to test the pages in: apt install chromium")
    with api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page, and what it said and asked for meanwhile."""

    page: Any
    name: str = "index"
    printed: bool = False
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def card(self) -> Any:
        return self.page.locator("#value-card")

    def value(self, key: str) -> Any:
        return self.page.locator(f'.value[data-key="{key}"]').first


@pytest.fixture
def visit(
    chromium: Any, output: Path, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """A page of the project; ``indirect`` parameters go to the browser's context."""
    options = dict(getattr(request, "param", {}))
    name, printed = options.pop("page", "index"), options.pop("print", False)
    context = chromium.new_context(**options)
    opened = Visit(context.new_page(), name, printed)
    opened.page.on("request", lambda made: opened.requests.append(made.url))
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.page.on(
        "console",
        lambda said: said.type == "error" and opened.errors.append(said.text),
    )
    opened.page.goto((output / f"{name}.html").as_uri())
    if printed:
        opened.page.emulate_media(media="print")
    yield opened
    context.close()


KEY = "risk.placebo.or"
ORIGINS = "Origins of numbers by keyboard"


def assert_tells_origin(visit: Visit) -> None:
    visit.card.wait_for(state="visible")
    text = visit.card.inner_text()
    for part in ("3.82", KEY, "analysis.meta", "data/trials.csv", "reconstruction"):
        assert part in text
    assert re.search(r"analysis/[\w/]+\.py, line \d+", text)
    # No public repository is named: a link would be dead in a copy of the page.
    assert visit.card.locator("a").count() == 0


def test_a_card_opens_under_the_mouse_and_closes_after_it(visit: Visit) -> None:
    visit.value(KEY).hover()
    assert_tells_origin(visit)
    visit.page.mouse.move(1, 1)
    visit.card.wait_for(state="hidden")
    visit.value(KEY).click()
    visit.page.mouse.move(1, 1)
    visit.page.wait_for_timeout(500)
    assert visit.card.is_visible()
    visit.page.mouse.click(1, 1)
    visit.card.wait_for(state="hidden")


def test_a_card_opens_by_keyboard_and_escape_returns(visit: Visit) -> None:
    here = "document.activeElement.dataset.key"
    switch = visit.page.get_by_role("switch", name=ORIGINS)
    switch.focus()
    visit.page.keyboard.press("Space")
    assert switch.get_attribute("aria-checked") == "true"
    first = visit.page.locator(".asks").first
    while not first.evaluate("one => one === document.activeElement"):
        visit.page.keyboard.press("Tab")
    for _ in range(80):
        if visit.page.evaluate(here) == KEY:
            break
        visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate(here) == KEY
    assert visit.page.locator('.asks[tabindex="0"]').count() == 1
    assert_tells_origin(visit)
    assert visit.value(KEY).get_attribute("aria-expanded") == "true"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "value-card"
    visit.page.keyboard.press("Escape")
    visit.card.wait_for(state="hidden")
    assert visit.page.evaluate(here) == KEY


@pytest.mark.parametrize(
    "visit",
    [{"has_touch": True, "viewport": {"width": 360, "height": 740}}],
    indirect=True,
)
def test_a_card_opens_by_a_tap_within_a_phone(visit: Visit) -> None:
    visit.value(KEY).tap()
    assert_tells_origin(visit)
    box = visit.card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    visit.page.touchscreen.tap(5, 5)
    visit.card.wait_for(state="hidden")


def test_the_switch_off_leaves_numbers_to_the_mouse(visit: Visit) -> None:
    asking = visit.page.locator(".asks[tabindex], .asks[role], .asks[aria-expanded]")
    assert asking.count() == 0
    visit.page.get_by_role("switch", name=ORIGINS).click()
    assert asking.count() == visit.page.locator(".asks").count() > 50
    visit.page.get_by_role("switch", name=ORIGINS).click()
    assert asking.count() == 0


def test_a_card_shows_the_rows_that_were_published(visit: Visit) -> None:
    visit.value("search.citations").click()
    table = visit.card.locator("table").inner_text()
    assert "citations identified by the search" in table
    assert "2982" in table
    visit.value(KEY).click()
    assert visit.card.locator("table").count() == 0


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_the_references_are_near_for_the_keyboard(visit: Visit) -> None:
    presses = 0
    while visit.page.evaluate("document.activeElement.getAttribute('href')") != "#refs":
        visit.page.keyboard.press("Tab")
        presses += 1
        assert presses < 40
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("!!document.activeElement.closest('#refs')")


def focused(visit: Visit, words: str) -> Any:
    script = f"(() => {{ const e = document.activeElement; {words} }})()"
    return visit.page.evaluate(script)


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_the_references_are_near_without_the_skip_link(visit: Visit) -> None:
    for _ in range(39):
        visit.page.keyboard.press("Tab")
        if focused(visit, "return !!e.closest('#refs')"):
            return
    raise AssertionError("forty presses and no reference")


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_every_link_is_reached_by_keyboard(visit: Visit) -> None:
    """By Tab, or by arrow keys from the link of its passage that Tab reaches."""
    links = "[...document.querySelectorAll('main a[href], header a[href]')]"
    mark = "e.dataset.met = 1; return e.tagName"
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        if focused(visit, "return !!e.closest('#refs')"):
            break
        tag = focused(visit, mark)
        for _ in range(200 if tag == "A" else 0):
            visit.page.keyboard.press("ArrowRight")
            met = focused(visit, "const m = e.dataset.met; e.dataset.met = 1; return m")
            if met:
                break
    missed = visit.page.evaluate(
        f"{links}.filter(a => !a.closest('#refs') && !a.dataset.met)"
        ".map(a => a.outerHTML)"
    )
    assert missed == []


def test_arrow_keys_say_so_and_a_switch_turns_them_off(visit: Visit) -> None:
    switch = visit.page.get_by_role("switch", name="Tab stops at every link")
    free = visit.page.locator('main a[tabindex="-1"]')
    assert free.count() > 10
    switch.click()
    assert switch.get_attribute("aria-checked") == "true"
    assert free.count() == 0
    switch.click()
    assert free.count() > 10
    visit.page.keyboard.press("Tab")
    for _ in range(40):
        if "arrow keys" in visit.page.locator(".links-hint").inner_text():
            break
        visit.page.keyboard.press("Tab")
    assert "arrow keys" in visit.page.locator(".links-hint").inner_text()


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_an_enlarged_figure_keeps_its_letters_and_fits(visit: Visit) -> None:
    font = "text => getComputedStyle(text).fontFamily"
    small = visit.page.locator("figure svg text").first.evaluate(font)
    for button in visit.page.get_by_role("button", name="Enlarge").all():
        button.click()
        dialog = visit.page.locator("dialog[open]")
        assert dialog.locator("svg text").first.evaluate(font) == small
        assert dialog.evaluate(
            "d => d.scrollHeight <= d.clientHeight && d.scrollWidth <= d.clientWidth"
        )
        visit.page.keyboard.press("Escape")


@pytest.mark.parametrize("visit", [{"page": "supplement"}], indirect=True)
def test_contents_list_names_every_table_and_figure(visit: Visit) -> None:
    listed = visit.page.locator("#TOC ul.floats a").all()
    floats = visit.page.locator("div.quarto-float[id] > figure").count()
    assert len(listed) == floats > 10
    for link in listed:
        assert visit.page.locator(link.get_attribute("href")).count() == 1
        assert re.match(r"(Table|Figure) S\d+: \w", link.inner_text())


@pytest.mark.parametrize(
    "visit",
    [{"page": "supplement", "viewport": {"width": 360, "height": 740}}],
    indirect=True,
)
def test_heads_of_rows_stay_where_a_table_scrolls(visit: Visit) -> None:
    box = visit.page.locator('[role="region"]:has(> table)').first
    head = box.locator("tbody th[scope=row]").first
    before = head.bounding_box()["x"]
    box.evaluate("box => { box.scrollLeft = 200 }")
    assert box.evaluate("box => box.scrollLeft") > 50
    assert abs(head.bounding_box()["x"] - before) < 2


def test_every_table_heads_its_rows_and_columns(output: Path) -> None:
    for name in ("supplement", "reproduction"):
        tables = html.parse(output / f"{name}.html").xpath("//main//table")
        assert tables
        for table in tables:
            assert table.xpath(".//thead//th[@scope='col']")
            assert table.xpath(".//tbody//th[@scope='row']")
            spanning = table.xpath(".//tbody//*[@colspan]")
            assert [cell.tag for cell in spanning] == ["th"] * len(spanning)


def test_links_between_pages_lead_somewhere(output: Path) -> None:
    ids = {
        page.name: set(html.parse(page).xpath("//@id"))
        for page in output.glob("*.html")
    }
    named = 0
    for page in ids:
        tree = html.parse(output / page)
        for href in tree.xpath("//main//a/@href[contains(., '.html#')]"):
            file, _, target = href.partition("#")
            if file in ids:
                assert target in ids[file]
                named += page == "index.html"
        around = set(tree.xpath("//nav[@class='related']//a/@href"))
        stem = page.removesuffix(".html")
        assert around >= {f"{stem}.pdf", f"{stem}.docx", "ledger.json"}
        assert around >= set(ids) - {page}
    assert named > 10


def test_a_claim_shows_what_it_rests_on(visit: Visit) -> None:
    visit.page.locator(".claim", has_text="significantly increased").first.hover()
    visit.card.wait_for(state="visible")
    assert "risk.placebo.p = 0.0212" in visit.card.inner_text()


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_a_page_asks_for_nothing_and_complains_of_nothing(visit: Visit) -> None:
    for value in visit.page.locator(".value").all()[:5]:
        value.hover()
        visit.card.wait_for(state="visible")
    assert [url for url in visit.requests[1:] if not url.startswith("data:")] == []
    assert visit.errors == []


def test_cards_leave_no_trace_in_print(visit: Visit) -> None:
    before = visit.page.pdf()
    visit.value(KEY).click()
    assert_tells_origin(visit)
    visit.page.emulate_media(media="print")
    assert not visit.card.is_visible()
    assert abs(len(visit.page.pdf()) - len(before)) < 0.02 * len(before)


def test_a_printed_letter_leaves_no_page_half_empty(visit: Visit) -> None:
    """But the last of its text, behind which the figures stand."""
    shares = emptiness(visit.page.pdf(prefer_css_page_size=True))
    assert len(shares) > 4
    assert max(shares[:-2]) < 0.25
    body = visit.page.locator("main").inner_html()
    assert body.index("fig-forest") < body.index('id="refs"')


VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "print": {"print": True},
}
VIEWED = [
    pytest.param({"page": name, **view}, id=f"{name}-{how}")
    for name in PAGES
    for how, view in VIEWS.items()
]
# Heads of the columns of a table: which of them has no cell with words below it.
HEADS_NOTHING = """table => {
  const heads = [...table.querySelectorAll("thead th")];
  const rows = [...table.querySelectorAll("tbody tr")].filter(r => r.cells.length > 1);
  return heads.filter((head, i) => !rows.some(r => r.cells[i].innerText.trim()))
    .map(head => head.outerHTML);
}"""


@pytest.mark.parametrize("visit", VIEWED, indirect=True)
def test_axe_finds_no_violation_and_leaves_nothing_undecided(visit: Visit) -> None:
    """With a card open, but in print; what axe leaves open is decided here.

    It cannot tell contrasts where text is short or overlaid, which the test below
    computes for all text, and takes a row that opens a group for an end of columns.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if not visit.printed:
        visit.page.locator(".value").first.click()
        visit.card.wait_for(state="visible")
    done = axe.run(visit.page).response
    assert [
        f"{found['id']}: {found['help']}: {found['nodes'][0]['html'][:200]}"
        for found in done["violations"]
    ] == []
    undecided = {found["id"] for found in done["incomplete"]}
    assert undecided <= {"color-contrast", "th-has-data-cells"}
    for table in visit.page.locator("main figure table").all():
        if "th-has-data-cells" in undecided:
            assert table.evaluate(HEADS_NOTHING) == []


CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


def contrasts(page: Any) -> Any:
    high = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": high + 50})
    return page.evaluate(CONTRAST)


@pytest.mark.parametrize("visit", VIEWED, indirect=True)
def test_all_text_has_contrast_to_its_ground(visit: Visit) -> None:
    """Of figures too: 4.5 to 1, and 3 to 1 for large letters."""
    found = contrasts(visit.page)
    assert found["seen"] > 500
    assert found["faults"] == []


def test_faint_text_is_found_on_any_ground(visit: Visit) -> None:
    visit.page.add_style_tag(
        content=".notice p { color: #9aa } figure svg text { fill: #bbb !important }"
    )
    faults = contrasts(visit.page)["faults"]
    assert {fault[1] for fault in faults} >= {"P", "text"}


def heard(page: Any) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """Return role, name, level and roles around it, in the order of reading."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    nodes = {node["nodeId"]: node for node in tree["nodes"]}
    found = []

    def walk(node: dict[str, Any], around: tuple[str, ...]) -> None:
        if not node.get("ignored"):
            role = node["role"]["value"]
            told = {p["name"]: p["value"].get("value") for p in node["properties"]}
            name = " ".join(node.get("name", {}).get("value", "").split())
            found.append((role, name, int(told.get("level", 0)), around))
            around = (*around, role)
        for below in node.get("childIds", []):
            if below in nodes:
                walk(nodes[below], around)

    walk(tree["nodes"][0], ())
    return found


HEADING_OR_FLOAT = re.compile(
    r"^(#{2,6}) +(.*?)(?: *\{[^}]*\})?$|^:{3,} *\{#((?:supp)?(?:fig|tbl)-[\w-]+)", re.M
)


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_a_screen_reader_hears_the_order_of_the_sources(visit: Visit) -> None:
    project = Project.load(ROOT)
    name = f"{visit.name}.qmd"
    (document,) = (one for one in project.documents if one.path == name)
    printed = Names.of(project).by_document[name]
    written = []
    for match in HEADING_OR_FLOAT.finditer("".join(p.text for p in document.prose)):
        marks, heading, label = match.groups()
        told = (heading, len(marks)) if heading else (printed[label], 0)
        written.append((" ".join(told[0].split()), told[1]))
    spoken = [
        (name.partition(":")[0] if role == "figure" else name, level)
        for role, name, level, around in heard(visit.page)
        if role in ("heading", "figure")
        and "main" in around
        and "doc-toc" not in around
    ]
    assert spoken == written


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_a_screen_reader_hears_paragraphs_in_order(visit: Visit) -> None:
    words = "".join(
        name + " " for role, name, _, _ in heard(visit.page) if role == "StaticText"
    )
    spoken, at, told = re.sub(r"\W", "", words), 0, 0
    for paragraph in visit.page.locator("main p:visible:not(:has(svg))").all():
        text = re.sub(r"\W", "", paragraph.evaluate("p => p.textContent"))
        at = spoken.find(text, at)
        assert at >= 0, text
        told += bool(text)
    assert told > 20


@pytest.mark.parametrize("visit", [{"page": name} for name in PAGES], indirect=True)
def test_all_that_is_heard_has_a_place_and_a_name(visit: Visit) -> None:
    spoken = heard(visit.page)
    roles = [role for role, *_ in spoken]
    assert roles.count("main") == roles.count("banner") == 1
    named = {
        *("figure", "table", "image", "navigation", "complementary", "region"),
        *("button", "switch", "link", "checkbox", "combobox", "doc-toc", "heading"),
    }
    assert [
        (role, name) for role, name, *_ in spoken if role in named and not name
    ] == []
    floats = [name for role, name, *_ in spoken if role == "figure"]
    assert all(re.match(r"(Figure|Table) S?\d+: \w", name) for name in floats)
    assert len(set(floats)) == len(floats)
    places = {"main", "banner", "complementary", "contentinfo", "navigation", "dialog"}
    for role, name, _, around in spoken:
        if role == "StaticText" and name and "link" not in around:
            assert places & set(around), name
    levels = [level for role, _, level, _ in spoken if role == "heading"]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("visit", [{"page": "supplement"}], indirect=True)
def test_every_cell_is_heard_with_its_heads(visit: Visit) -> None:
    tables = visit.page.locator("main table").count()
    spoken = [role for role, *_ in heard(visit.page)]
    assert spoken.count("table") == tables >= 10
    rows: list[list[str]] = []
    for role in spoken:
        if role == "row":
            rows.append([])
        elif role in ("cell", "gridcell", "columnheader", "rowheader"):
            rows[-1].append(role)
    assert len(rows) > 200
    headed = 0
    for row in rows:
        if "columnheader" in row:
            headed += 1
            assert set(row) <= {"columnheader", "cell"}  # the corner may be empty
        elif "cell" in row:
            assert row == ["rowheader", *["cell"] * (len(row) - 1)]
    assert headed == tables


@pytest.mark.parametrize("name", PAGES)
def test_every_key_of_a_page_stands_in_the_ledger(output: Path, name: str) -> None:
    values = {v["key"]: v for v in ledger.build(Project.load(ROOT))["values"]}
    page = html.parse(output / f"{name}.html")
    spans = page.xpath("//*[contains(@class, 'value')][@data-key]")
    assert len(spans) > 50
    for span in spans:
        known = values[span.get("data-key")]
        number = float(span.get("data-number"))
        assert number == (known["number"] if known["number"] is not None else number)
        assert span.get("data-file") == known["data"]


# Years and dates, registrations and names, levels, panels and the like.
LAWFUL = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{1,2}, \d{4}|\bin \d{4}\b|\b(?:NCT|CRD)\d+|\b[A-Z]+\d+[αA-Z]?\b"
    r"|\bkinase 1α|\b95% (?:CIs?|confidence)|\bper (?:100 patients|1000\b)"
    r"|Attribution 4\.0"
    r"|(?:Table|Figure)\sS?\d+"
)


def test_every_number_of_the_letter_carries_a_key(output: Path) -> None:
    page = html.parse(output / "index.html")
    body = page.xpath("//main")[0]
    keyed = "self::*[contains(@class, 'value') or contains(@class, 'typed')]"
    other = "self::svg or self::script or self::style or self::header or self::sup"
    claimed = "self::*[contains(@class, 'claim') or @id='refs' or @id='title-block']"
    for node in body.xpath(f".//*[{keyed} or {other} or {claimed}]"):
        node.text = node.text and ""
        for below in list(node):
            node.remove(below)
    paragraphs = body.xpath(".//p | .//figcaption | .//h2 | .//td | .//li")
    texts = [LAWFUL.sub("", p.text_content()) for p in paragraphs]
    assert [text for text in texts if re.search(r"\d", text)] == []
