"""The plant's time of day: a moment is shown and typed in the site's own zone, whatever the clock of the PC says.

Where a day ends is the site's zone too, so a person who travels sees the same days as the plant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

_zone: tzinfo | None = None


def use(zone: tzinfo | None) -> None:
    """Make a zone the one of the window; None is the PC's own, before anybody signed in."""
    global _zone  # noqa: PLW0603 - a window shows one plant
    _zone = zone


def local(when: datetime) -> datetime:
    """Give an aware moment in the plant's zone."""
    return when.astimezone(_zone)


def day_of(when: datetime) -> date:
    """Give the plant's day in which a moment lies."""
    return local(when).date()


def meant(typed: datetime) -> datetime:
    """Give the moment in UTC that is meant by a day and time of day as a person at the plant types them."""
    return typed.replace(tzinfo=_zone).astimezone(UTC)
