"""What happens when the program has a fault: a log file that turns over, and nothing sent anywhere."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from qms_desktop import files

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger("qms_desktop")
LOG_BYTES = 2_000_000
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def watch() -> None:
    """Write the log, and let every fault of every thread and of Qt end in it."""
    handler = RotatingFileHandler(
        files.log_folder() / "qms_desktop.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    crash_file = (files.log_folder() / "crash.log").open("a", encoding="utf-8")
    faulthandler.enable(crash_file)
    sys.excepthook = _fault
    threading.excepthook = lambda args: _fault(args.exc_type, args.exc_value, args.exc_traceback)
    qInstallMessageHandler(lambda kind, _place, text: log.log(LEVELS[kind], "Qt: %s", text))


def _fault(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    log.critical("a fault of the program", exc_info=(kind, error, trace) if error else None)
    sys.__excepthook__(kind, error or kind(), trace)
