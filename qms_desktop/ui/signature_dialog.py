"""The signature: what is signed, four numbers, why you, the evidence, a remark, the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card, panel
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.controls import NotesField, TextField
from qms_desktop.ui.form import Field, Form
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.text import Eliding, KeyCap, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.errors import QmsError
    from qms_desktop.ui.page import Page

_MOST_FIGURES = 4


@dataclass(frozen=True)
class Figure:
    """One of the numbers on which the signature rests; `tone` is "text" or a family."""

    label: str
    value: str
    tone: str = "text"


@dataclass(frozen=True)
class Evidence:
    """Something to look at before signing, with its key (F4, F5 ...)."""

    icon: str
    label: str
    value: str
    key: str
    open: Callable[[], None] = field(compare=False)


@dataclass(frozen=True)
class SignatureRequest:
    """Everything the dialog says; all texts are translated already.

    `signed` says exactly what is signed (rows, pieces, money, short hash); `station` and `moment` where and when.
    """

    title: str
    verb: str
    state: State
    subject: str
    figures: Sequence[Figure]
    why_you: str
    rule: str
    evidence: Sequence[Evidence]
    signed: str
    signer: str
    seat: str
    station: str
    moment: str
    remark_required: bool = False
    can_be_sent_back: bool = True


class _Signature(QWidget):
    """The name as it will stand on the record, over its seat."""

    def __init__(self, name: str, seat: str) -> None:
        super().__init__()
        self._name, self._seat = name, seat
        self.setFixedSize(theme.px(180), theme.px(76))
        self.setAccessibleName(f"{name}, {seat}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, width, height = QPainter(self), self.width(), self.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        foot = theme.px(24)
        name_font = theme.font(26, bold=True)
        if QFontMetricsF(name_font).horizontalAdvance(self._name) > width - theme.px(16):
            name_font = theme.font(theme.CARD_TITLE, bold=True)
        for text, font, ink, top, room in (
            (self._name, name_font, "accent_text", 2, height - foot),
            (self._seat, theme.font(theme.SMALL), "text2", height - foot + 2, foot - 4),
        ):
            painter.setFont(font)
            painter.setPen(theme.colour(ink))
            box = QRectF(theme.px(6), top, width - theme.px(12), room)
            shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        painter.fillRect(QRectF(theme.px(16), height - foot, width - theme.px(32), 1), theme.colour("control"))


class SignatureDialog(Overlay):
    """Window-modal over the dimmed page; the focus starts in the password.

    Signals: `looked_up()` for the whole record; `sent_back()`.
    """

    looked_up = Signal()
    sent_back = Signal()

    def __init__(self, page: Page, request: SignatureRequest, *, sign: Callable[[SignatureDialog], None]) -> None:
        super().__init__(page, width=760)
        self.request, self._sign = request, sign
        self.setAccessibleName(request.title)
        self.password = TextField(field="password", required=True, secret=True, icon="lock")
        self.remark = NotesField(field="remark", required=request.remark_required, longest=1000, height=56)
        remark_words = (lambda: _("Remark")) if request.remark_required else (lambda: _("Remark (may stay empty)"))
        password = Field(lambda: _("Password (stands for your handwritten name)"), self.password, hint=request.signed)
        remark = Field(remark_words, self.remark)
        self.form = Form("signature", {"remark": remark, "password": password}, parent=self)
        self.form.speaks_itself = True
        self.approve = Button(
            request.verb, kind="primary", icon="signature", height=theme.HEAD_BUTTON, key="Return", clicked=self.send
        )
        self.form.submits(self.approve)
        self.put(
            self._head(),
            Text(request.subject, ink="text2", wrap=True),
            self._numbers(),
            panel("accent", "info-circle", request.why_you, request.rule),
            row(*((self._evidence(one), 1) for one in request.evidence)) if request.evidence else None,
            remark,
            self._signing(password),
            self._buttons(),
        )
        enter = QShortcut(QKeySequence(Qt.Key.Key_Enter), self)
        enter.activated.connect(self.approve.click)

    def open(self) -> None:
        super().open()
        self.password.widget.setFocus()

    def send(self) -> None:
        """Check the form's own rules, then sign; an error of the verb comes back beside its field."""
        if self.form.read() is not None:
            self._sign(self)
            return
        self.place()

    def show_problem(self, error: QmsError) -> None:
        """Show an error that belongs to no field under the password: a line behind the dialog would not be seen."""
        if not self.form.wrong_fields():
            self.form.fields["password"].show_error(error)
        self.password.widget.setFocus()
        self.password.line.selectAll()
        self.place()

    def typed(self) -> dict[str, str]:
        """Give the password and the remark as typed."""
        return {"password": self.password.read(), "remark": self.remark.read()}

    def _head(self) -> QWidget:
        close = Button(icon="x", kind="quiet", name=lambda: _("Close"), clicked=self.reject)
        title = Eliding(self.request.title, theme.TITLE, bold=True)
        return row(Sign("signature", "accent_text", 24), (title, 1), Chip(self.request.state), close, gap=10)

    def _numbers(self) -> QWidget:
        figures = self.request.figures[:_MOST_FIGURES]
        made = [
            column(
                Text(one.label, theme.SMALL, ink="text2"), Text(one.value, theme.TITLE, bold=True, ink=one.tone), gap=0
            )
            for one in figures
        ]
        return row(*made, STRETCH, gap=28)

    @staticmethod
    def _evidence(one: Evidence) -> QFrame:
        words = column(Eliding(one.label, theme.SMALL, ink="text2"), Eliding(one.value, bold=True), gap=0)
        frame = card(
            Sign(one.icon, "text2", 18), (words, 1), KeyCap(one.key), inner=True, across=True, margins=(10, 6, 10, 6)
        )
        QShortcut(QKeySequence(one.key), frame).activated.connect(one.open)
        frame.mouseReleaseEvent = lambda _event: one.open()  # type: ignore[method-assign]
        return frame

    def _signing(self, password: Field) -> QFrame:
        where = Text(f"{self.request.moment} \u00b7 {self.request.station}", theme.SMALL, ink="text3")
        head = row(Sign("signature", "text2", 18), Text(lambda: _("Signature"), bold=True), STRETCH, where)
        body = row((password, 1), _Signature(self.request.signer, self.request.seat), gap=14)
        return card(head, body, inner=True, gap=6)

    def _buttons(self) -> QWidget:
        whole = Button(lambda: _("Look at the whole record"), kind="ghost", icon="external-link", clicked=self._look_up)
        cancel = Button(lambda: _("Cancel"), height=theme.HEAD_BUTTON, key="Escape", clicked=self.reject)
        back = Button(lambda: _("Send back…"), icon="arrow-back-up", height=theme.HEAD_BUTTON, clicked=self._send_back)
        return row(whole, STRETCH, cancel, back if self.request.can_be_sent_back else None, self.approve)

    def _look_up(self) -> None:
        self.reject()
        self.looked_up.emit()

    def _send_back(self) -> None:
        self.reject()
        self.sent_back.emit()


def sign(
    page: Page,
    verb: Callable[..., Any],
    request: SignatureRequest,
    *,
    then: Callable[[Any], object],
    remark_as: str = "remark",
    **kwargs: Any,  # noqa: ANN401 - a verb's own arguments
) -> SignatureDialog:
    """Open the dialog and run a signing verb with the password; it stays open until the verb succeeded.

    The remark goes to the verb as `remark_as`; an empty name leaves it out.
    """

    def run(dialog: SignatureDialog) -> None:
        typed = dialog.typed()
        extra = {remark_as: typed["remark"]} if remark_as else {}

        def signed(result: Any) -> None:  # noqa: ANN401 - what the verb gives
            dialog.accept()
            then(result)

        page.run(
            verb,
            then=signed,
            failed=dialog.show_problem,
            form=dialog.form,
            password=typed["password"],
            **extra,
            **kwargs,
        )

    dialog = SignatureDialog(page, request, sign=run)
    dialog.open()
    return dialog
