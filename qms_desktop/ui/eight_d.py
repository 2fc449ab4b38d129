"""The 8D page: the list of reports, and one report with its outline, the section that is written, the open gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from qms_desktop import i18n
from qms_desktop.i18n import _, plural
from qms_desktop.rules import access, due
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import EightDRow, EightDShown, Gate, ReportState, Section, SectionShown
from qms_desktop.ui import cards, eight_d_deeds, eight_d_dialogs, plant_time, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.chip import State
from qms_desktop.ui.controls import Choice, ChoiceField
from qms_desktop.ui.eight_d_gates import GatesSide, open_version, state_of
from qms_desktop.ui.eight_d_sections import SectionEditor, progress_cell
from qms_desktop.ui.eight_d_words import SECTIONS, SHORT, section_name
from qms_desktop.ui.list_reading import gather
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.page import Page
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.rows import column, row
from qms_desktop.ui.side_by_side import SideBySide
from qms_desktop.ui.table import Column, Table, TableModel
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from qms_desktop.session import Session
    from qms_desktop.ui.workplace import Workplace

LANGUAGES = {"zh_CN": "简体中文", "zh_TW": "繁體中文", "en": "English"}
OPEN, MINE, ALL = "open", "mine", "all"


@dataclass(frozen=True)
class EightDRead:
    """A report with its open gates, and what its page says beside it: the plant's clock and who is who."""

    shown: EightDShown
    gates: tuple[Gate, ...]
    now: datetime
    names: Mapping[str, str]


