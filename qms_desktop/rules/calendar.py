"""The plant's calendar and time zone, from the site of the database in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.action import reading
from qms_desktop.db.master_data import plant_zone
from qms_desktop.permissions import Permission
from qms_desktop.working_calendar import WorkingCalendar

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from qms_desktop.session import Session

__all__ = ["plant_calendar", "plant_zone", "zone_of_plant"]

_by_zone: dict[str, WorkingCalendar] = {}


@reading(Permission.READ)
def zone_of_plant(session: Session) -> ZoneInfo:
    """Give the plant's zone to what shows and takes times."""
    return plant_zone()


def plant_calendar() -> WorkingCalendar:
    """Give the plant's working days."""
    zone = plant_zone().key
    return _by_zone.setdefault(zone, WorkingCalendar(zone=zone))
