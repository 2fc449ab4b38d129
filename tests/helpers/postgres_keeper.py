"""Holds one PostgreSQL server for as long as somebody holds the other end of this program's standard input.

A program of its own (standard library only), because the tests may crash or be killed: the pipe closes with them, and
the server goes, together with its folder. Called by `tests.helpers.postgres`, with one JSON argument.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

STOP_TIMEOUT_S = 30


def keep(*, server: list[str], stop: list[str], folder: str, user: str | None, group: int | None) -> None:
    """Start the server, wait for a line or the end of standard input, stop the server and remove its folder."""
    identity: dict[str, Any] = {}
    if user is not None:
        identity = {"user": user, "group": group, "extra_groups": []}
    with Path(folder, "server.log").open("ab") as log:
        surroundings: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        surroundings |= identity
        running = subprocess.Popen(server, **surroundings)
        sys.stdin.readline()
        if running.poll() is None:
            subprocess.run(stop, check=False, **surroundings)
        try:
            running.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
    shutil.rmtree(folder)


if __name__ == "__main__":
    keep(**json.loads(sys.argv[1]))
