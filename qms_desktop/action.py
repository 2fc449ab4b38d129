"""Verbs and readings: the one way from a page or a command to the database and back (architecture.md).

`@action` checks the permission, opens the transaction, tells the audit trail what it is for, and turns a repeated
request key into the first answer. A verb that signs runs wholly on a fresh connection, opened with the password that
was just typed.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from qms_desktop.db import audit, request
from qms_desktop.db.connection import read, write
from qms_desktop.db.master_data import plant_zone
from qms_desktop.errors import BookedOtherwise, InvalidInput, NotPermitted, OutcomeUnknown, QmsError, Unavailable
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from qms_desktop.permissions import Permission
    from qms_desktop.session import Session

T = TypeVar("T")
_STEP_PLACE = 2  # qms_desktop.steps.eight_d.versions

NOT_YOURS = N_("Your roles do not allow this ({permission}). Ask IT if they should.")
PASSWORD_MISSING = N_("This needs your signature. Type your password.")
CONTROL_CHARACTER = N_(
    "There is a control character ({code}) at position {position}. Delete it, or type the text again."
)
NO_NUMBER = N_("{number} is no number. Type it with digits.")
NUMBER_TOO_LARGE = N_("{number} is too large. Check the number.")
# What cannot be kept at all (NUL, half a character), and what nobody sees and a paper cannot show.
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Amounts are kept in ten-thousandths, in eight bytes.
_MOST = 10**13
KEY_OF_ANOTHER = N_("This form was sent already for something else. Open it again and enter it anew.")
OTHER_VALUES = N_(
    "This form was sent already, at {moment}, with other values, and those are booked. What stands here now is not. "
    "Look at what is booked; correct it there, or enter the rest in a new form."
)


class Deed(Generic[T]):
    """Something that a session may do, with the permission that it asks for; buttons read `permission` back."""

    def __init__(self, function: Callable[..., T], permission: Permission) -> None:
        functools.update_wrapper(cast("Callable[..., T]", self), function)
        self.function = function
        self.permission = permission
        self.name = f"{_step_of(function.__module__)}.{function.__name__}"

    def refuse_unless_permitted(self, session: Session) -> None:
        """Raise NotPermitted when the session's roles do not include the permission."""
        if not session.may(self.permission):
            raise NotPermitted(NOT_YOURS, permission=str(self.permission))


def _step_of(module: str) -> str:
    """Give the step of a module, which is its file or, where a step is a folder, the folder: eight_d, receipt."""
    words = module.split(".")
    return words[_STEP_PLACE] if len(words) > _STEP_PLACE else words[-1]


class Reading(Deed[T]):
    """A function that only reads."""

    def __call__(self, session: Session, /, **values: Any) -> T:  # noqa: ANN401 - the wrapped function's own arguments
        """Read, on the session's database."""
        self.refuse_unless_permitted(session)
        _refuse_unkeepable({name: value for name, value in values.items() if isinstance(value, str)}, _UNREADABLE)
        with session.store.use():
            return read(lambda: self.function(session, **values))


