"""What a window remembers on this PC: column widths, the folded side bar. A lost file costs nothing but comfort."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)
_WRITE_AFTER_MS = 800


class Memory(QObject):
    """A small JSON file in the person's own folder, written a moment after the last change."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._kept: dict[str, Any] = _read(path)
        self._later = QTimer(self, singleShot=True, interval=_WRITE_AFTER_MS)
        self._later.timeout.connect(self.write)

    def get(self, name: str, otherwise: Any = None) -> Any:  # noqa: ANN401 - JSON values
        """Give what is remembered under a name."""
        return self._kept.get(name, otherwise)

    def keep(self, name: str, value: Any) -> None:  # noqa: ANN401 - JSON values
        """Remember a value that JSON can hold."""
        if self._kept.get(name) != value:
            self._kept[name] = value
            self._later.start()

    def widths(self, list_name: str) -> dict[int, int]:
        """Give the column widths that a person chose in a list, by column."""
        return {int(column): int(width) for column, width in self.get(f"widths.{list_name}", {}).items()}

    def keep_width(self, list_name: str, column: int, width: int) -> None:
        """Remember one column's width."""
        self.keep(
            f"widths.{list_name}", {str(key): kept for key, kept in (self.widths(list_name) | {column: width}).items()}
        )

    def order(self, list_name: str, count: int) -> list[int]:
        """Give the columns of a list in the order that a person chose, or as they were made."""
        kept = self.get(f"order.{list_name}", [])
        return kept if sorted(kept) == list(range(count)) else list(range(count))

    def keep_order(self, list_name: str, order: list[int]) -> None:
        """Remember in which order the columns of a list stand."""
        self.keep(f"order.{list_name}", order)

    def write(self) -> None:
        """Write the file now; app.py calls it when the window closes. A disk that takes nothing stops nobody's work."""
        self._later.stop()
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(self._kept, indent=1), encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            log.warning("the window's memory could not be written: %s", error)


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept if isinstance(kept, dict) else {}
