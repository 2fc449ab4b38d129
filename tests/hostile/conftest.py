"""What the attacks share: a stage on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hostile.stage import Stage

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


@pytest.fixture
def stage(plant: Plant) -> Stage:
    """Give the stage of an attack, on each database."""
    return Stage(plant)


@pytest.fixture
def server_stage(server_plant: Plant) -> Stage:
    """Give the stage of an attack that only a server can show."""
    return Stage(server_plant)
