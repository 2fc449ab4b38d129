"""How figures, money, days, moments and spans of time are written in the window.

The plant's papers write ISO dates; the window does the same, with the year left out where the list shows one year.
Times are kept in UTC and shown in the plant's zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.i18n import N_, _
from qms_desktop.ui import plant_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "JP¥"}
_WITHOUT_CENTS = {"JPY", "KRW", "VND"}
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_HOUR_S, _DAY_S = 3600, 86400

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024


def pieces(count: int, unit: str = "") -> str:
    """Write a number of pieces with groups of three: 2,400, or 2,400 pcs."""
    return f"{count:,} {unit}".strip().replace("-", "\u2212")


def money(amount: Decimal, currency: str = "") -> str:
    """Write an amount with the currency's sign: ¥ 34,004.70."""
    places = 0 if currency in _WITHOUT_CENTS else 2
    figure = f"{amount:,.{places}f}".replace("-", "\u2212")
    sign = _SIGNS.get(currency, currency)
    return f"{sign}\u00a0{figure}" if sign else figure


def file_size(size_bytes: int) -> str:
    """Write the size of a file in KB, from a megabyte on in MB."""
    if size_bytes < _MEGABYTE:
        return f"{max(1, round(size_bytes / _KILOBYTE)):,} KB"
    return f"{size_bytes / _MEGABYTE:,.1f} MB"


def percent(share: Decimal | float, places: int = 0) -> str:
    """Write a share of one as percent: 75 %."""
    return f"{float(share) * 100:.{places}f}\u00a0%"


def day(when: date | None) -> str:
    """Write a day with its year: 2026-11-03; nothing becomes a dash."""
    return f"{when:%Y-%m-%d}" if when else "\u2014"


def short_day(when: date | None) -> str:
    """Write a day for a narrow column: 11-03 in Chinese, 3 Nov in English (11-03 reads as 11 March in Europe)."""
    if when is None:
        return "\u2014"
    return f"{when.day} {when:%b}" if i18n.language() == "en" else f"{when:%m-%d}"


def weekday(when: date) -> str:
    """Write the name of the day of the week, short."""
    return _(_WEEKDAYS[when.weekday()])


def moment(when: datetime | None) -> str:
    """Write a moment in the plant's time: 2026-11-03 15:40."""
    return f"{plant_time.local(when):%Y-%m-%d %H:%M}" if when else "\u2014"


def clock(when: datetime) -> str:
    """Write the time of day: 15:40."""
    return f"{plant_time.local(when):%H:%M}"


def short_moment(when: datetime | None, *, today: date | None = None) -> str:
    """Write a moment for a list: the time alone when it is today, else day and time."""
    if when is None:
        return "\u2014"
    local = plant_time.local(when)
    if local.date() == (today or plant_time.day_of(datetime.now(UTC))):
        return f"{local:%H:%M}"
    return f"{short_day(local.date())} {local:%H:%M}"


def end_of(until: datetime) -> tuple[date, str]:
    """Give day and time of the end of a limit; midnight is 24:00 of the day before, as people say it."""
    local = plant_time.local(until)
    if (local.hour, local.minute) == (0, 0):
        return local.date() - timedelta(days=1), "24:00"
    return local.date(), f"{local:%H:%M}"


def limit(until: datetime, *, today: date) -> str:
    """Write the end of a limit: the time alone when it is today, else day and time."""
    last_day, last_time = end_of(until)
    return last_time if last_day == today else f"{short_day(last_day)} {last_time}"


def span(length: timedelta) -> str:
    """Write a span by its two largest parts: 2 h 10 min, 1 d 9 h, 12 d."""
    seconds = abs(int(length.total_seconds()))
    days, rest = divmod(seconds, _DAY_S)
    hours, rest = divmod(rest, _HOUR_S)
    minutes = rest // 60
    if days >= 7:
        return _("{days} d").format(days=days)
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours) if hours else _("{days} d").format(days=days)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)


def rough_span(length: timedelta) -> str:
    """Write a span by its largest part, for a narrow column: 35 min, 19 h, 3 d."""
    seconds = abs(int(length.total_seconds()))
    if seconds < _HOUR_S:
        return span(length)
    if seconds < _DAY_S:
        return _("{hours} h").format(hours=seconds // _HOUR_S)
    return _("{days} d").format(days=seconds // _DAY_S)


def time_left(due: datetime, now: datetime) -> str:
    """Write how long a deadline is off: "2 h 10 min left" or "1 d 9 h late"."""
    if due >= now:
        return _("{span} left").format(span=span(due - now))
    return _("{span} late").format(span=span(now - due))


def urgency(due: datetime, now: datetime) -> str:
    """Tell the state of an open deadline: "late", "soon" (today or within 4 hours) or "left" (looks.md)."""
    if due < now:
        return "late"
    soon = due - now < timedelta(hours=4) or end_of(due)[0] == plant_time.day_of(now)
    return "soon" if soon else "left"


def all_pieces(count: int) -> str:
    """Write a number of pieces with its word."""
    return count_of(count, N_("{count} piece"), N_("{count} pieces"))


def joined(*parts: str) -> str:
    """Write short parts side by side, as at the foot of a list; empty ones are left out."""
    return " \u00b7 ".join(part for part in parts if part)


def first_of(joined: str) -> str:
    """Shorten a list of goods to the first and how many more there are: `YQ-22 L2610A +2`."""
    first, *others = joined.split(" \u00b7 ")
    return f"{first} +{len(others)}" if others else first


def listed(texts: Iterable[str]) -> str:
    """Write short texts one after the other, with the language's own comma: L2610A, L2610B."""
    return _(", ").join(texts)


def clauses(texts: Iterable[str]) -> str:
    """Write sentences' parts one after the other, with the language's own semicolon."""
    return _("; ").join(texts)


def explained(what: str, more: object) -> str:
    """Write what something is and what there is to say of it, with the language's own colon."""
    return _("{what}: {more}").format(what=what, more=more)


def count_of(count: int, one: str, many: str) -> str:
    """Write a count with its word; `one` and `many` are source texts with {count}."""
    return _(one if count == 1 else many).format(count=f"{count:,}")
