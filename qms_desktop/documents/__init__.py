"""What leaves on paper or as a file: a step's dataclass in, bytes out. Loaded on first use, with its libraries."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_MODULES = frozenset(
    {
        "eight_d_report",
        "label_printer",
        "monthly_table",
        "recall_list",
        "receipt_label",
        "return_analysis_sheet",
        "tracking_table",
    }
)


def __getattr__(name: str) -> ModuleType:
    """Load a document's module when it is first asked for."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(name)
