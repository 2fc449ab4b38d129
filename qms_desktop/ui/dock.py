"""The dock: scan the parcel, count carton by carton without knowing what was announced, put the label on, go on.

Everything has a key and nothing needs a mouse. A burst from the scanner is heard anywhere (`hear`); what is typed by
hand goes through the one field of the page. A void label fills the station until Enter, and nothing is booked.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from qms_desktop.errors import InvalidInput, QmsError
from qms_desktop.i18n import N_, _
from qms_desktop.rules.quantity import parse_pieces
from qms_desktop.rules.scan import CodeKind, ScannedCode, read_code
from qms_desktop.steps import receipt
from qms_desktop.ui import dock_reading, this_pc
from qms_desktop.ui.dock_pages import (
    ArrivalPage,
    ClosedPage,
    CountPage,
    LabelPage,
    OtherGoodsPage,
    ScanPage,
    void_alarm,
)
from qms_desktop.ui.dock_photo import DockPhotos
from qms_desktop.ui.dock_station import DOCK_STEPS, StationWindow
from qms_desktop.ui.dock_strange import GoodsWithoutRma
from qms_desktop.ui.label_prints import LabelPrints
from qms_desktop.ui.scanner import Scanner
from qms_desktop.ui.station import Alarm, StationKey
from qms_desktop.ui.station_sound import Sounds

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from qms_desktop.steps.receipt_label import ReceiptLabel
    from qms_desktop.ui.workplace import Workplace

SCAN, COUNT, LABEL, NEXT = range(4)
COUNTED_AGAIN = N_("counted again at the dock")


class DockStation(StationWindow):
    """One thing at a time; see the module's text."""

    watches = frozenset({"rma", "receipt"})

    def __init__(self, workplace: Workplace, *, sounds: Sounds | None = None) -> None:
        steps = [partial(_, step) for step in DOCK_STEPS]
        super().__init__(workplace, icon="package-import", words=lambda: _("Dock"), steps=steps)
        self.sounds = sounds or Sounds()
        self.prints = LabelPrints(self)
        self.scan_page = ScanPage()
        self.arrival_page = ArrivalPage(on_site=partial(self.arrive, receipt.ArrivalKind.ON_SITE),
                                        by_post=partial(self.arrive, receipt.ArrivalKind.POST))  # fmt: skip
        self.count_page = CountPage(confirmed=self.confirm)
        self.label_page = LabelPage(self.prints.size, go_on=self.next_carton, close=self.close_count)
        self.closed_page = ClosedPage(go_on=self.begin)
        self.other_page = OtherGoodsPage()
        self.strange = GoodsWithoutRma(self)
        self.photos = DockPhotos(self, (self.count_page.photos, self.label_page.photos), failed=self._no_photo)
        self.parcel: dock_reading.Parcel | None = None
        self.shown: receipt.ReceiptShown | None = None
        self.place = 0
        self.lot, self.carton, self.damaged = "", "", False
        self.booked: dock_reading.Booked | None = None
        self.counting_again: int | None = None
        workplace.live.noticed.connect(self.take_notices)
        app = QApplication.instance()
        for scanner in app.findChildren(Scanner) if app else []:
            scanner.scanned.connect(self.hear)
        # A shortcut would take the Return that ends a scan before the scanner's filter sees it.
        pages = (self.arrival_page.on_site, self.count_page.confirm, self.label_page.next, self.closed_page.next)
        for button in pages:
            button.shortcut_made.setEnabled(False)
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.press_enter()
        else:
            super().keyPressEvent(event)

    def press_enter(self) -> None:
        """Do what the page's primary button does."""
        deeds = {
            self.scan_page: lambda: self.open_named(self.scan_page.field.text().strip()),
            self.arrival_page: self.arrival_page.on_site.click,
            self.count_page: self.count_page.confirm.click,
            self.label_page: self.label_page.next.click,
            self.closed_page: self.closed_page.next.click,
            self.other_page: self.add_other_goods,
            self.strange.page: self.strange.enter,
        }
        if isinstance(self._shown, Alarm):
            self._shown.button.click()
        elif self._shown in deeds:
            deeds[self._shown]()

    # The scanner.

    def hear(self, text: str) -> None:
        """Take a scan, wherever the cursor stands."""
        if self.in_alarm:
            self.sounds.stop()
        if not self.isVisible() or self.in_alarm or QApplication.activeModalWidget() is not None:
            return
        if self._shown is self.count_page or self._shown is self.label_page:
            self._carton_scanned(text)
        else:
            self.open_named(text)

    # Step 1: which parcel.

    def begin(self) -> None:
        """Wait for the next parcel."""
        self.parcel, self.shown, self.booked = None, None, None
        self.photos.begin()
        self.scan_page.field.clear()
        self.scan_page.question.say_wrong("")
        keys = [
            StationKey("F2", lambda: _("Goods without an RMA"), self.strange.ask),
            StationKey("F8", lambda: _("Sound on or off"), self.switch_sound),
            StationKey("F12", lambda: _("This PC"), lambda: this_pc.ask(self, then=self.use_settings)),
            StationKey("Escape", lambda: _("Leave the dock"), self.leave),
        ]
        self.show_step(SCAN, self.scan_page, keys, focus=self.scan_page.field)
        self.reload()

    def reload(self) -> None:
        self.read(dock_reading.read_expected, then=self._show_expected, slot="dock.expected")

    def _show_expected(self, expected: dock_reading.Expected) -> None:
        self.scan_page.show_expected(expected.rmas, expected.receipts)

    def use_settings(self) -> None:
        self.prints.reload()
        self.photos.reload()
        self.label_page.use_size(self.prints.size)

    def switch_sound(self) -> None:
        """Switch the sounds off or on."""
        self.sounds.on = not self.sounds.on
        self.strip.show_sound(on=self.sounds.on)

    def open_named(self, text: str) -> None:
        """Open what a scanned or typed text names."""
        if not text:
            return
        try:
            code = read_code(text)
        except InvalidInput as refused:
            self._wrong(self.scan_page, refused)
            return
        if code.kind is CodeKind.LABEL:
            then = self._label_read
            self.read(receipt.read_label, then=then, failed=self._not_found, slot="dock.label", scanned=code.text)
        else:
            reading, opened = dock_reading.open_parcel, self._parcel_opened
            self.read(reading, then=opened, failed=self._not_found, slot="dock.parcel", text=code.number)

    def _label_read(self, found: receipt.LabelFound) -> None:
        if found.state is receipt.LabelState.VOID:
            self._sound_void(found)
        else:
            self.open_named(found.rma_number)

    def _parcel_opened(self, parcel: dock_reading.Parcel) -> None:
        self.parcel = parcel
        self.sounds.right()
        if parcel.receipt_id is not None:
            self._open_receipt(parcel.receipt_id)
            return
        self.arrival_page.show_rma(parcel.shown)
        self.arrival_page.question.say_wrong("")
        keys = [
            StationKey("F3", lambda: _("By post or carrier"), partial(self.arrive, receipt.ArrivalKind.POST)),
            StationKey("Escape", lambda: _("Back to scanning"), self.begin),
        ]
        self.arrival_page.by_post.shortcut_made.setEnabled(False)  # the key bar has the key
        self.show_step(SCAN, self.arrival_page, keys, focus=self.arrival_page.on_site)

    def arrive(self, kind: receipt.ArrivalKind) -> None:
        """Note that the goods are here, and begin to count."""
        if self.parcel is None:
            return
        self.run(
            receipt.arrive,
            then=lambda made: self._open_receipt(made.receipt_id),
            failed=lambda error: self._wrong(self.arrival_page, error),
            rma_id=self.parcel.shown.row.id,
            arrival_kind=kind,
        )

    def count_goods(self, made: receipt.Quarantined) -> None:
        """Count goods that came without an RMA; their case is open."""
        self.sounds.right()
        self._open_receipt(made.receipt_id)

    # Step 2: count.

    def _open_receipt(self, receipt_id: int, *, then_count: bool = True) -> None:
        then = self._begin_count if then_count else self._count_went_on
        self.read(receipt.show, then=then, slot="dock.receipt", receipt_id=receipt_id)

    def _begin_count(self, shown: receipt.ReceiptShown) -> None:
        self.shown = shown
        self.place = min(self.place, len(shown.lines) - 1) if self.booked else 0
        self.next_carton()

    def next_carton(self) -> None:
        """Wait for the next carton."""
        if self.shown is None:
            return
        self.lot, self.carton, self.damaged, self.counting_again = "", "", False, None
        self.photos.begin()
        self.count_page.field.clear()
        self._show_count()

    def _show_count(self) -> None:
        if self.shown is None:
            return
        page = self.count_page
        page.question.say_wrong("")
        page.show_line(self.shown, self.place)
        page.show_carton(lot=self.lot, carton=self.carton, damaged=self.damaged)
        keys = [
            StationKey("F4", lambda: _("Damaged"), self.mark_damaged),
            StationKey("F5", lambda: _("Photo"), self.photos.ask),
            StationKey("F6", lambda: _("Other goods"), self.ask_other_goods),
            StationKey("F7", lambda: _("Other line"), self.next_line),
            StationKey("F9", lambda: _("Count the last one again"), self.count_again),
            StationKey("F10", lambda: _("All counted, close"), self.close_count),
            StationKey("Escape", lambda: _("Back to scanning"), self.begin),
        ]
        self.show_step(COUNT, page, keys, focus=page.field)

    def _carton_scanned(self, text: str) -> None:
        try:
            code = read_code(text)
        except InvalidInput as refused:
            self._wrong(self.count_page, refused)
            return
        if code.kind is CodeKind.LABEL:
            then = self._label_on_carton
            self.read(receipt.read_label, then=then, failed=self._not_found, slot="dock.label", scanned=code.text)
            return
        if code.kind is CodeKind.RMA:
            self.open_named(code.number)
            return
        if self._shown is self.label_page:
            self.next_carton()
        self._take_carton(code)

    def _label_on_carton(self, found: receipt.LabelFound) -> None:
        if found.state is receipt.LabelState.VOID:
            self._sound_void(found)
            return
        self._wrong(
            self.count_page,
            InvalidInput(
                N_("This carton is counted already: label {serial}, {pieces} pieces. Take the next one."),
                serial=f"{found.serial:06d}",
                pieces=found.pieces,
            ),
        )

    def _take_carton(self, code: ScannedCode) -> None:
        if self.shown is None:
            return
        self.sounds.right()
        self.lot = code.lot or code.number
        self.carton = code.serial
        lots = [line.lot_announced for line in self.shown.lines]
        if self.lot in lots:
            self.place = lots.index(self.lot)
        self._show_count()

    def confirm(self) -> None:
        """Book the number that stands in the field."""
        if self.shown is None or self.in_alarm:
            return
        typed = self.count_page.field.text().strip()
        try:
            pieces = parse_pieces(typed)
        except InvalidInput as refused:
            if any(letter.isalpha() for letter in typed):
                self.count_page.field.clear()
                self._carton_scanned(typed)
            else:
                self._wrong(self.count_page, refused)
            return
        line = self.shown.lines[self.place]
        counted = partial(self._counted, self.shown.row.id, pieces, line.unit)
        if self.counting_again is not None:
            self.run(
                receipt.recount,
                then=counted,
                failed=lambda error: self._wrong(self.count_page, error),
                count_id=self.counting_again,
                pieces=pieces,
                reason=_(COUNTED_AGAIN),
            )
            return
        self.run(
            receipt.receive,
            then=counted,
            failed=lambda error: self._wrong(self.count_page, error),
            receipt_line_id=line.id,
            pieces=pieces,
            lot=self.lot,
            carton=self.carton,
            is_damaged=self.damaged,
        )

    # Step 3: the label.

    def _counted(self, receipt_id: int, pieces: int, unit: str, made: receipt.Counted) -> None:
        self.booked = dock_reading.Booked(made, pieces, unit)
        self.sounds.right()
        words = _("Carton {carton}, damaged") if self.damaged else _("Carton {carton}")
        self.photos.attach_to(made.count_id, words.format(carton=made.carton))
        self._open_receipt(receipt_id, then_count=False)

    def _count_went_on(self, shown: receipt.ReceiptShown) -> None:
        booked = self.booked
        if booked is None:
            return
        self.shown = shown
        page = self.label_page
        page.show_counted(shown, booked.made, booked.pieces, booked.unit)
        page.show_label(None)
        self.read(receipt.preview_label, then=page.show_label, slot="dock.preview", label_id=booked.made.label_id)
        keys = [
            StationKey("F5", lambda: _("Print again"), self.print_label),
            StationKey("F6", lambda: _("Photo"), self.photos.ask),
            StationKey("F9", lambda: _("Count the last one again"), self.count_again),
            StationKey("F10", lambda: _("All counted, close"), self.close_count),
            StationKey("Escape", lambda: _("Back to scanning"), self.begin),
        ]
        page.close_button.shortcut_made.setEnabled(False)  # the key bar has the key
        self.show_step(LABEL, page, keys, focus=page.next)
        title = f"{shown.row.rma_number} \u00b7 {shown.row.customer_short_name}"
        second = _("Carton {carton}, label {serial}").format(
            carton=booked.made.carton, serial=f"{booked.made.serial:06d}"
        )
        self.scan_page.show_last(title, second)
        self.print_label()

    def print_label(self) -> None:
        """Print the label of the carton that was counted last."""
        if self.booked is None:
            return
        if self.prints.printer is not None:
            self.label_page.show_printer(
                _("Printing on {printer}").format(printer=self.prints.printer.shown), tone="run"
            )
        self.prints.print(self.booked.made.label_id, done=self._printed, failed=self._not_printed)

    def _printed(self, label: ReceiptLabel) -> None:
        self.label_page.show_label(label)
        if self.prints.printer is not None:
            words = _("{printer} has the label").format(printer=self.prints.printer.shown)
            self.label_page.show_printer(words, tone="ok")

    def _not_printed(self, error: QmsError) -> None:
        self.toast.hide()
        if self.prints.printer is not None:
            self.sounds.wrong()
        self.label_page.show_printer(str(error), tone="bad")

    # What else may happen at a carton.

    def _no_photo(self) -> None:
        self.toast.hide()
        self.sounds.wrong()

    def mark_damaged(self) -> None:
        """Mark the carton as damaged, or not; pictures that come now are its own."""
        self.damaged = not self.damaged
        self.photos.watch(on=self.damaged)
        self.count_page.show_carton(lot=self.lot, carton=self.carton, damaged=self.damaged)
        self.count_page.field.setFocus()

    def next_line(self) -> None:
        """Count another line of the RMA; what was typed stays."""
        if self.shown is not None:
            self.place = (self.place + 1) % len(self.shown.lines)
            self._show_count()

    def count_again(self) -> None:
        """Correct the last carton by a counter-entry; its first count stays on record, its label is void."""
        counted = dock_reading.last_counted(self.shown) if self.shown is not None else None
        if counted is None:
            self._wrong(self.count_page, InvalidInput(N_("Nothing was counted yet.")))
            return
        self.place, last = counted
        self.counting_again, self.damaged = last.id, last.is_damaged
        self.lot, self.carton = last.lot_number, last.carton
        self.count_page.field.clear()
        self._show_count()
        self.count_page.question.second.say(
            _("Carton {carton} is counted again; the first count stays on record.").format(carton=last.carton)
        )

    def ask_other_goods(self) -> None:
        """Ask what else is in the parcel."""
        self.other_page.field.clear()
        self.other_page.question.say_wrong("")
        keys = [StationKey("Escape", lambda: _("Back to the count"), self._show_count)]
        self.show_step(COUNT, self.other_page, keys, focus=self.other_page.field)

    def add_other_goods(self) -> None:
        """Open a line for goods that nobody announced, and count into it."""
        typed = self.other_page.field.text().strip()
        self.read(dock_reading.known_product, then=partial(self._add_goods, typed), slot="dock.product", text=typed)

    def _add_goods(self, typed: str, product: str) -> None:
        if self.shown is None:
            return
        receipt_id = self.shown.row.id

        def added(line_id: int) -> None:
            self.read(receipt.show, then=lambda shown: self._count_line(shown, line_id), slot="dock.receipt",
                      receipt_id=receipt_id)  # fmt: skip

        self.run(
            receipt.add_other_goods,
            then=added,
            failed=lambda error: self._wrong(self.other_page, error),
            receipt_id=receipt_id,
            product=product,
            description="" if product else typed,
        )

    def _count_line(self, shown: receipt.ReceiptShown, line_id: int) -> None:
        self.shown = shown
        self.place = next(place for place, line in enumerate(shown.lines) if line.id == line_id)
        self.next_carton()

    # Step 4: the parcel is done.

    def close_count(self) -> None:
        """Close the count of this parcel."""
        if self.shown is None:
            return
        shown = self.shown
        self.run(
            receipt.close_count,
            then=partial(self._closed, shown.row),
            failed=lambda error: self._wrong(self.count_page, error),
            receipt_id=shown.row.id,
        )

    def _closed(self, row: receipt.ReceiptRow, state: receipt.ReceiptState) -> None:
        self.sounds.right()
        differs = state is receipt.ReceiptState.DIFFERENCE
        self.closed_page.show_closed(row.rma_number, differs=differs, without_rma=row.rma_id is None)
        keys = [StationKey("Escape", lambda: _("Back to scanning"), self.begin)]
        self.show_step(NEXT, self.closed_page, keys, focus=self.closed_page.next)

    # Wrong and void.

    def _wrong(self, page: ScanPage | ArrivalPage | CountPage | OtherGoodsPage, error: QmsError) -> None:
        self.toast.hide()
        self.sounds.wrong()
        if page is self.count_page and self._shown is not page:
            self._show_count()
        page.question.say_wrong(str(error))
        field = getattr(page, "field", None)
        if field is not None:
            field.selectAll()
            field.setFocus()

    def _not_found(self, error: QmsError) -> None:
        page = self.count_page if self._shown in (self.count_page, self.label_page) else self.scan_page
        self._wrong(page, error)

    def _sound_void(self, found: receipt.LabelFound) -> None:
        self.sounds.stop()
        alarm = void_alarm(found, understood=self.end_alarm)
        alarm.button.shortcut_made.setEnabled(False)  # a scan's own Return must not end the alarm
        self.sound_alarm(alarm, [StationKey("Escape", lambda: _("Understood, go on"), self.end_alarm)])

    def end_alarm(self) -> None:
        """Go back to where the station was, with an empty field."""
        super().end_alarm()
        field = getattr(self._shown, "field", None)
        if field is not None:
            field.clear()
            field.setFocus()
