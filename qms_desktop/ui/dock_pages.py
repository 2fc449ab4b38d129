"""The four pages of the dock: scan, how the goods came, count, label. They ask; ui/dock.py answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from qms_desktop.i18n import N_, _
from qms_desktop.ui import cards, theme, wording
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.dock_photo import PhotoStrip
from qms_desktop.ui.label_prints import LabelPicture
from qms_desktop.ui.rows import STRETCH, column, empty_out, fill, layout_of, row
from qms_desktop.ui.station import Alarm, Question, order_line, station_button, station_field
from qms_desktop.ui.text import Eliding, Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.documents.receipt_label import LabelSize
    from qms_desktop.steps import receipt, rma
    from qms_desktop.steps.receipt_label import ReceiptLabel

_MOST_EXPECTED = 3


class ScanPage(QWidget):
    """One question, one field; below, what is expected and what was booked last."""

    def __init__(self) -> None:
        super().__init__()
        self.field = station_field(placeholder=lambda: _("R…  or the customer's own number"))
        self.question = Question(
            lambda: _("Scan the RMA code on the parcel"),
            lambda: _(
                "No code? Type the RMA number, the customer's own return number, or a part of the customer's name."
            ),
            row((QWidget(), 1), (self.field, 4), (QWidget(), 1)),
            icon="scan",
        )
        self._title = Text("", 20, bold=True, ink="text2")
        self._expected = QHBoxLayout()
        self._expected.setSpacing(theme.px(12))
        self._last = QHBoxLayout()
        below = QWidget()
        below.setLayout(self._expected)
        self._expected.setContentsMargins(0, 0, 0, 0)
        last = QWidget()
        last.setLayout(self._last)
        self._last.setContentsMargins(0, 0, 0, 0)
        column((self.question, 1), self._title, below, last, gap=12, into=self)

    def show_expected(self, rows: Sequence[rma.RmaRow], at_the_dock: Sequence[receipt.ReceiptRow]) -> None:
        """Show what is being counted and what is on its way; no figures, because the count is blind."""
        empty_out(self._expected)
        begun = {one.rma_id for one in at_the_dock}
        shown = [
            order_line(one.rma_number, one.customer_short_name, Chip(State("receipt", "arrived"), size=15))
            for one in at_the_dock
        ]
        shown += [
            order_line(
                one.number,
                f"{one.customer_short_name} \u00b7 {one.products}",
                Chip(State("receipt", "expected"), size=15),
            )
            for one in rows
            if one.id not in begun
        ]
        self._title.say(lambda: _("Expected: {count}").format(count=len(shown)))
        for widget in shown[:_MOST_EXPECTED]:
            self._expected.addWidget(widget, 1)
        for widget in shown[_MOST_EXPECTED:]:
            widget.deleteLater()

    def show_last(self, title: str, second: str) -> None:
        """Show what was booked last."""
        empty_out(self._last)
        self._last.addWidget(order_line(title, second, Sign("circle-check", "ok", 24)))


class ArrivalPage(QWidget):
    """The RMA is found; asks how its goods came."""

    def __init__(self, *, on_site: Callable[[], object], by_post: Callable[[], object]) -> None:
        super().__init__()
        self._number = Text("", 44, bold=True)
        self._customer = Eliding("", 26, ink="text2")
        self._lines = column(gap=6)
        self.on_site = station_button(
            lambda: _("Brought on site"), kind="primary", icon="truck", key="Return", clicked=on_site
        )
        self.by_post = station_button(lambda: _("By post or carrier"), icon="package", key="F3", clicked=by_post)
        self.question = Question(
            lambda: _("How did the goods come?"),
            lambda: _("What is brought is counted at once; what came by post, within three working days."),
            row((self.on_site, 1)),
            row((self.by_post, 1)),
        )
        left = cards.card(self._number, self._customer, Rule(), self._lines, STRETCH, margins=(24,), gap=14)
        row((left, 1), (self.question, 1), gap=16, into=self)

    def show_rma(self, shown: rma.RmaShown) -> None:
        """Name the RMA, its customer and its products; never how many."""
        self._number.say(shown.row.number)
        self._customer.say(shown.row.customer_name)
        layout = layout_of(self._lines)
        empty_out(layout)
        for line in shown.lines:
            words = f"{line.position} \u00b7 {line.product_code} {line.product_name}"
            layout.addWidget(row((Eliding(words, 22, bold=True), 1), Text(line.lot_number, 20, ink="text2"), gap=12))


class CountPage(QWidget):
    """Left what is counted, right the number; the announced pieces are nowhere on it."""

    def __init__(self, *, confirmed: Callable[[], object]) -> None:
        super().__init__()
        self._number = Text("", 30, bold=True)
        self._customer = Eliding("", 20, ink="text2")
        self._product = Text("", 32, bold=True, wrap=True)
        self._line = Text("", 18, ink="text2")
        self._lot_label = Text(lambda: _("Lot on the carton"), 16, ink="text2")
        self.lot = Text("", 30, bold=True)
        self._carton_label = Text(lambda: _("Carton"), 16, ink="text2")
        self.carton = Text("", 30, bold=True)
        self._state = QHBoxLayout()
        state = QWidget()
        state.setLayout(self._state)
        self._state.setContentsMargins(0, 0, 0, 0)
        self._others = column(gap=4)
        self.photos = PhotoStrip()
        self.field = station_field(placeholder="", count=True)
        self.field.setProperty("takes_scans", False)
        self.unit = Text("", 44, bold=True, ink="text2")
        self.confirm = station_button(
            lambda: _("Confirm"), kind="primary", icon="check", key="Return", clicked=confirmed
        )
        self.confirm.setMinimumWidth(theme.px(520))
        self.question = Question(
            lambda: _("Pieces in this carton"),
            lambda: _("Blind count. Sums such as 11*50+46 are understood."),
            row(STRETCH, (self.field, 4), self.unit, STRETCH, gap=20),
            row(STRETCH, self.confirm, STRETCH),
        )
        left = cards.card(
            row(self._number, STRETCH, self._line),
            self._customer,
            Rule(),
            self._product,
            row(column(self._lot_label, self.lot, gap=0), 32, column(self._carton_label, self.carton, gap=0), STRETCH),
            state,
            self.photos,
            STRETCH,
            Rule(),
            self._others,
            margins=(24,),
            gap=12,
        )
        row((left, 2), (self.question, 3), gap=16, into=self)

    def show_line(self, shown: receipt.ReceiptShown, place: int) -> None:
        """Show which line is counted, and what of each line was counted so far."""
        line = shown.lines[place]
        self._number.say(shown.row.rma_number)
        self._customer.say(shown.row.customer_name or _("customer not known"))
        self._product.say(f"{line.product_code} {line.product_name}".strip() or line.description)
        self._line.say(_("line {number} of {all}").format(number=place + 1, all=len(shown.lines)))
        self.unit.say(line.unit)
        layout = layout_of(self._others)
        empty_out(layout)
        for number, one in enumerate(shown.lines):
            layout.addWidget(_line_counted(one, now=number == place))

    def show_carton(self, *, lot: str, carton: str, damaged: bool) -> None:
        """Show what was read from the carton."""
        self.lot.say(lot or "\u2014")
        self.carton.say(carton or _("next"))
        empty_out(self._state)
        if damaged:
            tone, icon, words, second = "wait", "alert-triangle", _("Damaged carton"), _("F5 takes its photo")
        elif lot:
            tone, icon, words, second = "ok", "circle-check", _("Lot read from the carton"), ""
        else:
            words = _("Scan the carton's own label, or type the number if it cannot be read")
            tone, icon, second = "run", "scan", ""
        self._state.addWidget(cards.panel(tone, icon, words, second, station=True))


def _line_counted(one: receipt.ReceiptLineShown, *, now: bool) -> QWidget:
    cartons = sum(not count.is_replaced for count in one.counts)
    words = f"{one.product_code} {one.product_name}".strip() or one.description
    held = wording.count_of(cartons, N_("{count} carton"), N_("{count} cartons"))
    counted = f"{wording.pieces(one.pieces_counted, one.unit)} \u00b7 {held}"
    sign = Sign(
        "arrow-right" if now else "circle-check" if cartons else "circle-dashed", "accent_text" if now else "text2", 22
    )
    return row(sign, (Eliding(words, 18, bold=now), 1), Text(counted if cartons else "", 16, ink="text2"), gap=10)


class LabelPage(QWidget):
    """The label as it comes out of the printer, and the way to the next carton."""

    def __init__(self, size: LabelSize, *, go_on: Callable[[], object], close: Callable[[], object]) -> None:
        super().__init__()
        self.picture = LabelPicture(size)
        self._sign = Sign("printer", "text2", 24)
        self._printer = Text("", 18, wrap=True)
        self._size = Text("", 18, bold=True)
        self.use_size(size)
        self._reprint = Text("", 16, ink="text2")
        self._counted = QFrame()
        self._counted.setProperty("tone", "ok")
        self._title = Text("", 28, bold=True, ink="ok", wrap=True)
        self._second = Text("", 18, ink="text2", wrap=True)
        column(self._title, self._second, gap=4, margins=(20, 16, 20, 16), into=self._counted)
        hold = cards.panel(
            "hold",
            "lock",
            lambda: _("Provisional: do not ship"),
            lambda: _("The label becomes valid when the return leader has signed the count."),
            station=True,
        )
        self.next = station_button(
            lambda: _("Next carton"), kind="primary", icon="arrow-right", key="Return", clicked=go_on
        )
        self.close_button = station_button(lambda: _("All counted, close"), icon="check", key="F10", clicked=close)
        self._so_far = column(gap=4)
        self.photos = PhotoStrip()
        left = cards.card(
            row(self._size, STRETCH, self._reprint),
            (self.picture, 1),
            row(self._sign, (self._printer, 1)),
            margins=(24,),
        )
        right = column(
            self._counted,
            hold,
            self.photos,
            cards.card(self._so_far, margins=(20,)),
            STRETCH,
            self.next,
            self.close_button,
            gap=12,
        )
        row((left, 1), (right, 1), gap=16, into=self)

    def use_size(self, size: LabelSize) -> None:
        """Draw labels of another size from now on."""
        self.picture.use_size(size)
        self._size.say(lambda: _("Label {size} mm").format(size=size.shown))

    def show_counted(self, shown: receipt.ReceiptShown, made: receipt.Counted, pieces: int, unit: str) -> None:
        """Say what was booked, and what was counted so far."""
        words = _("Carton {carton}: {pieces} booked")
        self._title.say(words.format(carton=made.carton, pieces=wording.pieces(pieces, unit)))
        self._second.say(made.payload)
        layout = layout_of(self._so_far)
        empty_out(layout)
        for one in shown.lines:
            layout.addWidget(_line_counted(one, now=False))

    def show_label(self, label: ReceiptLabel | None) -> None:
        """Show the label as dots."""
        self.picture.show_label(label)
        self._reprint.say(_("Reprint {count}").format(count=label.reprint) if label and label.reprint else "")

    def show_printer(self, words: str, *, tone: str) -> None:
        """Say how the printing goes, in the tone of the news."""
        icon = {"ok": "circle-check", "bad": "alert-circle"}.get(tone, "printer")
        self._sign.show_icon(icon, tone if tone != "run" else "text2")
        self._printer.set_ink(tone if tone == "bad" else "text")
        self._printer.say(words)


class ClosedPage(QWidget):
    """The count is closed: what happens now, in words without figures."""

    def __init__(self, *, go_on: Callable[[], object]) -> None:
        super().__init__()
        self.next = station_button(
            lambda: _("Next parcel"), kind="primary", icon="arrow-right", key="Return", clicked=go_on
        )
        self.next.setMinimumWidth(theme.px(520))
        self._place = column(gap=0)
        column((self._place, 1), into=self)

    def show_closed(self, number: str, *, differs: bool, without_rma: bool) -> None:
        """Say who goes on with it."""
        layout = layout_of(self._place)
        self.next.setParent(None)
        empty_out(layout)
        title = _("{number}: the count is closed").format(number=number)
        second = (
            _("Nobody announced these goods. Sales finds out whose they are; they stay in quarantine, you are done.")
            if without_rma
            else _("It differs from what was announced. Sales clears it with the customer; you are done.")
            if differs
            else _("It fits what was announced. The return leader signs it; you are done.")
        )
        icon = "arrows-diff" if differs else "circle-check"
        fill(layout, ((Question(title, second, row(STRETCH, self.next, STRETCH), icon=icon), 1),), gap=0)


class WithoutRmaPage(QWidget):
    """Goods without an RMA: first what they are, then whose, if anybody knows."""

    def __init__(self) -> None:
        super().__init__()
        self.field = station_field(placeholder="")
        self.field.setProperty("takes_scans", True)
        self.question = Question("", "", row((QWidget(), 1), (self.field, 4), (QWidget(), 1)), icon="help-hexagon")
        self.asks_customer = False
        column((self.question, 1), into=self)

    def ask(self, *, customer: bool) -> None:
        """Ask for the goods, or for the customer."""
        self.asks_customer = customer
        self.field.clear()
        self.question.say_wrong("")
        if customer:
            self.question.words.say(lambda: _("Whose are they?"))
            self.question.second.say(
                lambda: _("The customer's code or name, from the parcel. Not known? Leave it empty and press Enter.")
            )
            self.field.setPlaceholderText(_("Customer, or empty"))
        else:
            self.question.words.say(lambda: _("Goods without an RMA: what are they?"))
            self.question.second.say(
                lambda: _("Type the product's code, or describe them in a few words. They go into quarantine.")
            )
            self.field.setPlaceholderText(_("Product code, or a few words"))
        self.field.setAccessibleName(self.question.words.text())


class OtherGoodsPage(QWidget):
    """Goods that nobody announced: another product of ours, or not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.field = station_field(placeholder=lambda: _("Product code, or a few words"))
        self.field.setProperty("takes_scans", True)
        self.question = Question(
            lambda: _("What else is in the parcel?"),
            lambda: _("Type the product's code; if it is not ours, describe it in a few words."),
            row((QWidget(), 1), (self.field, 4), (QWidget(), 1)),
            icon="help-circle",
        )
        column((self.question, 1), into=self)


def void_alarm(found: receipt.LabelFound, *, understood: Callable[[], object]) -> Alarm:
    """Make the alarm of a void label: what it was, and what is put on instead."""
    others = " \u00b7 ".join(serial.zfill(6) for serial in found.replaced_by.split(",") if serial)
    what = _("Label {serial} of {number}, {pieces} pieces, is void.").format(
        serial=f"{found.serial:06d}", number=found.rma_number, pieces=found.pieces
    )
    order = (
        _("Tear the old label off and put {others} on. Not at hand? Call the return leader.").format(others=others)
        if others
        else _("Tear the label off, set the carton aside and call the return leader.")
    )
    return Alarm(_("Stop: this label is void"), what, order, understood=understood)
