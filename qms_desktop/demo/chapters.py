"""The chapters of the story in their order, and where the demo opens: 2026-11-20 09:40."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.demo import chapter_return

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

OPENS_AT = "2026-11-20 09:40"


def tell_until_the_demo_opens(teller: Teller) -> None:
    """Tell what has happened when the demo opens, and leave the clock there."""
    chapter_return.tell(teller)
    teller.at(OPENS_AT)
