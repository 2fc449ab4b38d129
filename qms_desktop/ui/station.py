"""Parts of the stations at the dock and the line: strip, step plates, one question, key bar, the full-screen alarm.

Everything has a key and the key bar shows it; nothing here needs a mouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from qms_desktop.i18n import _
from qms_desktop.ui import icons, plant_time, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cards import card
from qms_desktop.ui.rows import STRETCH, Part, column, empty_out, fill, row
from qms_desktop.ui.text import Eliding, KeyCap, Sign, Text, Words, said
from qms_desktop.ui.topbar import ConnectionSign

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HINT, SECOND, LIST, ORDER, QUESTION, ALARM, COUNT = 16, 20, 22, 30, 44, 64, 112
FIELD_HEIGHT, COUNT_HEIGHT, BUTTON_HEIGHT, SMALL_BUTTON_HEIGHT, BAR_HEIGHT = 64, 150, 84, 64, 64
_CLOCK_EVERY_MS = 5000


@dataclass(frozen=True)
class StationKey:
    """A key of the bar: what it does in words, and the deed."""

    key: str
    words: Words
    do: Callable[[], object]


class StationStrip(QFrame):
    """The dark strip on top: which station, who stands there, sound, connection, clock."""

    def __init__(self, icon: str, words: Words, *, who: str) -> None:
        super().__init__()
        self.setProperty("strip", "side")
        self.setFixedHeight(theme.px(BAR_HEIGHT))
        self.connection = ConnectionSign(size=HINT, icon=22, ink="side_text")
        self._sound_sign, self._sound = Sign("volume", "side_text", 22), Text("", HINT, ink="side_text")
        self._clock = Text("", theme.FIGURE, bold=True, ink="side_fg")
        row(
            Sign(icon, "side_fg", 28),
            Text(words, LIST, bold=True, ink="side_fg"),
            20,
            Text(who, HINT, ink="side_text"),
            STRETCH,
            self._sound_sign,
            self._sound,
            16,
            self.connection,
            16,
            self._clock,
            margins=(24, 0, 24, 0),
            into=self,
        )
        self.show_sound(on=True)
        self._tick = QTimer(self, interval=_CLOCK_EVERY_MS)
        self._tick.timeout.connect(lambda: self.show_clock(plant_time.local(datetime.now(UTC))))
        self._tick.start()
        self.show_clock(plant_time.local(datetime.now(UTC)))

    def show_clock(self, now: datetime) -> None:
        """Show the time of day."""
        self._clock.say(f"{now:%H:%M}")

    def show_sound(self, *, on: bool) -> None:
        """Show whether the station sounds right and wrong."""
        self._sound.say((lambda: _("Sound on")) if on else (lambda: _("Sound off")))


class StepPlates(QWidget):
    """The plates of a station's steps; the current one is blue, the done ones are ticked."""

    def __init__(self, steps: Sequence[Words]) -> None:
        super().__init__()
        self._steps, self.current = list(steps), 0
        self.setFixedHeight(theme.px(60))
        self._speak()

    def show_step(self, current: int) -> None:
        """Go to a step, counted from 0."""
        self.current = current
        self._speak()
        self.update()

    def _speak(self) -> None:
        step = said(self._steps[self.current]) if self.current < len(self._steps) else ""
        self.setAccessibleName(
            _("Step {number} of {all}: {step}").format(number=self.current + 1, all=len(self._steps), step=step)
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._speak()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, px, font = QPainter(self), theme.px, theme.font(SECOND, bold=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(said(step)) for step in self._steps)
        each = max(px(190), widest + px(34 + 40))
        left = (self.width() - each * len(self._steps)) / 2
        for place, step in enumerate(self._steps):
            now, done, words = place == self.current, place < self.current, said(step)
            ground, border, ink = (
                ("accent", "accent", "accent_fg")
                if now
                else ("ok_bg", "ok_bd", "ok")
                if done
                else ("surface", "line", "text3")
            )
            plate = QRectF(left + place * each + 4.5, 4.5, each - 9, self.height() - 9)
            painter.setPen(theme.colour(border))
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(plate, 8, 8)
            x = plate.center().x() - (metrics.horizontalAdvance(words) + px(34)) / 2
            painter.setFont(font)
            painter.setPen(theme.colour(ink))
            if done:
                tick = icons.pixmap("check", "ok", 24, stroke=2.5, ratio=self.devicePixelRatioF())
                painter.drawPixmap(QPointF(x - px(2), plate.center().y() - px(12)), tick)
            else:
                painter.drawText(
                    QRectF(x, plate.y(), px(24), plate.height()), Qt.AlignmentFlag.AlignCenter, str(place + 1)
                )
            painter.drawText(
                QRectF(x + px(34), plate.y(), plate.width(), plate.height()), Qt.AlignmentFlag.AlignVCenter, words
            )


class KeyBar(QFrame):
    """The keys that work now; the last one stands at the right. The bar makes the keys work."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__()
        self.setProperty("strip", "bottom")
        self.setFixedHeight(theme.px(BAR_HEIGHT))
        self._owner = owner
        self._shortcuts: list[QShortcut] = []
        self._places = QHBoxLayout(self)
        fill(self._places, (), margins=(24, 0, 24, 0))

    def show_keys(self, keys: Sequence[StationKey]) -> None:
        """Offer these keys and no others."""
        for old in self._shortcuts:
            old.setEnabled(False)
            old.deleteLater()
        self._shortcuts = []
        layout = self._places
        empty_out(layout)
        for place, one in enumerate(keys):
            if place == len(keys) - 1:
                layout.addStretch(1)
            layout.addWidget(KeyCap(one.key, 15))
            layout.addWidget(Text(one.words, HINT, ink="text2"))
            if place < len(keys) - 1:
                layout.addSpacing(theme.px(24))
            made = QShortcut(QKeySequence(one.key), self._owner)
            made.activated.connect(lambda one=one: one.do())
            self._shortcuts.append(made)


def station_field(*, placeholder: Words, count: bool = False) -> QLineEdit:
    """Make the one field of a question; scans come into it as typed. `count` makes the huge one for numbers."""
    line = QLineEdit()
    line.setProperty("station", "count" if count else "1")
    line.setProperty("takes_scans", True)
    line.setFont(theme.font(COUNT if count else 26, bold=count))
    line.setFixedHeight(theme.px(COUNT_HEIGHT if count else FIELD_HEIGHT))
    line.setPlaceholderText(said(placeholder))
    line.setAccessibleName(said(placeholder) or _("Pieces"))
    if count:
        line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.setMaximumWidth(theme.px(560))
    else:
        line.setMaximumWidth(theme.px(760))
    line.setMinimumWidth(theme.px(320))
    return line


def station_button(
    words: Words, *, kind: str = "", icon: str = "", key: str = "", clicked: Callable[[], object]
) -> Button:
    """Make a button of a station: the primary or danger one is 84 high, others 64."""
    big = kind in ("primary", "danger")
    return Button(
        words,
        kind=kind,
        icon=icon,
        key=key,
        clicked=clicked,
        size=ORDER if big else SECOND,
        height=BUTTON_HEIGHT if big else SMALL_BUTTON_HEIGHT,
    )


class Question(QFrame):
    """One question in 44 px, one line below it, one field or other parts, one button."""

    def __init__(self, words: Words, second: Words, *parts: Part, icon: str = "") -> None:
        super().__init__()
        self.setProperty("card", "1")
        self.words = Text(words, QUESTION, bold=True, wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.second = Text(second, SECOND, ink="text2", wrap=True)
        self.second.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._wrong = Text("", SECOND, bold=True, ink="bad", wrap=True)
        self._wrong.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._wrong.setMinimumHeight(self._wrong.fontMetrics().height())
        sign = row(STRETCH, Sign(icon, "accent_text", 112, stroke=1.25), STRETCH) if icon else None
        column(
            STRETCH, sign, self.words, self.second, 8, *parts, self._wrong, STRETCH, gap=10, margins=(24,), into=self
        )

    def say_wrong(self, text: str) -> None:
        """Say under the field what was wrong; empty takes it away."""
        self._wrong.say(text)


class Alarm(QWidget):
    """Fills the station, stays until the key is pressed, names what to do, and says that nothing was booked."""

    def __init__(
        self,
        title: str,
        what: str,
        do: str,
        *parts: Part,
        understood: Callable[[], object],
        other: Button | None = None,
    ) -> None:
        super().__init__()
        frame = QFrame()
        frame.setProperty("tone", "bad")
        head = Text(title, ALARM, bold=True, ink="bad", wrap=True)
        told, order = Text(what, 24, wrap=True), Text(do, LIST, bold=True, wrap=True)
        for text in (head, told, order):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = station_button(
            lambda: _("Understood"), kind="danger", icon="check", key="Return", clicked=understood
        )
        self.button.setMinimumWidth(theme.px(420))
        column(
            STRETCH,
            row(STRETCH, Sign("alert-octagon", "bad", 120), STRETCH),
            8,
            head,
            told,
            *parts,
            order,
            row(STRETCH, self.button, other, STRETCH, gap=16),
            STRETCH,
            gap=14,
            margins=(24,),
            into=frame,
        )
        nothing = Text(
            lambda: _("Two low sounds. The alarm stays until Enter, and nothing was booked."),
            18,
            ink="text2",
            wrap=True,
        )
        column((frame, 1), row(Sign("volume", "bad", 24), (nothing, 1)), gap=16, into=self)


def order_line(title: str, second: str, *right: Part) -> QFrame:
    """Make a line of what is expected, or of what was booked last."""
    return card(
        (column(Eliding(title, 18, bold=True), Eliding(second, HINT, ink="text2"), gap=2), 1),
        *right,
        across=True,
        margins=(16, 10, 16, 10),
        gap=12,
    )
