"""Every part of the window in three languages at two text sizes: nothing clipped, nothing squeezed, one primary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop import i18n
from qms_desktop.ui import theme
from tests.tools import screenshots
from tests.ui import shapes
from tests.ui.conftest import close_windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QWidget

SIZES = {100: (1366, 768), 150: (1920, 1080)}
# English at 150 % stands on the small screen below; Traditional Chinese takes the room of Simplified.
SHOWN = [*((language, 100) for language in i18n.LANGUAGES), ("zh_CN", 150)]


@pytest.fixture
def studio(qapp: QApplication, tmp_path: Path) -> Iterator[screenshots.Studio]:
    made = screenshots.Studio(qapp, tmp_path)
    yield made
    close_windows(qapp)
    made.workplace.background.close()
    made.workplace.drafts.close()
    made.scanner.deleteLater()


@pytest.mark.parametrize(("language", "percent"), SHOWN)
@pytest.mark.parametrize("name", screenshots.PAGES)
def test_nothing_is_clipped_squeezed_or_nameless(
    studio: screenshots.Studio, name: str, language: str, percent: int
) -> None:
    i18n.use(language)
    theme.apply(studio.app, percent=percent)
    window = screenshots.PAGES[name](studio)
    if percent > 100 or not window.isVisible():
        window.resize(*SIZES[percent])
    window.show()
    for _turn in range(3):
        studio.app.processEvents()
    faults = _faults(window)
    assert not any(faults.values()), faults
    assert len(shapes.primaries(window)) <= 1


@pytest.mark.parametrize("name", screenshots.PAGES)
def test_nothing_is_squeezed_with_large_text_on_a_small_screen(studio: screenshots.Studio, name: str) -> None:
    i18n.use("en")
    theme.apply(studio.app, percent=150)
    window = screenshots.PAGES[name](studio)
    if not window.isVisible():
        window.resize(1440, 900)
    window.show()
    for _turn in range(3):
        studio.app.processEvents()
    faults = _faults(window)
    assert not any(faults.values()), faults
    assert len(shapes.primaries(window)) <= 1


def _faults(window: QWidget) -> dict[str, list[str]]:
    return {
        "squeezed": shapes.squeezed(window),
        "outside": shapes.outside(window),
        "nameless": shapes.nameless(window),
        "too low to hit": shapes.unclickable(window),
    }