@dataclass(frozen=True)
class OutlineRow:
    """A section in the outline, with the number of gates that are open in it."""

    section: SectionShown
    gates: int


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list."""

    def fits(one: EightDRow) -> bool:
        if which == MINE:
            return one.leader == session.name
        return which == ALL or one.state is not ReportState.CLOSED

    rows, more = gather(
        lambda last: eight_d.listed(session, before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=lambda one: (one.number, one.title, one.customer_name, one.product_code, one.lot_number, one.leader),
        fits=fits,
    )
    return ListPage(
        rows, more, plural("{count} report", "{count} reports, newest first", len(rows)).format(count=len(rows))
    )


def read_report(session: Session, *, eight_d_id: int) -> EightDRead:
    """Give one report with its gates."""
    names = {person.login: person.name for person in access.listed(session)}
    shown = eight_d.show(session, eight_d_id=eight_d_id)
    return EightDRead(shown, eight_d.open_gates(session, eight_d_id=eight_d_id), due.moment(session), names)


class EightDPage(Page):
    """Enter on a row opens the report, Alt+Left goes back to the list; Ctrl+E exports to Word."""

    watches = frozenset({"eight_d", "eight_d_section", "eight_d_version", "eight_d_text"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record_id: int | None = None
        self.record: EightDRead | None = None
        self.section = Section.D0
        self.stack = QStackedWidget()
        self.stack.addWidget(self._list_page())
        self.stack.addWidget(self._report_page())
        column((self.stack, 1), margins=(16, 12, 16, 16), into=self)
        self.first_focus = self.list.table

    def _list_page(self) -> QWidget:
        self.new = Button(
            lambda: _("New 8D report…"),
            kind="primary",
            icon="plus",
            key="Ctrl+N",
            show_key=False,
            clicked=lambda: eight_d_dialogs.open_new(self),
        ).ask_permission(self.workplace.session, eight_d.open_report)
        empty = cards.EmptyPage(
            "file-report",
            lambda: _("8D reports belong here"),
            lambda: _("One is opened for a complaint line: from the complaint, or here with the complaint's number."),
        )
        self.list = ListSide(
            self,
            _columns(),
            name="eight_d",
            spoken_name=lambda: _("8D reports"),
            filters=(
                Filter(OPEN, lambda: _("Still open")),
                Filter(MINE, lambda: _("Mine")),
                Filter(ALL, lambda: _("All")),
            ),
            reading=read_list,
            empty=empty,
        )
        self.list.table.opened.connect(lambda one: self.open_record(one.id))
        head = cards.page_head(
            lambda: _("8D reports"), lambda: _("Find the cause, mend it, and tell the customer"), self.new
        )
        return column(head, (self.list, 1), gap=10)

    def _report_page(self) -> QWidget:
        self.head = RecordHead()
        self.back = Button(
            lambda: _("All reports"),
            kind="ghost",
            icon="arrow-left",
            key="Alt+Left",
            show_key=False,
            clicked=self.close_record,
        )
        self.language = ChoiceField([Choice(name, words) for name, words in LANGUAGES.items()], field="language")
        self.language.put(i18n.language())
        self.language.widget.setFixedWidth(theme.px(112))
        self.language.widget.setAccessibleName(_("Language of the paper"))
        self.word = Button(
            lambda: _("Export Word"),
            icon="file-type-docx",
            key="Ctrl+E",
            show_key=False,
            height=theme.HEAD_BUTTON,
            clicked=lambda: eight_d_dialogs.export_word(self),
        )
        self.outline = Table(
            TableModel(
                [
                    Column("", Cell.TWO_LINE, _outline_words, 160, stretch=True),
                ]
            ),
            name="eight_d.outline",
            spoken_name=lambda: _("Sections of the report"),
            row_height=50,
        )
        self.outline.horizontalHeader().hide()
        self.outline.chosen.connect(lambda one: self._choose_section(one.section.section))
        outline = cards.card(self.outline, margins=(1,))
        outline.setFixedWidth(theme.px(206))
        self.editor = SectionEditor(self)
        self.gates = GatesSide()
        self.gates.wanted.connect(self.go_to)
        self.columns = SideBySide(self.editor, lambda: _("Section"), self.gates, lambda: _("Gates"), width=334)
        paper = row(self.language.widget, self.word, gap=6)
        head = cards.card(row((self.head, 1), paper), margins=(16, 12, 16, 10))
        return column(
            row(self.back, (QWidget(), 1)),
            head,
            (row(outline, (self.columns, 1), gap=12), 1),
            gap=8,
        )

    # What the frame asks.

    def fold(self, breadth: theme.Breadth) -> None:
        self.columns.fold(on=breadth is not theme.Breadth.WIDE)

    def reload(self) -> None:
        self.list.reload(keep=self.record_id)
        if self.record_id is not None:
            self.read_record()

    def retranslate(self) -> None:
        self.language.widget.setAccessibleName(_("Language of the paper"))
        if not self.is_being_edited():
            self.reload()

    def show_record(self, destination: Destination) -> None:
        if destination.record_id is not None:
            self.open_record(destination.record_id)
        elif destination.number:
            self.read(eight_d.find, then=self.open_record, number=destination.number)

    def is_being_edited(self) -> bool:
        return self.stack.currentIndex() == 1 and self.editor.dirty

    # The report.

    def open_record(self, eight_d_id: int) -> None:
        """Open a report at its first section that is not done."""
        if eight_d_id != self.record_id:
            self.section = Section.D0
            self.record = None
        self.record_id = eight_d_id
        self.read_record()

    def close_record(self) -> None:
        """Go back to the list; what was typed stays as a draft."""
        if self.editor.form is not None:
            self.editor.form.keep_draft()
        kept, self.record_id = self.record_id, None
        self.stack.setCurrentIndex(0)
        self.list.reload(keep=kept)
        self.list.table.setFocus()

    def read_record(self) -> None:
        """Read the report again."""
        self.read(read_report, then=self._show, slot="eight_d.record", eight_d_id=self.record_id)

    def name_of(self, login: str) -> str:
        """Give a person's own name."""
        return self.record.names.get(login, login) if self.record else login

    def done(self, words: str) -> None:
        """Say what was done, and show the report as it is now."""
        self.say(words)
        self.reload()

    def section_saved(self, section: Section) -> None:
        """Say that a section is saved, and show the report as it is now."""
        self.say(_("{section} is saved.").format(section=section_name(section) or _(SECTIONS[section])))
        self.read_record()

    def _show(self, read: EightDRead) -> None:
        if self.record_id != read.shown.row.id:
            return
        is_first = self.record is None
        self.record = read
        shown = read.shown
        self._show_head(read)
        gates: dict[Section, int] = {}
        for gate in read.gates:
            gates[gate.section] = gates.get(gate.section, 0) + 1
        if is_first:
            open_one = next((one.section for one in shown.sections if str(one.progress) != "done"), Section.D0)
            self.section = next((gate.section for gate in read.gates), open_one)
        self.outline.blockSignals(True)
        self.outline.rows_model.show([OutlineRow(one, gates.get(one.section, 0)) for one in shown.sections])
        self.outline.choose_where(lambda one: one.section.section is self.section)
        self.outline.blockSignals(False)
        self.gates.show_gates(read.gates)
        self.gates.show_versions(shown, read.names)
        self._show_section()
        if is_first:
            self.stack.setCurrentIndex(1)
            self.outline.setFocus()

    def _show_head(self, read: EightDRead) -> None:
        shown = read.shown
        version = open_version(shown)
        states = [State("eight_d", str(shown.row.state).lower())]
        if version is not None:
            made = state_of(version)
            states.append(State(made.record, made.state, word=f"{version.kind} \u00b7 {made}"))
        self.head.show_number(shown.row.number, states)
        leader = shown.row.leader or _("not named yet")
        self.head.show_facts(
            "building-factory-2",
            shown.row.customer_name,
            [
                Link("", f"{shown.row.product_code} \u00b7 {shown.row.lot_number}"),
                Link(lambda: _("Complaint"), shown.row.complaint_number),
                Link(lambda: _("Leader"), leader, lambda: eight_d_dialogs.appoint(self)),
            ],
        )
        next_step, others = eight_d_deeds.buttons(self, read)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: self.workplace.go(Destination("case", shown.row.case_id)),
        )
        self.head.show_buttons(next_step, others, [whole])

    def _choose_section(self, section: Section) -> None:
        if self.record is not None and section is not self.section:
            self.section = section
            self._show_section()

    def step_section(self, step: int) -> None:
        """Go to the next section, or the one before."""
        count = self.outline.rows_model.rowCount()
        self.outline.choose((self.outline.currentIndex().row() + step) % count)

    def _show_section(self) -> None:
        if self.record is None:
            return
        found = next(one for one in self.record.shown.sections if one.section is self.section)
        may_write = self.workplace.session.may(eight_d.save_section.permission)
        self.editor.show_section(found, may_write=may_write)

    def go_to(self, section: Section, where: str) -> None:
        """Go to what a gate misses."""
        if where == "leader":
            eight_d_dialogs.appoint(self)
            return
        self.outline.choose_where(lambda one: one.section.section is section)
        self.editor.go_to(where)

    def ask_progress(self) -> None:
        """Ask how far the section is."""
        if self.editor.section is not None:
            eight_d_dialogs.ask_progress(self, self.editor.section)


