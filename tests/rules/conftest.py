"""What the tests of the rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop import i18n

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English, the source language, during a test."""
    with i18n.speaking("en"):
        yield
