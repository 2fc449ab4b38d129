"""Lists: quick at a million rows, read page by page, pasteable into Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from qms_desktop.ui import theme
from qms_desktop.ui.cells import Bar, Cell, Deadline, GroupRow, IconText, TwoLine, on_two_lines
from qms_desktop.ui.chip import State
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.text import said

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@dataclass(frozen=True)
class Shipment:
    number: str
    customer: str
    pieces: int
    price: Decimal


class Shipments(Sequence[Shipment]):
    """A long sequence whose rows are made when they are looked at."""

    def __init__(self, length: int) -> None:
        self.length, self.made = length, 0

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 - a list asks for one row at a time
        self.made += 1
        return Shipment(f"CK{number:09}", "华东远航汽配", number, Decimal("50.76"))


COLUMNS = [
    Column("Number", Cell.TWO_LINE, lambda row: TwoLine(row.number, row.customer), 160),
    Column("Customer", Cell.TEXT, "customer", 120, stretch=True),
    Column("Pieces", Cell.NUMBER, "pieces", 90),
    Column("Price", Cell.NUMBER, "price", 90),
    Column("State", Cell.CHIP, lambda _row: State("receipt", "signed"), 120),
    Column("", Cell.ACTION, lambda _row: "Open ↵", 80),
]


def make(rows: Sequence[object], qtbot: QtBot, *, memory: Memory | None = None) -> Table:
    model = TableModel(COLUMNS)
    table = Table(model, name="shipments", spoken_name="Shipments", memory=memory)
    qtbot.addWidget(table)
    theme.dress(table)
    table.resize(900, 600)
    model.show(rows)
    table.show()
    return table


def shipment(*, number: str = "CK1", customer: str = "甲", pieces: int = 2400) -> Shipment:
    return Shipment(number, customer, pieces, Decimal("50.76"))


def test_of_a_million_rows_only_those_on_the_screen_are_made(qtbot: QtBot) -> None:
    rows = Shipments(1_000_000)
    table = make(rows, qtbot)
    QApplication.processEvents()
    for share in range(1, 21):
        table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() * share // 20)
        table.viewport().repaint()
    assert rows.made < 20_000, "the list looks at rows that nobody sees"


def test_the_next_page_is_fetched_once_and_put_below(qtbot: QtBot) -> None:
    asked: list[object] = []
    model = TableModel(COLUMNS, fetch=asked.append)
    rows = [shipment(number=f"CK{number}") for number in range(3)]
    model.show(rows[:2], more=True)
    assert model.canFetchMore(model.index(-1, -1))
    model.fetchMore(model.index(-1, -1))
    model.fetchMore(model.index(-1, -1))
    assert asked == [rows[1]]
    model.append(rows[2:], more=False)
    assert model.rowCount() == 3
    assert not model.canFetchMore(model.index(-1, -1))


def test_a_page_that_could_not_be_read_can_be_tried_again() -> None:
    model = TableModel(COLUMNS, fetch=lambda _last: None)
    model.show([shipment()], more=True)
    model.fetchMore(model.index(-1, -1))
    assert not model.canFetchMore(model.index(-1, -1))
    model.fetch_failed()
    assert model.canFetchMore(model.index(-1, -1))


def test_rows_are_copied_for_excel_with_plain_numbers(qtbot: QtBot) -> None:
    table = make([shipment(), shipment(number="CK2", pieces=1)], qtbot)
    table.choose(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Number\tCustomer\tPieces\tPrice\tState",
        "CK1 · 甲\t甲\t2400\t50.76\tSigned",
    ]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-2", "@x", '=cmd|"/c calc"!A0'])
def test_no_copied_text_becomes_a_formula(qtbot: QtBot, evil: str) -> None:
    table = make([shipment(customer=evil)], qtbot)
    assert f"\t'{evil}\t" in table.as_tab_separated()


def test_a_text_with_tab_and_line_break_stays_in_its_cell(qtbot: QtBot) -> None:
    table = make([shipment(customer="a\tb\nc")], qtbot)
    assert "\ta b c\t" in table.as_tab_separated()


def test_screen_readers_hear_the_chip_and_the_number(qtbot: QtBot) -> None:
    model = make([shipment()], qtbot).rows_model
    spoken = [model.data(model.index(0, column), Qt.ItemDataRole.AccessibleTextRole) for column in range(5)]
    assert spoken == ["CK1 · 甲", "甲", "2,400", "50.76", "Signed"]


def test_numbers_and_their_heads_stand_right(qtbot: QtBot) -> None:
    model = make([shipment()], qtbot).rows_model
    for section in (2, 3):
        head = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert head & Qt.AlignmentFlag.AlignRight.value


def test_a_heading_is_never_chosen(qtbot: QtBot) -> None:
    table = make([GroupRow("Late · 1"), shipment()], qtbot)
    chosen: list[object] = []
    table.chosen.connect(chosen.append)
    table.choose(0)
    assert chosen == [shipment()]
    assert table.rowHeight(0) < table.rowHeight(1)


def test_enter_opens_the_chosen_row(qtbot: QtBot) -> None:
    table = make([shipment()], qtbot)
    table.choose(0)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [shipment()]


def test_the_chosen_record_is_found_again_after_a_reload(qtbot: QtBot) -> None:
    table = make([shipment(), shipment(number="CK2")], qtbot)
    table.rows_model.show([shipment(number="CK0"), shipment(), shipment(number="CK2")])
    assert table.choose_where(lambda row: row.number == "CK2")
    assert table.current() == shipment(number="CK2")
    assert not table.choose_where(lambda row: row.number == "CK9")


def test_a_column_keeps_the_width_that_a_person_gave_it(qtbot: QtBot, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    make([shipment()], qtbot, memory=memory).horizontalHeader().resizeSection(2, 133)
    memory.write()
    again = make([shipment()], qtbot, memory=Memory(tmp_path / "window.json"))
    assert again.columnWidth(2) == 133


def test_a_broken_memory_file_costs_nothing_but_comfort(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text("{broken")
    assert Memory(tmp_path / "window.json").widths("shipments") == {}


def test_the_stretching_column_takes_what_is_left_and_keeps_its_least(qtbot: QtBot) -> None:
    table = make([shipment()], qtbot)
    assert sum(table.columnWidth(column) for column in range(6)) == table.viewport().width()
    table.resize(300, 400)
    QApplication.processEvents()
    assert table.columnWidth(1) == 120


def _same(value: object, _row: object) -> object:
    return value


def test_every_kind_of_cell_is_drawn(qtbot: QtBot) -> None:
    values = {
        Cell.TEXT: "text",
        Cell.WRAPPED: "a long reason on two lines",
        Cell.NUMBER: 1,
        Cell.TWO_LINE: TwoLine("a", "b", "tool"),
        Cell.ICON_TEXT: IconText("ok", "check", "ok"),
        Cell.CHIP: State("label", "void"),
        Cell.DEADLINE: Deadline("10:52", "1 h", "soon"),
        Cell.BAR: Bar(0.4, "40 %"),
        Cell.CHECK: True,
        Cell.ACTION: "Open",
    }
    assert set(values) == set(Cell)
    for kind, value in values.items():
        model = TableModel([Column("x", kind, partial(_same, value), 200)])
        table = Table(model, name="x", spoken_name="x", row_height=44)
        qtbot.addWidget(table)
        theme.dress(table)
        table.resize(220, 120)
        table.show()
        empty = table.viewport().grab().toImage()
        model.show([shipment()])
        table.choose(0)
        assert table.viewport().grab().toImage() != empty, kind


def test_a_disk_that_takes_nothing_stops_nobodys_work(qtbot: QtBot, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "gone" / "window.json")
    memory.keep("side_folded", value=True)
    memory.write()
    assert memory.get("side_folded") is True


def test_the_order_of_columns_is_remembered_and_copied(qtbot: QtBot, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    make([shipment()], qtbot, memory=memory).horizontalHeader().moveSection(2, 0)
    memory.write()
    again = make([shipment()], qtbot, memory=Memory(tmp_path / "window.json"))
    assert again.horizontalHeader().logicalIndex(0) == 2
    heads = again.as_tab_separated().splitlines()[0].split("\t")
    assert heads[0] == said(again.rows_model.columns[2].title)


def test_an_order_of_other_columns_is_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    memory.keep_order("rmas", [2, 0, 1])
    assert memory.order("rmas", 4) == [0, 1, 2, 3]


def test_a_text_on_two_lines_ends_in_an_ellipsis_and_is_never_cut_through(qapp: object) -> None:
    font = theme.font(theme.SMALL)
    assert on_two_lines("short", font, 200) == "short"
    broken = on_two_lines("一个涉及安全特性、关键特性或禁用物质的投诉需要开立 8D 报告" * 2, font, 120)
    assert broken.count("\n") == 1
    assert broken.endswith("\u2026")
