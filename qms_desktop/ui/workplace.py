"""What every page is given: who acts, the threads, the notices, the drafts, and the way to other records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session
    from qms_desktop.ui.background import Background
    from qms_desktop.ui.drafts import Drafts
    from qms_desktop.ui.live import Live
    from qms_desktop.ui.memory import Memory


@dataclass(frozen=True)
class Destination:
    """A page, and the record to open there: `page` is a step's name, "my_work", "case" or "administration"."""

    page: str
    record_id: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Found:
    """One answer of the search: where it leads, and two lines to tell it from others."""

    destination: Destination
    title: str
    second: str = ""
    icon: str = "search"


@dataclass(frozen=True)
class Workplace:
    """Given to each page when it is made. `go` opens another page at a record."""

    session: Session
    background: Background
    live: Live
    drafts: Drafts
    memory: Memory
    go: Callable[[Destination], None]
