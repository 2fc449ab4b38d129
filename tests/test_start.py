"""What the start loads: the first window needs little, and no Office library before a paper is written or read."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"openpyxl", "docx", "docxtpl", "numpy", "PIL", "xlsxwriter", "python_calamine", "pypinyin"}


def loaded_after(*modules: str) -> set[str]:
    """Give all modules that a new process has loaded after importing some."""
    code = f"import sys, {', '.join(modules)}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_first_window_is_painted_before_the_pages_and_the_database_are_loaded() -> None:
    loaded = loaded_after("qms_desktop.cli", "qms_desktop.app.start")
    assert not loaded & {*HEAVY, "psycopg", "qms_desktop.app.pages", "qms_desktop.cli.case_commands"}


def test_no_page_brings_an_office_library_along() -> None:
    assert not loaded_after("qms_desktop.app.behind") & HEAVY


def test_every_command_is_described_when_help_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-m", "qms_desktop", "--help"], check=True, capture_output=True, text=True)
    for command in ("demo", "db", "user", "import", "export", "label", "trace", "report", "find"):
        assert f"    {command} " in done.stdout


def test_an_unknown_option_of_the_window_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "qms_desktop", "--demmo"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--demmo" in done.stderr
