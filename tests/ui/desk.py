"""A real page on a real SQLite plant: what the tests of the pages share, and the story up to each station."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from qms_desktop.rules import calendar
from qms_desktop.steps import complaint, receipt, rma
from qms_desktop.steps.complaint import Channel, Severity, Urgency
from qms_desktop.steps.receipt import ArrivalKind
from qms_desktop.steps.rma import OpinionKind
from qms_desktop.ui import plant_time, theme
from qms_desktop.ui.background import Background
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.live import Live
from qms_desktop.ui.memory import Memory
from qms_desktop.ui.scanner import GAP_MS
from qms_desktop.ui.workplace import Destination, Workplace
from tests.helpers.plant import Plant, moment
from tests.helpers.scene import chapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from qms_desktop.ui.page import Page

READY_MS = 20_000


@dataclass
class Desk:
    """A person's place in a plant: makes pages, waits for them, and remembers where they wanted to go."""

    plant: Plant
    qtbot: QtBot
    folder: Path

    def __post_init__(self) -> None:
        self.went: list[Destination] = []
        self.places: list[Workplace] = []

    def workplace(self, name: str) -> Workplace:
        """Sign a person in at a place of the own."""
        session = self.plant.sign_in(name, station="dock-1")
        folder = self.folder / session.login
        folder.mkdir(exist_ok=True)
        place = Workplace(
            session=session,
            background=Background(),
            live=Live(),
            drafts=Drafts(folder / "drafts.sqlite3", person=session.login, store=self.plant.url),
            memory=Memory(folder / "window.json"),
            go=self.went.append,
        )
        plant_time.use(calendar.zone_of_plant(session))
        self.places.append(place)
        return place

    def show(self, page: Page, *, width: int = 1440, height: int = 900) -> Any:  # noqa: ANN401 - the page as it came
        """Show a page and wait until it has read."""
        self.qtbot.addWidget(page)
        theme.dress(page)
        page.resize(width, height)
        page.show()
        page.activateWindow()
        self.settle(page)
        return page

    def settle(self, page: Page) -> None:
        """Wait until a page has nothing at work."""
        self.qtbot.waitUntil(lambda: not page.at_work, timeout=READY_MS)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: not page.at_work, timeout=READY_MS)

    def until(self, happened: Callable[[], object]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(lambda: bool(happened()), timeout=READY_MS)

    def close(self) -> None:
        """End the threads of every place."""
        for place in self.places:
            place.background.close(last=place.session.store.close)
            place.drafts.close()
            place.memory.write()  # a moment later its folder is gone


class Keys:
    """A pair of hands and a scanner: types into whatever has the focus, and counts the steps that a task took."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.steps = qtbot, 0
        self._now_ms = 10_000

    def _focus(self) -> QWidget:
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return QApplication.focusWidget()

    def type(self, text: str) -> None:
        """Type a text or a number: one step."""
        self.steps += 1
        if text.isascii():
            self.qtbot.keyClicks(self._focus(), text, delay=GAP_MS + 5)
        else:
            composed = QInputMethodEvent()
            composed.setCommitString(text)
            QCoreApplication.sendEvent(self._focus(), composed)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key: one step."""
        self.steps += 1
        self.qtbot.keyClick(self._focus(), key, modifier)

    def go_to(self, widget: QWidget) -> None:
        """Move on to a field with Tab; going on to the next field is no step of its own."""
        widget.setFocus()
        self.qtbot.waitUntil(widget.hasFocus)

    def scan(self, text: str) -> None:
        """Pull the trigger of the scanner: one step."""
        self.steps += 1
        self._now_ms += 5000
        for letter in text:
            self._now_ms += 5
            self._send(ord(letter.upper()), letter)
        self._now_ms += 5
        self._send(Qt.Key.Key_Return, "\r")

    def _send(self, key: int, text: str) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        event.setTimestamp(self._now_ms)
        QCoreApplication.sendEvent(self._focus(), event)


@chapter
def registered(plant: Plant) -> complaint.Registered:
    """Take down the notice of three lines, at 09:20."""
    plant.at("2026-11-03 09:20")
    return complaint.register(
        plant.sign_in("王伟涛"),
        customer="C1001",
        received_at=moment("2026-11-03 09:12"),
        channel=Channel.NOTICE,
        customer_reference="TH-20261103-07",
        urgency=Urgency.URGENT,
        severity=Severity.MAJOR,
        is_batch=True,
        is_performance=True,
        own_limit_hours=12,
        demand="12 小时内书面回复，提交 8D",
        lines=(
            complaint.NewLine(
                "YQ-22", 600, "行程中阻力不符，开启困难", lot="L2610A", defect_code="F-012", found_where="总装EOL"
            ),
            complaint.NewLine("YQ-28", 45, "漏油", lot="L2609B", defect_code="F-013"),
            complaint.NewLine("ZW-22", 12, "表面划伤", lot="L2610C", defect_code="F-021"),
        ),
    )


@chapter
def requested(plant: Plant) -> rma.Requested:
    """Go on to the request of the RMA, at 14:00."""
    made = registered(plant)
    complaint.accept(plant.sign_in("王伟涛"), complaint_id=made.complaint_id)
    plant.at("2026-11-03 14:00")
    return rma.request(
        plant.sign_in("王伟涛"),
        complaint_id=made.complaint_id,
        lines=(
            rma.NewRmaLine(
                "YQ-22", 600, Decimal("50.76"), lot="L2610A", defect_code="F-012", reason="行程中阻力不符，开启困难"
            ),
            rma.NewRmaLine("YQ-28", 45, Decimal("55.82"), lot="L2609B", defect_code="F-013", reason="漏油"),
            rma.NewRmaLine(
                "ZW-22", 12, Decimal("158.74"), lot="L2610C", without_record_reason="经经纬外贸购入", reason="表面划伤"
            ),
        ),
    )


@chapter
def judged(plant: Plant) -> rma.Requested:
    """Go on to quality's opinion, at 14:10."""
    made = requested(plant)
    plant.at("2026-11-03 14:10")
    shown = rma.show(plant.sign_in("徐兰"), rma_id=made.rma_id)
    kinds = (OpinionKind.RETURN, OpinionKind.RETURN, OpinionKind.POLISH_AND_DISCOUNT)
    rma.give_opinion(
        plant.sign_in("徐兰"),
        rma_id=made.rma_id,
        opinions=tuple(rma.OpinionOnLine(line.id, kind) for line, kind in zip(shown.lines, kinds, strict=True)),
    )
    return made


@chapter
def reviewed(plant: Plant) -> rma.Requested:
    """Go on to the review, at 14:18."""
    made = judged(plant)
    plant.at("2026-11-03 14:18")
    rma.review(
        plant.sign_in("王涛兰"),
        rma_id=made.rma_id,
        text="合同条款已核对",
        accepts_missing_record=True,
        allows_advance=True,
    )
    return made


@chapter
def approved(plant: Plant) -> rma.Requested:
    """Go on to the signature, at 15:40."""
    made = reviewed(plant)
    plant.at("2026-11-03 15:40")
    guo = plant.sign_in("郭明")
    read = rma.show(guo, rma_id=made.rma_id)
    rma.approve(guo, rma_id=made.rma_id, read_hash=read.content_hash, password=plant.password("郭明"))
    return made


@chapter
def arrived(plant: Plant) -> receipt.Arrived:
    """Go on to the goods at the dock, the next day at 10:40."""
    made = approved(plant)
    plant.at("2026-11-04 10:40")
    zhou = plant.sign_in("周磊秀")
    return receipt.arrive(zhou, rma_id=made.rma_id, arrival_kind=ArrivalKind.ON_SITE, place="Q-03")


@chapter
def counted(plant: Plant, *, first: int = 600) -> receipt.Arrived:
    """Go on to the closed count: cartons of 60 up to `first` pieces, 45 and 12; carton 4 is damaged."""
    made = arrived(plant)
    zhou = plant.sign_in("周磊秀")
    plant.at("2026-11-04 10:55")
    lines = receipt.show(zhou, receipt_id=made.receipt_id).lines
    whole, rest = divmod(first, 60)
    for number, pieces in enumerate([60] * whole + ([rest] if rest else []), start=1):
        receipt.receive(zhou, receipt_line_id=lines[0].id, pieces=pieces, lot="L2610A", is_damaged=number == 4)
    receipt.receive(zhou, receipt_line_id=lines[1].id, pieces=45, lot="L2609B")
    receipt.receive(zhou, receipt_line_id=lines[2].id, pieces=12, lot="L2610C")
    plant.at("2026-11-04 11:30")
    receipt.close_count(zhou, receipt_id=made.receipt_id)
    return made
