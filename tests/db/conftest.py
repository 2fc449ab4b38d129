"""What the tests of the database share: the stage of a return on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hostile.stage import Stage

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


@pytest.fixture
def stage(plant: Plant) -> Stage:
    """Give a stage on each database."""
    return Stage(plant)


@pytest.fixture
def server_stage(server_plant: Plant) -> Stage:
    """Give a stage on a server."""
    return Stage(server_plant)