class Verb(Deed[T]):
    """A function that books something, whole or not at all; `signs` is the meaning of the signature that it needs."""

    def __init__(
        self, function: Callable[..., T], permission: Permission, *, signs: str | None, checks_values: bool
    ) -> None:
        super().__init__(function, permission)
        self.signs = signs
        self.checks_values = checks_values

    def __call__(
        self,
        session: Session,
        /,
        *,
        request_key: UUID | None = None,
        password: str = "",
        **values: Any,  # noqa: ANN401 - the wrapped function's own arguments
    ) -> T:
        """Book once per request key and give the answer; a repeated key with the same values gives the first answer.

        Raises what the verb raises, NotPermitted, InvalidInput (field `password`), BookedOtherwise (the key was booked
        with other values), Unavailable, OutcomeUnknown.
        """
        self.refuse_unless_permitted(session)
        if self.checks_values:
            _refuse_unkeepable(values, _CONTROL)
        mark = None if request_key is None else request.sent(request_key, values)
        with self._opened(session, password):
            try:
                return self._book(session, mark, values)
            except QmsError as error:
                # A repeated request may be refused only because the first one succeeded ("already approved").
                if mark is None:
                    raise
                try:
                    earlier = read(lambda: self._earlier(session, mark))
                except Unavailable as unreachable:
                    # "Nothing was saved" would be a guess: what is not known stays unknown.
                    raise error from unreachable
                if earlier is not None:
                    return earlier.answer
                if isinstance(error, OutcomeUnknown):
                    return self._book(session, mark, values)
                raise

    @contextmanager
    def _opened(self, session: Session, password: str) -> Iterator[None]:
        if self.signs is None:
            with session.store.use():
                yield
        elif not password:
            raise InvalidInput(PASSWORD_MISSING, field="password")
        else:
            with session.store.signing(password):
                yield

    def _book(self, session: Session, mark: request.Sent | None, values: dict[str, Any]) -> T:
        def work() -> T:
            audit.say(self.name, str(values.get("reason") or ""))
            answer = self.function(session, **values)
            if mark is not None:
                request.keep(mark, action=self.name, answer=_to_text(answer))
            return answer

        return write(work)

    def _earlier(self, session: Session, mark: request.Sent) -> Earlier[T] | None:
        row = request.find(mark)
        if row is None:
            return None
        if row.action != self.name or row.created_by != session.login:
            raise InvalidInput(KEY_OF_ANOTHER)
        answer = cast("T", _from_text(row.answer, self.function.__globals__))
        if row.content != mark.content:
            moment = row.created_at.astimezone(plant_zone())
            raise BookedOtherwise(OTHER_VALUES, answer=answer, moment=f"{moment:%Y-%m-%d %H:%M}")
        return Earlier(answer)


@dataclasses.dataclass(frozen=True)
class Earlier(Generic[T]):
    """The answer of the first request with a key; the answer itself may be None."""

    answer: T


def action(
    permission: Permission, *, signs: str | None = None, checks_values: bool = True
) -> Callable[[Callable[..., T]], Verb[T]]:
    """Make a verb of a function that takes a session first and keywords after.

    `checks_values` is False where a hundred thousand rows come that were checked cell by cell when they were read.
    Its answer is None, an int, a str, or a frozen dataclass of such, so that it can be kept with the request key.
    """
    return lambda function: Verb(function, permission, signs=signs, checks_values=checks_values)


def reading(permission: Permission) -> Callable[[Callable[..., T]], Reading[T]]:
    """Make a reading of a function that takes a session first and keywords after."""
    return lambda function: Reading(function, permission)


def _refuse_unkeepable(values: Mapping[str, Any], strange: re.Pattern[str]) -> None:
    """Raise InvalidInput for what no database keeps as typed: control characters, numbers without end (B72, B77)."""
    for name, value in values.items():
        _refuse_one(name, value, strange)


def _refuse_one(name: str, value: Any, strange: re.Pattern[str]) -> None:  # noqa: ANN401 - whatever a verb takes
    if isinstance(value, str):
        if not value.isprintable() and (found := strange.search(value)):
            code, position = f"U+{ord(found[0]):04X}", found.start() + 1
            raise InvalidInput(CONTROL_CHARACTER, field=name, code=code, position=position)
    elif isinstance(value, int | Decimal):
        if isinstance(value, Decimal) and not value.is_finite():
            raise InvalidInput(NO_NUMBER, field=name, number=value)
        if not -_MOST < value < _MOST:
            raise InvalidInput(NUMBER_TOO_LARGE, field=name, number=value)
    elif isinstance(value, tuple | list):
        for position, each in enumerate(value, start=1):
            _refuse_one(f"{name}.{position}", each, strange)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for part in dataclasses.fields(value):
            _refuse_one(f"{name}.{part.name}", getattr(value, part.name), strange)


def _to_text(answer: object) -> str:
    kind = type(answer).__name__
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return json.dumps({"kind": kind, "fields": dataclasses.asdict(answer)}, ensure_ascii=False)
    if isinstance(answer, StrEnum):
        return json.dumps({"kind": kind, "word": str(answer)})
    return json.dumps(answer, ensure_ascii=False)


def _from_text(text: str, names: Mapping[str, Any]) -> object:
    """Make the answer anew; its class stands in the verb's own module."""
    plain = json.loads(text)
    if not isinstance(plain, dict):
        return plain
    kind = names[plain["kind"]]
    if "word" in plain:
        return kind(plain["word"])
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in plain["fields"].items()})
