"""Notices from the database as one Qt signal: a plain thread gives them in, the window gets them gathered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

GATHER_MS = 200


@dataclass(frozen=True)
class Notice:
    """Something was touched: the record's kind, its id (None: many), and the case it belongs to."""

    kind: str
    record_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True)
class Notices:
    """What was touched within a short while; `everything` after a reconnect, when nobody knows what was missed."""

    notices: frozenset[Notice] = frozenset()
    everything: bool = False

    def touch(self, kinds: frozenset[str]) -> bool:
        """Tell whether a page that shows these kinds has to read again."""
        return self.everything or any(notice.kind in kinds for notice in self.notices)


class Live(QObject):
    """Gathers notices for 200 ms and emits them once.

    Signals: `noticed(Notices)` on the window's thread; `connection_changed(bool)`.
    """

    noticed = Signal(object)
    connection_changed = Signal(bool)
    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: set[Notice] = set()
        self._everything = False
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._give_out)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def receive(self, notices: Iterable[tuple[str, int | None, int | None]] | None) -> None:
        """Take notices from any thread, as (kind, id, case id); None stands for "reload everything"."""
        self._arrived.emit(None if notices is None else [Notice(*each) for each in notices])

    def connected(self, on: bool) -> None:
        """Take word from any thread that the database can, or cannot, be reached."""
        self.connection_changed.emit(on)

    def _take(self, notices: list[Notice] | None) -> None:
        if notices is None:
            self._everything = True
        else:
            self._waiting.update(notices)
        if not self._timer.isActive():
            self._timer.start()

    def _give_out(self) -> None:
        gathered = Notices(frozenset(self._waiting), everything=self._everything)
        self._waiting, self._everything = set(), False
        self.noticed.emit(gathered)
