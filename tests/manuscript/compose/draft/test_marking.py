from manuscript.compose.draft.marking import Note, mark

PAGE = """<html><body><h1>Title</h1>
<p>Odds ratios rose in <em>all</em> trials.</p><p>Nothing else was seen there.</p>
</body></html>"""


def test_a_note_stands_in_the_block_of_its_words() -> None:
    page = mark(PAGE, [Note("a.qmd:2:1: b; c", "Nothing else was seen there.")])
    assert 'seen there.<mark class="finding" id="finding-1"' in page
    assert page.count("<mark") == 1
    assert '<a href="#finding-1">a.qmd:2:1: b; c</a>' in page


def test_words_are_found_through_markup_and_what_computes_them() -> None:
    page = mark(PAGE, [Note("f", "Odds ratios rose in all ? trials.")])
    assert "trials.<mark" in page


def test_a_note_without_a_place_is_listed_alone() -> None:
    page = mark(PAGE, [Note("journal.yml:3: <x>", ""), Note("g", "Words of no block")])
    assert "<mark" not in page
    assert "Draft: 2 findings" in page
    assert "<li>journal.yml:3: &lt;x&gt;</li>" in page


def test_several_notes_of_a_block_stand_in_order() -> None:
    words = "Nothing else was seen there."
    page = mark(PAGE, [Note("a", words), Note("b", words)])
    assert page.index('id="finding-1"') < page.index('id="finding-2"')


def test_a_page_without_findings_says_so() -> None:
    assert "Draft: no findings" in mark(PAGE, [])
