"""The 8D page on a real plant: fields and rows, gates in words, two writers, versions, and the Word file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from docx import Document
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from qms_desktop.demo.eight_d_filling import INTERIM, save
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import Entry, ReportKind, Section, VersionState
from qms_desktop.steps.eight_d_content import CorrectiveAction
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.eight_d import EightDPage
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.signature_dialog import SignatureDialog
from qms_desktop.ui.text import Text
from tests.scenarios.test_eight_d import Told
from tests.scenarios.test_eight_d import opened as told_open
from tests.ui import shapes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.ui.desk import Desk, Keys


def opened(desk: Desk, told: Told, name: str = "徐兰") -> EightDPage:
    page = desk.show(EightDPage(desk.workplace(name)))
    desk.until(lambda: page.list.model.rowCount() == 1)
    desk.qtbot.keyClick(page.list.table, Qt.Key.Key_Return)
    desk.until(lambda: page.record is not None)
    desk.settle(page)
    assert page.record_id == told.eight_d_id
    return page


def button(page: EightDPage, word: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.isVisible() and word in one.text())


def _has_button(page: EightDPage, word: str) -> bool:
    return any(word in one.text() for one in page.findChildren(Button))


def dialog_of(desk: Desk, kind: type) -> FormDialog | SignatureDialog:
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def test_the_open_gates_stand_in_words_and_lead_to_the_field(desk: Desk) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told)
    words = {text.text() for text in page.gates.findChildren(Text)}
    assert "The specification required is missing." in words
    assert "stops 3D, 5D, 8D" in words
    gate = next(one for one in page.record.gates if one.section is Section.D2)
    assert gate.missing[0].where == "D2.date_code"
    going = [one for one in page.gates.findChildren(Button) if one.accessibleName().startswith("Go to D2")]
    going[0].click()
    assert page.section is Section.D2
    desk.until(page.editor.fields["date_code"].control.widget.hasFocus)


def test_a_field_is_written_and_saved_by_keyboard(desk: Desk, keys: Keys) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told)
    page.go_to(Section.D2, "requirement")
    desk.until(page.editor.fields["requirement"].control.widget.hasFocus)
    keys.type("F1 230-254 N")
    assert page.is_being_edited()
    keys.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: not page.is_being_edited())
    desk.settle(page)
    shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
    section = next(one for one in shown.sections if one.section is Section.D2)
    assert section.value("requirement") == "F1 230-254 N"


def test_a_wrong_figure_stands_beside_its_field_and_saves_nothing(desk: Desk, keys: Keys) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told)
    page.go_to(Section.D3, "effectiveness_percent")
    desk.until(page.editor.fields["effectiveness_percent"].control.widget.hasFocus)
    keys.type("many")
    page.editor.send()
    error = page.editor.fields["effectiveness_percent"].error
    assert str(error) == "“many” is not a number. Write it like 12.5."
    shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
    assert next(one for one in shown.sections if one.section is Section.D3).version == 1


def test_rows_are_added_changed_and_taken_out(desk: Desk, keys: Keys) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told)
    page.go_to(Section.D5, "")

    def rows() -> tuple[CorrectiveAction, ...]:
        shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
        return next(one for one in shown.sections if one.section is Section.D5).rows(CorrectiveAction)

    page.editor.lists[CorrectiveAction].add.click()
    dialog = dialog_of(desk, FormDialog)
    for name, text in (("number", "A1"), ("causes", "O1, E1"), ("action", "Keyed stop block")):
        keys.go_to(dialog.form.fields[name].control.widget)
        keys.type(text)
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(rows)
    assert rows() == (CorrectiveAction(number="A1", causes=("O1", "E1"), action="Keyed stop block"),)
    desk.settle(page)
    page.activateWindow()

    table = page.editor.lists[CorrectiveAction].table
    table.choose(0)
    keys.go_to(table)
    keys.press(Qt.Key.Key_Return)
    dialog = dialog_of(desk, FormDialog)
    keys.go_to(dialog.form.fields["owner"].control.widget)
    keys.type("Li")
    keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: rows()[0].owner == "Li")
    desk.settle(page)
    page.activateWindow()

    table = page.editor.lists[CorrectiveAction].table
    table.choose(0)
    keys.go_to(table)
    keys.press(Qt.Key.Key_Delete)
    desk.until(lambda: rows() == ())


def test_two_who_write_the_same_section_see_both_texts_and_lose_none(desk: Desk, keys: Keys) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told)
    page.go_to(Section.D2, "requirement")
    desk.until(page.editor.fields["requirement"].control.widget.hasFocus)
    keys.type("mine")
    save(told.author, told.eight_d_id, Section.D2, Entry("requirement", "theirs"))
    page.editor.send()
    desk.settle(page)
    words = {text.text() for text in page.editor.findChildren(Text)}
    assert {"Saved: theirs", "Yours: mine"} <= words
    assert page.editor.fields["requirement"].control.read() == "mine"
    button(page, "Save mine over it").click()
    desk.until(lambda: not page.is_being_edited())
    shown = eight_d.show(told.author, eight_d_id=told.eight_d_id)
    assert next(one for one in shown.sections if one.section is Section.D2).value("requirement") == "mine"


def test_a_version_is_submitted_and_approved_with_passwords_only(desk: Desk, keys: Keys) -> None:
    told = told_open(desk.plant).filled(*INTERIM).begun(ReportKind.THREE_D)
    page = opened(desk, told)
    assert shapes.primaries(page) == ["Button “ Submit…”"]
    button(page, "Submit").click()
    desk.until(dialog_of(desk, SignatureDialog).password.line.hasFocus)
    keys.type(desk.plant.password("徐兰"))
    keys.press(Qt.Key.Key_Return)
    desk.until(lambda: told.version().state is VersionState.REVIEW)

    manager = opened(desk, told, "胡丽桂")
    for word in ("Sign the review", "Approve and sign"):
        desk.until(partial(_has_button, manager, word))
        button(manager, word).click()
        keys.steps = 1
        desk.until(dialog_of(desk, SignatureDialog).password.line.hasFocus)
        keys.type(desk.plant.password("胡丽桂"))
        keys.press(Qt.Key.Key_Return)
        assert keys.steps == 3
        desk.until(lambda: QApplication.activeModalWidget() is None)
        desk.settle(manager)
    assert told.version().state is VersionState.APPROVED


def test_the_draft_is_exported_to_word_in_two_steps(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_open(desk.plant).filled(*INTERIM).begun(ReportKind.THREE_D)
    page = opened(desk, told)
    page.language.put("zh_CN")
    page.workplace.memory.keep("last_folder", str(tmp_path))
    button(page, "Export Word").click()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    line = QApplication.activeModalWidget().findChild(QLineEdit)
    assert line.text() == "8D20261103001_3D_zh_CN.docx"
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)
    written = tmp_path / "8D20261103001_3D_zh_CN.docx"
    desk.until(written.exists)
    text = "\n".join(cell.text for table in Document(str(written)).tables for row in table.rows for cell in row.cells)
    assert "8D20261103001" in text + "\n".join(one.text for one in Document(str(written)).paragraphs)
    desk.settle(page)


def test_an_english_paper_asks_for_the_english_of_chinese_sentences(desk: Desk, tmp_path: Path) -> None:
    told = told_open(desk.plant).filled(*INTERIM).begun(ReportKind.THREE_D)
    page = opened(desk, told)
    page.workplace.memory.keep("last_folder", str(tmp_path))
    page.language.put("en")
    button(page, "Export Word").click()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    desk.qtbot.keyClick(QApplication.activeModalWidget().findChild(QLineEdit), Qt.Key.Key_Return)
    dialog = dialog_of(desk, FormDialog)
    assert "texts in English" in dialog.accessibleName()
    assert not list(tmp_path.glob("*.docx"))
    dialog.reject()
    desk.settle(page)


def test_who_may_not_write_reads_but_cannot_change(desk: Desk) -> None:
    told = told_open(desk.plant)
    page = opened(desk, told, "王伟涛")
    page.go_to(Section.D2, "requirement")
    assert page.editor.fields["requirement"].control.widget.isReadOnly()
    assert not page.editor.save.isVisible()
    assert not any(one.add.isVisible() for one in page.editor.lists.values())


def test_nothing_is_squeezed_or_nameless(desk: Desk) -> None:
    page = opened(desk, told_open(desk.plant).filled(*INTERIM))
    for section in (Section.D0, Section.D2, Section.D3):
        page.go_to(section, "")
        QApplication.processEvents()
        assert shapes.squeezed(page) == []
        assert shapes.nameless(page) == []
        assert len(shapes.primaries(page)) == 1
