"""Folders for the plants of the pictures: they lie in memory as a rule, and go with the process that made them."""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from tempfile import mkdtemp


def folder(prefix: str) -> Path:
    """Make a folder that is removed when the process ends."""
    made = Path(mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
