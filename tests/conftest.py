"""What all tests share: real PostgreSQL servers, a home of their own, English, and a screen that nobody sees."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import argon2
import hypothesis
import pytest

from qms_desktop import i18n
from qms_desktop.db import sqlite_functions
from tests.helpers.plant import Plant, Templates
from tests.helpers.postgres import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No time limit for speed (benchmarks/ measures that); a found example is printed so that it can be kept.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give the PostgreSQL 18 server of this test process; a test fails when it cannot start."""
    with Server.start(18) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_16() -> Iterator[Server]:
    """Give the PostgreSQL 16 server of this test process, the oldest version that the program accepts."""
    with Server.start(16) as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def home_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep settings, drafts, logs and passwords of the tests away from the person who runs them."""
    home = tmp_path_factory.mktemp("home")
    places = ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"]
    if sys.platform == "darwin":
        places.append("HOME")
    with pytest.MonkeyPatch.context() as patch:
        for place in places:
            patch.setenv(place, str(home))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield home


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let every test begin in English, the language of the source texts, and leave no other behind."""
    before = i18n.language()
    i18n.use("en")
    yield
    i18n.use(before)


@pytest.fixture(scope="session", autouse=True)
def one_application(qapp: object) -> None:
    """Make the application with windows first: what only draws would make one without, and there can be but one."""


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash passwords of SQLite plants with little work: what is tested is the door, not the strength of its lock."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(sqlite_functions, "PasswordHasher", cheap)
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Give the plants that every test's own plant is copied from."""
    return Templates(tmp_path_factory.mktemp("plants"))


@pytest.fixture(params=["sqlite", "postgresql"])
def plant(request: pytest.FixtureRequest, templates: Templates) -> Iterator[Plant]:
    """Give a plant of its own to each test, on each database; the clock stands at 2026-11-03 09:20."""
    if request.param == "sqlite":
        made = templates.file_copy()
    else:
        made = templates.server_copy(request.getfixturevalue("postgres"))
    yield made
    made.close()


@pytest.fixture
def server_plant(templates: Templates, postgres: Server) -> Iterator[Plant]:
    """Give a plant on PostgreSQL, for what only a shared database can show."""
    made = templates.server_copy(postgres)
    yield made
    made.close()
