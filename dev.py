#!/usr/bin/env python3
"""The one entry for people who work on QMS Desktop; nothing but Python is needed to begin.

Every command first makes the environment in .venv from requirements.lock (when that changed) and looks for the system
libraries it needs; as root on Debian or Ubuntu it installs what is missing, elsewhere it prints the line to type.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).resolve().parent
ENVIRONMENT = PROJECT / ".venv"
LOCK = PROJECT / "requirements.lock"
STAMP = ENVIRONMENT / "made-from"
OUT = PROJECT / "out"
BUILD = PROJECT / "build"
BUNDLE = PROJECT / "dist" / "qms-desktop"
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
TEST_PROCESSES = 2
MEMORY = Path("/dev/shm")  # noqa: S108 - every file in it has a name that nobody can foresee
ROOM_OF_THE_TESTS = 4 * 1024**3

# What Qt loads from the system, and the Debian package that holds it.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libcups.so.2": "libcups2",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libcups.so.2": "libcups2",
}


class Stop(Exception):
    """A command cannot go on; the text says why and what to do."""


# --- the ground: Python, system packages, the environment ------------------------------------------------------------


def require_python() -> None:
    """Refuse a Python that the program was not tried on."""
    version = sys.version_info[:2]
    if OLDEST_PYTHON <= version <= NEWEST_PYTHON:
        return
    accepted = [f"python3.{minor}" for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1)]
    found = next((name for name in accepted if shutil.which(name)), None)
    advice = f"Use: {found} dev.py" if found else "Install one of them and start dev.py with it."
    message = f"QMS Desktop works with Python 3.11, 3.12 and 3.13; this is Python {version[0]}.{version[1]}. {advice}"
    raise Stop(message)


def is_root_on_debian() -> bool:
    """Say whether this process may install Debian packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(packages: list[str], *, wanted_for: str) -> None:
    """Install Debian packages as root, or stop with the line that a person types."""
    names = " ".join(packages)
    if not is_root_on_debian():
        sudo = f"sudo apt-get install {names}"
        message = f"{wanted_for} needs system packages that are missing. On Debian or Ubuntu type:\n\n    {sudo}\n"
        raise Stop(message)
    print(f"{wanted_for} needs system packages; installing: {names}", flush=True)
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", "-y"]
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "--no-install-recommends", *packages]
    known = next(Path("/var/lib/apt/lists").glob("*_Packages*"), None) is not None
    if known and subprocess.run(install, env=surroundings, check=False).returncode == 0:
        return
    subprocess.run([*apt, "update"], env=surroundings, check=False)
    if subprocess.run(install, env=surroundings, check=False).returncode != 0:
        message = f"apt-get could not install {names}; its own words stand above."
        raise Stop(message)


def can_load(library: str) -> bool:
    """Say whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def there_is_a_screen() -> bool:
    """Say whether a window can be shown."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def screen_libraries() -> dict[str, str]:
    """Give what Qt needs on top for the screen that there is."""
    on_x = X_LIBRARIES if os.environ.get("DISPLAY") else {}
    on_wayland = WAYLAND_LIBRARIES if os.environ.get("WAYLAND_DISPLAY") else {}
    return {**on_x, **on_wayland}


def require_qt_libraries(on_top: dict[str, str] | None = None) -> None:
    """Find or install the libraries of the system that Qt needs without a screen, and those `on_top` of them."""
    if not sys.platform.startswith("linux"):
        return
    libraries = {**QT_LIBRARIES, **(on_top or {})}
    missing = {library: package for library, package in libraries.items() if not can_load(library)}
    if missing:
        install_packages(sorted(set(missing.values())), wanted_for="The window (Qt)")
    still_missing = [library for library in missing if not can_load(library)]
    if still_missing:
        message = f"The system still does not find: {', '.join(still_missing)}"
        raise Stop(message)


