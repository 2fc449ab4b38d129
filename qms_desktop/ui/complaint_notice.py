"""The customer's own notice: it fills the form of a complaint in, and is kept with the complaint like other files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from qms_desktop import exchange
from qms_desktop.exchange.refusals import FileRefused
from qms_desktop.i18n import _
from qms_desktop.rules import attachment, health
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import complaint, complaint_defects, master_data
from qms_desktop.ui import file_choice, finding, photo_deeds, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.flow import Flow
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.errors import QmsError
    from qms_desktop.exchange.rows import ReturnNotice, ReturnNoticeLine
    from qms_desktop.rules.attachment import NewFile
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page
    from qms_desktop.ui.workplace import Found

_CELLS_SAID = 3


@dataclass(frozen=True)
class Understood:
    """What a notice says, in the plant's own codes: lines of known products, and the others."""

    notice: ReturnNotice
    customer: Found | None
    known: tuple[complaint.NewLine, ...]
    unknown: tuple[complaint.NewLine, ...]


def understand(session: Session, *, path: Path) -> Understood | str:
    """Read a notice and look its customer, products and defects up; gives the reason in words when it cannot be read.

    Raises FileRefused for a file that is no table of returned goods.
    """
    reading = exchange.read_return_notice(path, today=health.plant_today(session))
    if not reading.rows:
        return " ".join(f"{one.cell}: {one}" for one in reading.errors[:_CELLS_SAID])
    (notice,) = reading.rows
    known: list[complaint.NewLine] = []
    unknown: list[complaint.NewLine] = []
    for one in notice.lines:
        line = _line(session, one)
        is_whole = line.customer_words and _is_known(session, one.product_code)
        (known if is_whole else unknown).append(line)
    return Understood(
        notice,
        finding.customer_named(session, name=notice.customer_name) if notice.customer_name else None,
        tuple(known),
        tuple(unknown),
    )


def _is_known(session: Session, code: str) -> bool:
    return any(one.code == code for one in master_data.find_product(session, text=code))


def _line(session: Session, one: ReturnNoticeLine) -> complaint.NewLine:
    defects = complaint_defects.find_defect(session, text=one.defect) if one.defect else ()
    return complaint.NewLine(
        product=one.product_code,
        pieces=one.pieces,
        customer_words=one.defect or "",
        lot=one.lot or "",
        defect_code=defects[0].code if len(defects) == 1 else "",
        found_where=one.found_at or "",
        demand=one.demand or "",
    )


class ComplaintFiles:
    """The files that go with a new complaint, as one control of its form, so that a draft keeps their places."""

    def __init__(self, page: Page, fill_in: Callable[[Understood], None]) -> None:
        self._page, self._fill_in = page, fill_in
        self.paths: tuple[Path, ...] = ()
        self._tell: list[Callable[[], None]] = []
        self._names = Flow()
        self._chosen = QWidget()
        self._chosen.setLayout(self._names)
        self.said = Text("", theme.SMALL, ink="wait").follow_width()
        self.said.hide()
        self.from_notice = Button(
            lambda: _("Fill in from the customer's notice…"),
            icon="table-import",
            key="Ctrl+O",
            show_key=False,
            clicked=self.ask_notice,
        )
        self.attach = Button(
            lambda: _("Attach files…"), kind="ghost", icon="paperclip", key="Ctrl+Shift+O", show_key=False,
            clicked=lambda: photo_deeds.ask_files(page, self.add),
        )  # fmt: skip
        self.widget: QWidget = column(row(self.from_notice, self.attach, STRETCH), self._chosen, self.said, gap=4)
        self._show()

    # What a form asks of a control.

    def read(self) -> tuple[Path, ...]:
        return self.paths

    def keep(self) -> Any:  # noqa: ANN401
        return [str(path) for path in self.paths]

    def put(self, kept: Any) -> None:  # noqa: ANN401
        self.said.hide()
        self.paths = tuple(path for path in map(Path, kept or ()) if path.is_file())
        self._show()

    def when_changed(self, tell: Callable[[], None]) -> None:
        self._tell.append(tell)

    # Files.

    def add(self, paths: Sequence[Path]) -> None:
        """Keep more files with the complaint; one that is there already is not kept twice."""
        self.paths = tuple(dict.fromkeys((*self.paths, *paths)))
        self._changed()

    def take_out(self, path: Path) -> None:
        """Leave a file out again."""
        self.paths = tuple(one for one in self.paths if one != path)
        self._changed()

    def _changed(self) -> None:
        self._show()
        for tell in self._tell:
            tell()

    def _show(self) -> None:
        empty_out(self._names)
        self._chosen.setVisible(bool(self.paths))
        for path in self.paths:
            self._names.addWidget(
                Button(
                    path.name,
                    icon="x",
                    height=theme.FILTER,
                    name=partial(_leave_out, path.name),
                    clicked=partial(self.take_out, path),
                )
            )

    # The notice.

    def ask_notice(self) -> None:
        """Ask for the customer's notice and fill the form in from it."""
        file_choice.ask_open(
            self._page,
            title=_("The customer's notice"),
            patterns=_("Tables ({endings})").format(endings="*.xlsx *.xlsm *.xls *.csv"),
            then=self.take_notice,
        )

    def take_notice(self, path: Path) -> None:
        """Keep the notice with the complaint, and fill the form in from it."""
        self.add([path])
        self._page.read(
            understand, then=partial(self._understood, path), failed=partial(self._not_read, path), slot="form.notice",
            path=path,
        )  # fmt: skip

    def _understood(self, path: Path, found: Understood | str) -> None:
        if isinstance(found, str):
            self._say_unread(path, found)
            return
        self._fill_in(found)
        words = []
        if found.customer is None:
            words.append(_("Whose notice it is cannot be told from the file: choose the customer."))
        if others := ", ".join(f"{one.product} {one.lot}".strip() for one in found.unknown[1:]):
            words.append(_("Type these lines by hand, their products are not known: {lines}.").format(lines=others))
        self.said.say(" ".join(words))
        self.said.setVisible(bool(words))

    def _not_read(self, path: Path, error: QmsError) -> None:
        if not isinstance(error, FileRefused):
            self.take_out(path)
        self._say_unread(path, str(error))

    def _say_unread(self, path: Path, why: str) -> None:
        words = _("{file} is kept with the complaint, but it cannot fill the form in. {why}")
        self.said.say(words.format(file=path.name, why=why))
        self.said.show()


def _leave_out(name: str) -> str:
    return _("Leave {file} out").format(file=name)


def attach_all(page: Page, made: complaint.Registered, paths: Sequence[Path]) -> None:
    """Attach the files to the complaint that was registered; what cannot be attached is named."""

    def refused(path: Path, error: QmsError) -> None:
        words = _("{number} is registered, but {file} is not attached: {why} Attach it under Photos.")
        page.say(words.format(number=made.number, file=path.name, why=error), tone="bad")

    def attach(path: Path, file: NewFile) -> None:
        page.run(
            attachment.attach,
            then=lambda _id: page.refresh(),
            failed=partial(refused, path),
            kind=AttachedTo.COMPLAINT,
            record_id=made.complaint_id,
            file=file,
        )

    for path in paths:
        page.read(photo_deeds.take_in, then=partial(attach, path), failed=partial(refused, path), source=path)
