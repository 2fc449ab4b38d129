"""The plant's calendar and time zone, from the site of the database in use."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from qms_desktop.db.master_data import Site
from qms_desktop.working_calendar import WorkingCalendar

_by_zone: dict[str, WorkingCalendar] = {}


def plant_zone() -> ZoneInfo:
    """Give the time zone in which the plant's days begin and end."""
    return ZoneInfo(Site.select().order_by(Site.id).get().time_zone)


def plant_calendar() -> WorkingCalendar:
    """Give the plant's working days."""
    zone = plant_zone().key
    return _by_zone.setdefault(zone, WorkingCalendar(zone=zone))
