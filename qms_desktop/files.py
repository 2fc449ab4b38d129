"""Where the program's own files and a person's files are, frozen or from source; the only such place."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

_APPLICATION = "QMS Desktop"


def _root() -> Path:
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parent.parent


def resources() -> Path:
    """Give the folder of icons, fonts, style sheet, translations and the demo set."""
    return _root() / "resources"


def forms() -> Path:
    """Give the folder of the controlled forms (Word, Excel and label templates)."""
    return _root() / "forms"


def migrations() -> Path:
    """Give the folder of the numbered schema files."""
    return _root() / "qms_desktop" / "db" / "migrations"


def person_folder() -> Path:
    """Give, and make when missing, this person's own folder for settings and drafts."""
    return platformdirs.user_data_path(_APPLICATION, appauthor=False, ensure_exists=True)


def log_folder() -> Path:
    """Give, and make when missing, the folder of the log files."""
    return platformdirs.user_log_path(_APPLICATION, appauthor=False, ensure_exists=True)
