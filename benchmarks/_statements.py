"""Counts the statements that verbs send, BEGIN and COMMIT not counted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import peewee

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give a list that grows with each statement that is sent inside the block, on whatever connection."""
    sent: list[str] = []
    execute = peewee.Database.execute_sql

    def counted(opened: peewee.Database, statement: str, *said: Any, **more: Any) -> Any:  # noqa: ANN401 - peewee's own
        sent.append(statement)
        return execute(opened, statement, *said, **more)

    with mock.patch.object(peewee.Database, "execute_sql", counted):
        yield sent
