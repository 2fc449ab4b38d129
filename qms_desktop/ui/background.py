"""Work off the window's thread: one writer, so that clicks stay in order, and readers beside it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

_READERS = 3
_LAST_WITHIN_S = 30


class Ticket:
    """Work that was handed over. A cancelled ticket reports nothing; a write that runs already is still finished."""

    def __init__(self) -> None:
        self.cancelled, self.told = False, False
        self.future: Future[None] | None = None

    def cancel(self) -> bool:
        """Wish to hear no more of it; tell whether it was stopped before it began."""
        self.cancelled = True
        return self.future is not None and self.future.cancel()


@dataclass(frozen=True)
class _Report:
    ticket: Ticket
    tell: Callable[[Any], None]
    outcome: Any


class Background(QObject):
    """Runs jobs on threads and delivers what they gave, or the exception they raised, on the window's thread."""

    _reported = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="reader")
        self._reported.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def write(
        self, job: Callable[[], Any], *, done: Callable[[Any], None], failed: Callable[[BaseException], None]
    ) -> Ticket:
        """Run a verb after all verbs that were handed over before."""
        return self._hand_over(self._writer, job, done=done, failed=failed)

    def read(
        self, job: Callable[[], Any], *, done: Callable[[Any], None], failed: Callable[[BaseException], None]
    ) -> Ticket:
        """Run a reading; several run at once."""
        return self._hand_over(self._readers, job, done=done, failed=failed)

    def close(self, *, last: Callable[[], None] | None = None) -> None:
        """Finish what was begun, drop the readings that wait, and end the threads; nothing is reported any more.

        `last` runs in each thread before it ends, to close the connection that the thread holds.
        """
        self._reported.disconnect(self._deliver)
        if last is not None:
            # All readers meet at the barrier, so that each of them, and none twice, does the last job.
            together = Barrier(_READERS)
            job = lambda: (together.wait(_LAST_WITHIN_S), last())  # noqa: E731 - one line, handed over thrice
            waiting = [self._readers.submit(job) for _each in range(_READERS)]
            self._writer.submit(last)
            for done in waiting:
                done.exception()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

    def _hand_over(
        self,
        pool: ThreadPoolExecutor,
        job: Callable[[], Any],
        *,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> Ticket:
        ticket = Ticket()

        def work() -> None:
            try:
                outcome = job()
            except BaseException as error:  # noqa: BLE001 - whatever it is goes to the window, which shows or reports it
                self._reported.emit(_Report(ticket, failed, error))
            else:
                self._reported.emit(_Report(ticket, done, outcome))

        ticket.future = pool.submit(work)
        return ticket

    def _deliver(self, report: _Report) -> None:
        if not report.ticket.cancelled:
            report.ticket.told = True
            report.tell(report.outcome)
