"""The base of every page: runs verbs and readings, shows errors where they belong, goes stale, reloads."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget
from shiboken6 import isValid

from qms_desktop.errors import BookedOtherwise, ConfirmationNeeded, QmsError
from qms_desktop.i18n import _
from qms_desktop.ui import overlay, theme
from qms_desktop.ui.toast import Toast

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from qms_desktop.rules.scan import ScannedCode
    from qms_desktop.ui.background import Ticket
    from qms_desktop.ui.form import Form
    from qms_desktop.ui.live import Notices
    from qms_desktop.ui.workplace import Destination, Workplace

PROGRESS_AFTER_MS = 300
CANCEL_AFTER_MS = 2000
_log = logging.getLogger(__name__)
Then = Callable[[Any], object]
Failed = Callable[[QmsError], object]


class Page(QWidget):
    """A page of the window. A child names in `watches` the kinds of records it shows, and writes `reload`.

    `first_focus` is the widget that gets the cursor when the page opens. Signals: `title_changed(str)`, `went_stale()`.
    """

    watches: frozenset[str] = frozenset()
    title_changed = Signal(str)
    went_stale = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self.workplace = workplace
        self.setProperty("ground", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stale = True
        self.last_error: QmsError | None = None
        self.first_focus: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.breadth = theme.Breadth.WIDE
        self._latest: dict[str, Ticket] = {}
        self._at_work = 0
        self.toast = Toast(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Working"))
        self.progress.hide()
        self._is_slow_said = False
        self._show_progress = QTimer(self, singleShot=True, interval=PROGRESS_AFTER_MS)
        self._show_progress.timeout.connect(self._progress_shown)
        self._offer_cancel = QTimer(self, singleShot=True, interval=CANCEL_AFTER_MS)
        self._offer_cancel.timeout.connect(self._cancel_offered)

    # What a child writes.

    def fold(self, breadth: theme.Breadth) -> None:
        """Put columns away, or side by side again, for another width of the window."""

    def reload(self) -> None:
        """Read again what the page shows; a child fills this in with read()."""

    def use_settings(self) -> None:
        """Take up the settings of this PC again; a page that prints or takes photos fills this in."""

    def retranslate(self) -> None:
        """Write texts made from values again; kit widgets given `lambda: _(...)` follow by themselves."""

    def show_record(self, destination: Destination) -> None:
        """Open a record, when the page shows any."""

    def take_scan(self, code: ScannedCode) -> bool:
        """Use a scan on this page; False sends it to the search box, which opens what it names."""
        return False

    def is_being_edited(self) -> bool:
        """Tell whether somebody types here: then notices are said, and nothing is reloaded under the editor."""
        return False

    # Running verbs and readings.

    def run(
        self,
        verb: Callable[..., Any],
        /,
        *,
        then: Then | None = None,
        failed: Failed | None = None,
        form: Form | None = None,
        **kwargs: Any,  # noqa: ANN401 - a verb's own arguments
    ) -> None:
        """Run a verb on the writer thread.

        The form's request key goes along and is renewed after success only: a form that was edited after a lost answer
        is booked under the old key or, when the first sending is booked, not at all (BookedOtherwise offers to show
        it). A QmsError stands beside its field, or in a line at the foot; ConfirmationNeeded asks and runs the verb
        again; anything else is a fault, to copy.
        """
        key = form.request_key if form else uuid4()
        self._run(verb, kwargs, then=then, failed=failed, form=form, key=key)

    def _run(
        self,
        verb: Callable[..., Any],
        kwargs: dict[str, Any],
        *,
        then: Then | None,
        failed: Failed | None,
        form: Form | None,
        key: UUID,
    ) -> None:
        if form:
            if form.busy:
                return
            form.clear_errors()
            form.set_busy(True)
        session = self.workplace.session

        def booked(result: Any) -> None:  # noqa: ANN401 - what the verb gives
            if form:
                form.succeeded()
            if then:
                then(result)

        def succeeded(result: Any) -> None:  # noqa: ANN401 - what the verb gives
            self._finished()
            if form:
                form.set_busy(False)
            booked(result)

        def went_wrong(error: BaseException) -> None:
            self._finished()
            if form:
                form.set_busy(False)
            if isinstance(error, ConfirmationNeeded):
                again = kwargs | {"confirmed": True}
                self.ask(str(error), yes=lambda: self._run(verb, again, then=then, failed=failed, form=form, key=key))
            elif isinstance(error, BookedOtherwise):
                self.ask(
                    str(error),
                    yes=lambda: booked(error.answer),
                    no=lambda: self._show_failure(error, failed, form),
                    word=_("Show what is booked"),
                )
            else:
                self._show_failure(error, failed, form)

        self._begin()
        self.workplace.background.write(
            lambda: verb(session, request_key=key, **kwargs),
            done=self._while_here(succeeded),
            failed=self._while_here(went_wrong),
        )

    def read(
        self,
        reading: Callable[..., Any],
        *,
        then: Then,
        failed: Failed | None = None,
        slot: str = "",
        **kwargs: Any,  # noqa: ANN401 - a reading's own arguments
    ) -> None:
        """Run a reading beside the writer; of readings with the same `slot` only the newest answers."""
        session = self.workplace.session

        def succeeded(result: Any) -> None:  # noqa: ANN401 - what the reading gives
            self._finished()
            then(result)

        def went_wrong(error: BaseException) -> None:
            self._finished()
            self._show_failure(error, failed, None)

        if slot and (before := self._latest.get(slot)) and not before.cancelled:
            before.cancel()
            if not before.told:
                self._finished()
        self._begin()
        ticket = self.workplace.background.read(
            lambda: reading(session, **kwargs), done=self._while_here(succeeded), failed=self._while_here(went_wrong)
        )
        if slot:
            self._latest[slot] = ticket

    def _show_failure(self, error: BaseException, failed: Failed | None, form: Form | None) -> None:
        if not isinstance(error, QmsError):
            report = "".join(traceback.format_exception(error))
            _log.error("A verb or reading failed on page %s\n%s", type(self).__name__, report)
            overlay.show_fault(self, report)
            return
        self.last_error = error
        beside = form is not None and form.show_error(error)
        if not beside and not (form is not None and form.speaks_itself):
            self.say(str(error), tone="bad")
        if failed:
            failed(error)

    def _while_here(self, tell: Callable[[Any], None]) -> Callable[[Any], None]:
        """Drop an answer that comes after the page was deleted."""
        return lambda outcome: tell(outcome) if isValid(self) else None

    # The only door to the user.

    def say(self, text: str, *, tone: str = "ok") -> None:
        """Say something in a line at the foot of the page: "ok", "wait", "bad" or "run"."""
        self._is_slow_said = False
        self.toast.say(text, tone)

    def ask(
        self, question: str, *, yes: Callable[[], None], no: Callable[[], None] = lambda: None, word: str = ""
    ) -> overlay.Overlay:
        """Ask for a yes; does not wait, `yes` or `no` is called."""
        return overlay.ask(self, question, yes=yes, no=no, word=word)

    # Going stale.

    def take_notices(self, notices: Notices) -> None:
        """Reload when this page shows what was touched; a hidden page only remembers it."""
        if not notices.touch(self.watches):
            return
        if not self.isVisible():
            self.stale = True
        elif self.is_being_edited():
            self.stale = True
            self.say(
                _("Somebody changed this record. Your typing is kept; save or leave to see the change."), tone="wait"
            )
            self.went_stale.emit()
        else:
            self.reload()

    def refresh(self) -> None:
        """Read again now."""
        self.stale = False
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_width()
        if self.stale and not self.is_being_edited():
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_width()

    def _follow_width(self) -> None:
        if (breadth := theme.breadth(self.window())) is not self.breadth:
            self.breadth = breadth
            self.fold(breadth)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.progress.setAccessibleName(_("Working"))
            self.retranslate()
        super().changeEvent(event)

    # Progress.

    @property
    def at_work(self) -> bool:
        """Tell whether a verb or a reading of this page has not answered yet."""
        return self._at_work > 0

    def _begin(self) -> None:
        self._at_work += 1
        if self._at_work == 1:
            self._show_progress.start()
            self._offer_cancel.start()

    def _finished(self) -> None:
        self._at_work = max(0, self._at_work - 1)
        if self._at_work == 0:
            self._show_progress.stop()
            self._offer_cancel.stop()
            self.progress.hide()
            if self._is_slow_said:
                self._is_slow_said = False
                self.toast.hide()

    def _progress_shown(self) -> None:
        self.progress.setGeometry(0, 0, self.width(), theme.px(3))
        self.progress.show()
        self.progress.raise_()

    def _cancel_offered(self) -> None:
        if any(not ticket.told and not ticket.cancelled for ticket in self._latest.values()):
            self.say(_("This takes long. Press Esc to stop waiting."), tone="run")
            self._is_slow_said = True

    def stop_waiting(self) -> bool:
        """Cancel the readings that have not answered (Esc after two seconds); tell whether there were any."""
        waiting = [ticket for ticket in self._latest.values() if not ticket.told and not ticket.cancelled]
        for ticket in waiting:
            ticket.cancel()
            self._finished()
        return bool(waiting)
