import pandas as pd
import pytest

from manuscript.execute.frames import CUT, FRAME, table_of


def shown(frame: pd.DataFrame) -> str:
    found = FRAME.search(frame._repr_html_())
    assert found
    return found[0]


def test_a_frame_is_a_table_whose_numbers_align_right() -> None:
    frame = pd.DataFrame({"drug": ["a|b", "c"], "n": [1, 20]}, index=["x", "y"])
    table = table_of(shown(frame))
    assert [column.title for column in table.columns] == ["", "drug", "n"]
    assert [column.align for column in table.columns] == ["left", "left", "right"]
    assert table.rows == (("x", "a|b", "1"), ("y", "c", "20"))
    assert "a\\|b" in table._repr_markdown_()


def test_titles_of_several_rows_are_joined() -> None:
    columns = pd.MultiIndex.from_product([["events"], ["a", "b"]])
    table = table_of(shown(pd.DataFrame([[1, 2]], columns=columns)))
    assert len(table.rows[0]) == 3
    assert table.columns[1].title == "events a"


@pytest.mark.parametrize(("rows", "cut"), [(5, False), (500, True)])
def test_a_frame_of_which_pandas_shows_a_part_is_told(rows: int, cut: bool) -> None:
    html = pd.DataFrame({"n": range(rows)})._repr_html_()
    assert bool(CUT.search(html)) is cut
