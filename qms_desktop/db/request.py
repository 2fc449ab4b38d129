"""Request keys: which request was sent already, by whom, with which values, and what was its answer.

A retry with the same key and the same values gets the first answer. The same key with other values books nothing:
what was sent first is booked, and whoever changed a field after a lost answer must see that before he sends more.

Everybody may read the table, so it keeps neither the key nor the values: both are hashed, the values together with the
key, so that nobody finds a price or a text by trying until the hash agrees.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from qms_desktop.db.foundation import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

# Said by whoever answers a question of the program, not entered: the same request, asked and unasked.
_ANSWERS = frozenset({"confirmed"})


@dataclasses.dataclass(frozen=True)
class Sent:
    """What one sending of a form is known by: its key and its values, both hashed."""

    key: UUID
    content: str


def sent(request_key: UUID, values: Mapping[str, Any]) -> Sent:
    """Give the marks of a request with a verb's values, the same on every PC and in every language."""
    entered = {name: value for name, value in values.items() if name not in _ANSWERS}
    text = json.dumps(entered, default=_plain, sort_keys=True, separators=(",", ":"))
    return Sent(
        key=UUID(bytes=hashlib.sha256(request_key.bytes).digest()[:16]),
        content=hashlib.sha256(request_key.bytes + text.encode("ascii")).hexdigest(),
    )


def keep(mark: Sent, *, action: str, answer: str) -> None:
    """Keep the answer of a request, in the transaction that books it."""
    Request.create(key=mark.key, action=action, content=mark.content, answer=answer)


def find(mark: Sent) -> Request | None:
    """Give what was booked under the key, with whatever values, or None."""
    found: Request | None = Request.get_or_none(Request.key == mark.key)
    return found


def _plain(value: object) -> object:
    """Write what JSON does not know: equal values alike, whatever their type's own spelling of them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, type):
        return value.__name__
    message = f"a verb cannot take a {type(value).__name__}: how it is told from another is not known"
    raise TypeError(message)
