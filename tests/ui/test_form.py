"""Forms: errors beside the field, nothing jumps, every field has its name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from qms_desktop import i18n
from qms_desktop.errors import InvalidInput
from qms_desktop.ui import theme
from qms_desktop.ui.controls import (
    CheckField,
    Choice,
    ChoiceField,
    DayField,
    MomentField,
    NotesField,
    NumberField,
    TextField,
    read_day,
)
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.pick import PickField
from qms_desktop.ui.rows import column
from qms_desktop.ui.workplace import Destination, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot


def form_of(qtbot: QtBot, **fields: Field) -> Form:
    for field in fields.values():
        qtbot.addWidget(field)
        theme.dress(field)
        field.show()
    return Form("test", fields, parent=next(iter(fields.values())))


def test_all_wrong_fields_are_shown_at_once_and_f8_goes_round(qtbot: QtBot) -> None:
    form = form_of(
        qtbot, pieces=Field("Pieces", NumberField()), lot=Field("Lot", TextField(field="lot", required=True))
    )
    form.fields["pieces"].control.put("12.5")
    assert form.read() is None
    assert form.wrong_fields() == list(form.fields.values())


def test_values_come_as_the_verbs_take_them(qtbot: QtBot) -> None:
    form = form_of(
        qtbot,
        pieces=Field("Pieces", NumberField()),
        ours=Field("", CheckField("It is ours")),
        note=Field("Note", NotesField(field="note")),
    )
    form.put({"pieces": "11*50+46", "ours": True, "note": "  wet  "})
    assert form.read() == {"pieces": 596, "ours": True, "note": "wet"}


def test_an_error_takes_the_place_of_the_hint_and_nothing_jumps(qtbot: QtBot) -> None:
    field = Field("Lot", TextField(field="lot"), hint="Shipped: 2,400")
    qtbot.addWidget(field)
    theme.dress(field)
    field.resize(300, field.sizeHint().height())
    field.show()
    before = field.control.widget.geometry(), field.sizeHint().height()
    field.show_error(InvalidInput("Unknown lot."))
    QApplication.processEvents()
    assert (field.control.widget.geometry(), field.sizeHint().height()) == before
    assert "Unknown lot." in field.control.widget.accessibleDescription()
    field.show_error(None)
    assert field.control.widget.accessibleDescription() == "Shipped: 2,400"


def test_focus_and_error_do_not_change_the_height_of_a_field(qtbot: QtBot) -> None:
    field = Field("Lot", TextField(field="lot"))
    qtbot.addWidget(field)
    theme.dress(field)
    field.show()
    heights = {field.control.widget.height()}
    field.control.widget.setFocus()
    heights.add(field.control.widget.height())
    field.show_error(InvalidInput("Unknown lot."))
    heights.add(field.control.widget.height())
    assert heights == {28}


def test_labels_and_names_follow_the_language(qtbot: QtBot) -> None:
    said = {"en": "Lot", "zh_CN": "批号"}
    field = Field(lambda: said[i18n.language()], TextField(field="lot"))
    qtbot.addWidget(field)
    i18n.use("zh_CN")
    QApplication.sendEvent(field, QEvent(QEvent.Type.LanguageChange))
    assert field.control.widget.accessibleName() == "批号"
    assert field.label.text() == "批号"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("20261103", date(2026, 11, 3)),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026.11.03", date(2026, 11, 3)),
        ("２０２６-11-03", date(2026, 11, 3)),
    ],
)
def test_days_are_read_as_people_type_them(qtbot: QtBot, typed: str, day: date) -> None:
    field = DayField(field="due")
    qtbot.addWidget(field.widget)
    field.put(typed)
    assert field.read() == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027-02-29", "not a day"),
        ("26-11-03", "year 26"),
        ("0001-01-01", "year 1"),
        ("9999-01-01", "year 9999"),
        ("soon", "not a day"),
        ("", "not a day"),
        ("11-03", "not a day"),
    ],
)
def test_days_that_nobody_means_are_named(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_day(typed, field="due")


def test_a_moment_is_typed_local_and_read_in_utc(qtbot: QtBot) -> None:
    field = MomentField(field="reported_at")
    qtbot.addWidget(field.widget)
    field.put("2026-11-03 15:40")
    assert field.read() == datetime(2026, 11, 3, 15, 40).astimezone(UTC)
    field.put("2026-11-03 25:40")
    with pytest.raises(InvalidInput, match="time of day"):
        field.read()


def test_a_choice_without_a_choice_is_refused(qtbot: QtBot) -> None:
    field = ChoiceField([Choice("phone", "Phone"), Choice("mail", "E-mail")], field="channel", empty="Choose…")
    qtbot.addWidget(field.widget)
    with pytest.raises(InvalidInput, match="Choose one"):
        field.read()
    field.put("mail")
    assert (field.read(), field.keep()) == ("mail", "mail")


def test_a_second_click_while_the_verb_runs_is_impossible(qtbot: QtBot) -> None:
    form = form_of(qtbot, lot=Field("Lot", TextField(field="lot")))
    button = QLineEdit()
    qtbot.addWidget(button)
    form.submits(button)
    form.set_busy(True)
    assert not button.isEnabled()
    form.set_busy(False)
    assert button.isEnabled()


class Searching:
    """Answers like the search of the plant."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str, show: Callable[[Sequence[Found]], None]) -> None:
        self.asked.append(text)
        show(
            [
                Found(Destination("master_data", 7), "华东远航汽配", "C1001"),
                Found(Destination("master_data", 8), "华东机电", "C1009"),
            ]
        )


