"""The sounds of a station: one high for right, one low for wrong, two low for stop."""

from __future__ import annotations

import importlib
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Tone:
    """One sound: its pitch in hertz and its length in milliseconds."""

    hertz: int
    length_ms: int


RIGHT = (Tone(1320, 90),)
WRONG = (Tone(330, 250),)
STOP = (Tone(220, 350), Tone(220, 350))


def play(tones: Sequence[Tone]) -> None:
    """Play tones on Windows, off the window's thread; elsewhere the system's bell rings."""
    if sys.platform == "win32":
        beeper = importlib.import_module("winsound")
        threading.Thread(
            target=lambda: [beeper.Beep(tone.hertz, tone.length_ms) for tone in tones], name="sound", daemon=True
        ).start()
        return
    for _tone in tones:
        QApplication.beep()


class Sounds:
    """Sounds right and wrong; can be switched off."""

    def __init__(self, player: Callable[[Sequence[Tone]], None] = play) -> None:
        self._play, self.on = player, True

    def right(self) -> None:
        """Sound that it was booked."""
        self._sound(RIGHT)

    def wrong(self) -> None:
        """Sound that it was not understood or refused."""
        self._sound(WRONG)

    def stop(self) -> None:
        """Sound the alarm."""
        self._sound(STOP)

    def _sound(self, tones: Sequence[Tone]) -> None:
        if self.on:
            self._play(tones)