def require_bundling_tools() -> None:
    """Find or install what PyInstaller needs beside Python: its shared library, and objdump and objcopy."""
    if not sys.platform.startswith("linux"):
        return
    missing = []
    library = str(sysconfig.get_config_var("INSTSONAME") or "")
    beside = Path(str(sysconfig.get_config_var("LIBDIR")), library)
    if ".so" not in library or not (beside.is_file() or can_load(library)):
        missing.append(f"libpython3.{sys.version_info.minor}")
    if not (shutil.which("objdump") and shutil.which("objcopy")):
        missing.append("binutils")
    if missing:
        install_packages(missing, wanted_for="The one-folder program (PyInstaller)")


def environment_python() -> Path:
    """Give the Python of the environment."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp() -> str:
    """Say what a finished environment was made from: this Python and this lock."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"python {sys.version_info[0]}.{sys.version_info[1]}, requirements.lock {digest}\n"


def environment_works() -> bool:
    """Say whether the environment has a Python of our version with pip; a moved or half-made one has not."""
    if not environment_python().exists():
        return False
    question = "import sys, pip; print(sys.version_info[:2], sys.prefix)"
    answer = subprocess.run([environment_python(), "-c", question], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == f"{sys.version_info[:2]} {ENVIRONMENT}"


def require_environment() -> None:
    """Make the environment, or bring it up to the lock; nothing is done when it already fits."""
    fits = STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted_stamp()
    if fits and environment_works():
        return
    if not environment_works():
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            install_packages([f"python3.{sys.version_info.minor}-venv"], wanted_for="The environment (venv)")
        print(f"Making the environment in {ENVIRONMENT.name} ...", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=False).returncode != 0:
            message = "Python could not make the environment; its own words stand above."
            raise Stop(message)
    STAMP.unlink(missing_ok=True)
    print("Installing what requirements.lock names, checked by its hashes ...", flush=True)
    pip: list[str | Path] = [
        environment_python(),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--quiet",
    ]
    locked = [*pip, "--require-hashes", "--only-binary=:all:", "-r", LOCK]
    ourselves = [*pip, "--no-deps", "--no-build-isolation", "-e", PROJECT]  # pip refuses -e beside hashes
    for call in (locked, ourselves):
        if subprocess.run(call, check=False).returncode != 0:
            message = "pip could not install the packages; its own words stand above. Is there a network?"
            raise Stop(message)
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


def call(*arguments: str | Path, offscreen: bool = False, also: dict[str, str] | None = None) -> int:
    """Run the environment's Python in the project's folder and give its exit code."""
    surroundings = {**os.environ, "PYTHONUTF8": "1", **(also or {})}
    if offscreen:
        surroundings["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run([environment_python(), *arguments], cwd=PROJECT, env=surroundings, check=False).returncode


# --- the commands ----------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Make the demo database and open the window; without a screen, tell the story into out/."""
    require_qt_libraries(screen_libraries())
    if there_is_a_screen():
        return call("-m", "qms_desktop", "--demo", *arguments)
    print("There is no screen here, so the whole story is told without the window; see out/.", flush=True)
    return call("-m", "qms_desktop", "demo", "--out", OUT, *arguments, offscreen=True)


def test(arguments: list[str]) -> int:
    """Pass the tests, with a real PostgreSQL and no screen; arguments go to pytest."""
    require_qt_libraries()
    processes = str(min(TEST_PROCESSES, os.cpu_count() or 1))
    # Each process begins with its own half, so that a story which a file's tests share is told in one of them.
    in_parallel = [] if arguments else ["-n", processes, "--dist", "worksteal"]
    return call("-m", "pytest", *in_parallel, *arguments, offscreen=True, also=place_of_the_tests())


def place_of_the_tests() -> dict[str, str]:
    """Let the tests' databases lie in memory where there is room; copying one takes a tenth of the time there."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return {}
    found = os.statvfs(MEMORY)
    is_executable = not found.f_flag & os.ST_NOEXEC  # the server's programs may have to be copied there
    has_room = found.f_bavail * found.f_frsize > ROOM_OF_THE_TESTS
    return {"TMPDIR": str(MEMORY)} if has_room and is_executable else {}


def lint(_arguments: list[str]) -> int:
    """Check style, format, types, layers and texts."""
    checks = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy": ["-m", "mypy"],
        "layers": ["-c", "import sys; from importlinter import cli; sys.exit(cli.lint_imports())"],
        "texts": ["-m", "tests.tools.translations", "--check"],
    }
    failed = []
    for name, check in checks.items():
        print(f"--- {name}", flush=True)
        if call(*check) != 0:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def translate(arguments: list[str]) -> int:
    """Gather the texts, bring the catalogues up to date and compile them; --check only looks."""
    return call("-m", "tests.tools.translations", *arguments)


def screenshots(arguments: list[str]) -> int:
    """Take a picture of every page in three languages, light and dark."""
    require_qt_libraries()
    return call("-m", "tests.tools.screenshots", *arguments, offscreen=True)


def papers(arguments: list[str]) -> int:
    """Draw every label, Word and Excel paper as a picture, to be looked at."""
    require_qt_libraries()
    return call("-m", "tests.tools.papers", *arguments, offscreen=True)


def bench(arguments: list[str]) -> int:
    """Measure what the program costs, each beside its floor; NAME picks one, --short takes a quick look."""
    require_qt_libraries()
    return call("-m", "benchmarks", *arguments, offscreen=True)


def build(_arguments: list[str]) -> int:
    """Make the one-folder program in dist/ and let it tell its story once."""
    require_qt_libraries({**X_LIBRARIES, **WAYLAND_LIBRARIES})  # they go into the folder
    require_bundling_tools()
    work = BUILD / "pyinstaller"
    spec: list[str | Path] = ["build.spec", "--noconfirm", "--clean", "--distpath", BUNDLE.parent, "--workpath", work]
    if call("-m", "PyInstaller", "--log-level", "ERROR", *spec, offscreen=True) != 0:
        return 1
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{BUNDLE.relative_to(PROJECT)}: {size / 1e6:.0f} MB", flush=True)
    told = BUILD / "smoke"
    shutil.rmtree(told, ignore_errors=True)
    program = BUNDLE / ("qms-desktop.exe" if os.name == "nt" else "qms-desktop")
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    finished = subprocess.run([program, "demo", "--out", told], cwd=BUNDLE, env=surroundings, check=False)
    if finished.returncode != 0 or not any(told.glob("*")):
        print("The frozen program could not tell its story.", file=sys.stderr)
        return 1
    print(f"The frozen program told its story into {told.relative_to(PROJECT)}.")
    return 0


def freeze_schema(arguments: list[str]) -> int:
    """Write the schema of the models down as the next migration."""
    return call("-m", "qms_desktop.db.freeze", *arguments)


def lock(arguments: list[str]) -> int:
    """Make requirements.lock from requirements.in; --upgrade takes newer versions."""
    options = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-annotate",
        "--no-header",
        "--quiet",
    ]
    code = call("-m", "uv", "pip", "compile", "requirements.in", "-o", LOCK, *options, *arguments)
    if code == 0 and any(word in LOCK.read_text(encoding="utf-8") for word in ("://", "file:", "--index", "--find")):
        print("requirements.lock holds an address or a path; take it out of requirements.in.", file=sys.stderr)
        return 1
    return code


COMMANDS = {
    "run": run,
    "test": test,
    "lint": lint,
    "translate": translate,
    "screenshots": screenshots,
    "papers": papers,
    "bench": bench,
    "build": build,
    "freeze-schema": freeze_schema,
    "lock": lock,
}


def print_help() -> None:
    """Print every command with its line."""
    print("Usage: python3 dev.py COMMAND [ARGUMENTS]\n")
    for name, command in COMMANDS.items():
        print(f"  {name:<14} {(command.__doc__ or '').splitlines()[0]}")


def main(words: list[str]) -> int:
    """Run one command; give its exit code."""
    if not words or words[0] in {"-h", "--help", "help"}:
        print_help()
        return 0
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"There is no command '{words[0]}'.\n", file=sys.stderr)
        print_help()
        return 2
    try:
        require_python()
        require_environment()
        return command(words[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