def pick_field(qtbot: QtBot) -> tuple[PickField, Searching]:
    search = Searching()
    pick = PickField(search, field="customer")
    qtbot.addWidget(pick.line)
    theme.dress(pick.line)
    pick.line.show()
    pick.line.activateWindow()
    pick.line.setFocus()
    qtbot.waitUntil(pick.line.hasFocus)
    return pick, search


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_a_record_is_found_by_typing_and_taken_by_enter(qtbot: QtBot) -> None:
    pick, search = pick_field(qtbot)
    qtbot.keyClicks(pick.line, "hdyh")
    qtbot.waitUntil(pick.finder.answers.isVisible)
    assert search.asked == ["hdyh"]
    qtbot.keyClick(pick.line, Qt.Key.Key_Down)
    qtbot.keyClick(pick.line, Qt.Key.Key_Return)
    assert (pick.read(), pick.line.text()) == (8, "华东机电")


def test_typing_on_after_a_choice_takes_the_choice_back(qtbot: QtBot) -> None:
    pick, _search = pick_field(qtbot)
    pick.take(Found(Destination("master_data", 7), "华东远航汽配"))
    qtbot.keyClicks(pick.line, "x")
    with pytest.raises(InvalidInput, match="not chosen"):
        pick.read()


def test_a_choice_survives_in_a_draft(qtbot: QtBot) -> None:
    pick, _search = pick_field(qtbot)
    pick.take(Found(Destination("master_data", 7), "华东远航汽配"))
    other, _search = pick_field(qtbot)
    other.put(pick.keep())
    assert other.read() == 7


def test_enter_goes_on_to_the_next_field_and_sends_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    pieces, lot = Field("Pieces", NumberField()), Field("Lot", TextField(field="lot"))
    form = Form("test", {"pieces": pieces, "lot": lot}, parent=window)
    column(pieces, lot, into=window)
    qtbot.addWidget(window)
    theme.dress(window)
    window.show()
    window.activateWindow()
    pieces.control.widget.setFocus()
    qtbot.waitUntil(pieces.control.widget.hasFocus)
    qtbot.keyClick(pieces.control.widget, Qt.Key.Key_Return)
    assert lot.control.widget.hasFocus()
    assert not form.busy
