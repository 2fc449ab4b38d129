"""What comes in from outside: sniffed, limited, read in a child process, judged cell by cell, given as typed rows.

The modules are loaded on first use, so that the window starts without the libraries for Excel and pictures. Nothing
here knows the database: what is new or changed is for steps/master_data.py to say.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qms_desktop.exchange.fields import KnownCodes
    from qms_desktop.exchange.imports import LAYOUTS, read, read_headed, read_return_notice
    from qms_desktop.exchange.layouts import Kind
    from qms_desktop.exchange.lines import SkippedRow
    from qms_desktop.exchange.pictures import TakenPicture
    from qms_desktop.exchange.problems import CellError, Problem
    from qms_desktop.exchange.raw import Notice, NoticeKind, RawTable
    from qms_desktop.exchange.reader import read_table
    from qms_desktop.exchange.reading import Reading
    from qms_desktop.exchange.refusals import ColumnsAsked, FileRefused, Refusal

_HOMES = {
    "CellError": "problems",
    "ColumnsAsked": "refusals",
    "FileRefused": "refusals",
    "Kind": "layouts",
    "KnownCodes": "fields",
    "LAYOUTS": "imports",
    "Notice": "raw",
    "NoticeKind": "raw",
    "Problem": "problems",
    "RawTable": "raw",
    "Reading": "reading",
    "Refusal": "refusals",
    "SkippedRow": "lines",
    "TakenPicture": "pictures",
    "read": "imports",
    "read_headed": "imports",
    "read_return_notice": "imports",
    "read_table": "reader",
}
_MODULES = frozenset(
    {"evidence", "imports", "layouts", "pictures", "problems", "raw", "reader", "reading", "refusals", "rows"}
)

__all__ = [
    "LAYOUTS",
    "CellError",
    "ColumnsAsked",
    "FileRefused",
    "Kind",
    "KnownCodes",
    "Notice",
    "NoticeKind",
    "Problem",
    "RawTable",
    "Reading",
    "Refusal",
    "SkippedRow",
    "TakenPicture",
    "read",
    "read_headed",
    "read_return_notice",
    "read_table",
]


def __getattr__(name: str) -> object:
    """Load the module that holds a name when the name is first asked for."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(name)