def _outline_words(one: OutlineRow) -> TwoLine:
    section = one.section
    progress = progress_cell(section)
    name = f"{section_name(section.section)}  {_(SHORT[section.section])}".strip()
    if one.gates:
        gates = plural("{count} gate open", "{count} gates open", one.gates).format(count=one.gates)
        return TwoLine(name, gates, "circle-x", tone="bad")
    return TwoLine(name, str(progress), progress.icon)


def _columns() -> list[Column]:
    return [
        Column(
            lambda: _("Report"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.number, wording.day(plant_time.day_of(one.opened_at)), "file-report"),
            170,
        ),
        Column(
            lambda: _("What is wrong"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.title, one.complaint_number, bold=False),
            240,
            stretch=True,
        ),
        Column(
            lambda: _("Customer and goods"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.customer_name, f"{one.product_code} \u00b7 {one.lot_number}", bold=False),
            200,
        ),
        Column(lambda: _("Leader"), Cell.TEXT, "leader", 90),
        Column(lambda: _("State"), Cell.CHIP, lambda one: State("eight_d", str(one.state).lower()), 120),
        Column(lambda: _("Version"), Cell.CHIP, _version_chip, 190),
        Column("", Cell.ACTION, lambda _one: _("Open ↵"), 84),
    ]


def _version_chip(one: EightDRow) -> State | None:
    if one.newest is None or one.newest_state is None:
        return None
    made = State("eight_d_version", str(one.newest_state).lower())
    return State(made.record, made.state, word=f"{one.newest} \u00b7 {made}")
