"""The house keeps its shape: every step has its file on every shelf, and Qt stays where it belongs."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from qms_desktop.steps import STEPS

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "qms_desktop"
STEP_NAMES = [step.name for step in STEPS]
SHELVES_OF_A_STEP = (
    "qms_desktop/steps/{step}.py",
    "qms_desktop/db/{step}.py",
    "qms_desktop/ui/{step}.py",
    "tests/hostile/test_{step}.py",
    "tests/ui/test_{step}_page.py",
)
LONGEST_FILE_LINES = 500
LONGEST_MAIN_WINDOW_LINES = 300

# Text and pictures may be drawn without a window; only ui/ and app.py may show widgets.
QT_MODULES_WITHOUT_WIDGETS = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtSvg"}
QT_ALLOWED = {"ui": None, "app": None, "drawing": QT_MODULES_WITHOUT_WIDGETS, "cli": QT_MODULES_WITHOUT_WIDGETS}


def sources(folder: Path) -> list[Path]:
    """Give all Python files below a folder, in a steady order."""
    return sorted(folder.rglob("*.py"))


def stands(place: str) -> bool:
    """Say whether a file, or a folder of the same name that took its place, is there."""
    file = PROJECT / place
    return file.is_file() or (file.with_suffix("") / "__init__.py").is_file()


def imported_modules(source: Path) -> set[str]:
    """Give the full names of the modules that a file imports, `from a import b` as both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def step_of(name: str) -> str | None:
    """Give the step that a module belongs to: its own name, or what its name begins with, as receipt_label."""
    owners = [step for step in STEP_NAMES if name == step or name.startswith(f"{step}_")]
    return max(owners, key=len, default=None)


def qt_modules(source: Path) -> set[str]:
    """Give the modules of Qt that a file imports, as PySide6.QtGui."""
    names = (name.split(".") for name in imported_modules(source))
    return {".".join(name[:2]) for name in names if name[0] == "PySide6" and len(name) > 1}


@pytest.mark.parametrize("step", STEP_NAMES)
def test_a_step_has_its_file_on_every_shelf(step: str) -> None:
    missing = [place.format(step=step) for place in SHELVES_OF_A_STEP if not stands(place.format(step=step))]
    assert not missing, f"The step '{step}' lacks: {', '.join(missing)}"


@pytest.mark.parametrize("step", STEP_NAMES)
def test_a_story_is_told_with_the_verbs_of_each_step(step: str) -> None:
    told = [source for source in sources(PROJECT / "tests" / "scenarios") if step_is_used(step, source)]
    assert told, f"no scenario uses qms_desktop.steps.{step}"


def step_is_used(step: str, source: Path) -> bool:
    """Say whether a file imports the step, or a helper named after it."""
    names = [name for name in imported_modules(source) if name.startswith("qms_desktop.steps.")]
    return any(step_of(name.split(".")[2]) == step for name in names)


def test_every_module_in_steps_is_a_step_or_named_after_one() -> None:
    names = {path.stem for path in (PACKAGE / "steps").iterdir()} - {"__init__", "__pycache__"}
    unknown = sorted(name for name in names if step_of(name) is None)
    assert not unknown, f"Not in STEPS: {unknown}"


@pytest.mark.parametrize("shelf", ["steps", "db"])
def test_a_step_and_its_helpers_know_no_later_step(shelf: str) -> None:
    wrong = []
    for source in sources(PACKAGE / shelf):
        place = source.relative_to(PACKAGE / shelf)
        step = step_of(place.parts[0].removesuffix(".py"))
        if step is None or "migrations" in place.parts:
            continue
        for module in sorted(imported_modules(source)):
            package, _dot, name = module.rpartition(f"qms_desktop.{shelf}.")
            other = step_of(name.split(".")[0]) if not package and _dot else None
            if other is not None and STEP_NAMES.index(other) > STEP_NAMES.index(step):
                wrong.append(f"{source.relative_to(PROJECT)} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_the_step_names_are_unique() -> None:
    assert len(set(STEP_NAMES)) == len(STEP_NAMES)


def test_every_step_has_its_icon() -> None:
    missing = [step.icon for step in STEPS if not (PROJECT / "resources" / "icons" / f"{step.icon}.svg").is_file()]
    assert not missing, f"resources/icons lacks: {missing}"


@pytest.mark.parametrize("container", ["qms_desktop.steps", "qms_desktop.db"])
def test_the_layer_contracts_follow_the_order_of_the_steps(container: str) -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == [container])
    assert [name.strip("()") for name in reversed(layers)] == STEP_NAMES


def test_qt_is_used_only_where_it_belongs() -> None:
    wrong = []
    for source in sources(PACKAGE):
        place = source.relative_to(PACKAGE).parts[0].removesuffix(".py")
        allowed = QT_ALLOWED.get(place, set())
        if allowed is not None:
            wrong += [f"{source.relative_to(PROJECT)} imports {module}" for module in qt_modules(source) - allowed]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("shelf", ["steps", "db", "ui", "documents", "drawing", "exchange", "rules"])
def test_every_test_of_a_shelf_mirrors_a_module(shelf: str) -> None:
    modules = {path.stem for path in (PACKAGE / shelf).iterdir()}
    tests = {path.stem.removeprefix("test_") for path in (PROJECT / "tests" / shelf).glob("test_*.py")}
    strangers = sorted(
        name for name in tests if not any(name == module or name.startswith(f"{module}_") for module in modules)
    )
    assert not strangers, f"tests/{shelf} has tests of modules that do not exist: {strangers}"


def test_no_file_grows_past_its_limit() -> None:
    places = [PACKAGE, PROJECT / "tests", PROJECT / "benchmarks"]
    # Frozen statements stay as they are.
    kept = [path for place in places for path in sources(place) if path.parent.name != "migrations"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in kept}
    too_long = [
        f"{path.relative_to(PROJECT)}: {lines} lines" for path, lines in lengths.items() if lines > LONGEST_FILE_LINES
    ]
    assert not too_long, "\n".join(too_long)


def test_the_main_window_stays_small() -> None:
    source = PACKAGE / "ui" / "main_window.py"
    assert source.is_file(), "qms_desktop/ui/main_window.py is missing"
    assert len(source.read_text(encoding="utf-8").splitlines()) <= LONGEST_MAIN_WINDOW_LINES
