"""Positions survive the way into Qt's document and back, whatever the text is made of."""

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.widgets.record_text import RecordTextView
from gui.widgets.segments import Mark, Segment, lay_out

TEXTS = st.text(st.sampled_from("ab \n\r\u2028\u200b\u202e\x00é😀👩‍👧<>&"), max_size=40)


def segment(body: str, *marks: Mark, folded: bool = False) -> Segment:
    return Segment(1, "User", "user", body, marks, folded=folded, summary="folded away" if folded else "")


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_selecting_everything_gives_the_stored_text(bodies: list[str]) -> None:
    sheet = lay_out([segment(body) for body in bodies])
    units = len(sheet.text.encode("utf-16-le")) // 2
    assert sheet.stored(0, units) == "\n\n".join(body for body in bodies if body)


@given(TEXTS.filter(lambda text: len(text) > 1), st.data())
def test_a_mark_covers_its_own_characters(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    sheet = lay_out([segment("first"), segment(body, Mark(start, end, "certain"))])
    first, last = sheet.position(1, start, end)
    stored = sheet.stored(first, last)
    assert body[start:end] in stored or not stored or stored in body[start:end]


@given(st.lists(TEXTS, max_size=4))
def test_blocks_are_qts_blocks(bodies: list[str]) -> None:
    sheet = lay_out([segment(body) for body in bodies])
    for index, place in enumerate(sheet.placed):
        assert sheet.at_block(place.block) == index
    assert all(left.last_block + 2 == right.block for left, right in zip(sheet.placed, sheet.placed[1:], strict=False))


def test_marks_split_at_line_ends() -> None:
    sheet = lay_out([segment("ab\ncd", Mark(1, 4, "likely"))])
    assert [(block, mark.start, mark.length) for block, marks in sheet.marks.items() for mark in marks] == [
        (0, 1, 1), (1, 0, 1),
    ]  # fmt: skip


def test_limit_counts_what_is_left_out_and_boxes() -> None:
    sheet = lay_out([segment("x" * 10), segment("y" * 10), segment("\u202ez")], limit=15)
    assert sheet.left_out == 5 + 2
    assert lay_out([segment("\u202ez")]).boxed == 1


def test_a_folded_segment_gives_nothing_away() -> None:
    sheet = lay_out([segment("secret", folded=True)])
    assert "secret" not in sheet.text
    assert sheet.stored(0, 100) == ""


def test_view_gives_nothing_to_drags_and_the_primary_selection(qtbot: QtBot) -> None:
    copied: list[str] = []
    view = RecordTextView(copied.append)
    qtbot.addWidget(view)
    view.show_segments([segment("Jane\u00a0Doe\r\n😀 <b>x</b>")])
    view.selectAll()
    assert not view.createMimeDataFromSelection().formats()
    assert view.isReadOnly()
    assert not view.acceptDrops()
    view.copy_selected()
    assert copied == ["Jane\u00a0Doe\r\n😀 <b>x</b>"]  # the stored text, not Qt's


def test_show_all_lifts_the_limit(qtbot: QtBot) -> None:
    view = RecordTextView(lambda _text: None)
    qtbot.addWidget(view)
    view.show_segments([segment("word " * 50_000)])
    assert view.sheet.left_out == 50_000
    view.show_all()
    assert view.sheet.left_out == 0


def test_top_place_is_kept(qtbot: QtBot) -> None:
    view = RecordTextView(lambda _text: None)
    qtbot.addWidget(view)
    view.resize(300, 120)
    view.show()
    view.show_segments([segment("line\n" * 20), segment("line\n" * 40), segment("line\n" * 20)])
    view.set_top_place(1, 0.5)
    index, part = view.top_place()
    assert index == 1
    assert abs(part - 0.5) < 0.05
