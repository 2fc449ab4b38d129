"""Pages with real records in them: a plant in a folder that is thrown away, told as far as the picture needs."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop.demo.eight_d_filling import INTERIM
from qms_desktop.steps.eight_d import ReportKind, Section
from qms_desktop.steps.master_data import ImportKind
from tests.helpers import book
from tests.helpers.plant import Plant, Templates
from tests.scenarios import test_eight_d, test_recall
from tests.tools.samples_of_pages import sample_workplace

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

    from qms_desktop.ui.page import Page
    from qms_desktop.ui.workplace import Workplace

WRONG_SHIPMENTS = book.SAMPLES / "出货明细_有错误.xlsx"


@dataclass
class PlantStudio:
    """Plants that were told once, and workplaces of the people in them."""

    app: QApplication
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="plant-pages-")))
    _open: list[Workplace] = field(default_factory=list)

    @cached_property
    def templates(self) -> Templates:
        """Give the template of all plants."""
        return Templates(self.folder)

    @cached_property
    def book(self) -> Plant:
        """Give a plant that knows the whole book of the ERP."""
        plant = self.templates.file_copy()
        plant.at("2026-11-20 09:40")
        session = plant.sign_in("管理员")
        kinds = (ImportKind.CUSTOMERS, ImportKind.PRODUCTS, ImportKind.DEFECT_CODES, ImportKind.SHIPMENTS)
        for kind in kinds:
            found = book.read(kind, book.BOOK[kind])
            book.master_data.import_rows(
                session,
                kind=kind,
                rows=found.rows,
                file_name=found.file_name,
                sha256=found.sha256,
                confirmed=True,
            )
        return plant

    @cached_property
    def eight_d(self) -> test_eight_d.Told:
        """Give the 8D report of the story, when its 3D was sent and the causes are being sought."""
        told = test_eight_d.opened(self.templates.file_copy())
        told.filled(*INTERIM).begun(ReportKind.THREE_D).submitted().reviewed().approved_by("胡丽桂").sent()
        told.plant.at("2026-11-11 14:11")
        told.filled(Section.D4).begun(ReportKind.FIVE_D)
        return told

    @cached_property
    def recall(self) -> test_recall.Told:
        """Give the recall of the story, reported to the general manager."""
        return test_recall.suspected(self.templates.file_copy()).assessed().narrowed().heard().reported()

    def workplace(self, plant: Plant, name: str) -> Workplace:
        """Give a person's workplace in a plant."""
        made = sample_workplace(Path(tempfile.mkdtemp(dir=self.folder)), session=plant.sign_in(name))
        self._open.append(made)
        return made

    def settle(self, page: Page, until: Callable[[], bool]) -> None:
        """Let the page read until something is there."""
        for _turn in range(2000):
            self.app.processEvents()
            if until() and not page.progress.isVisible():
                break
            page.thread().msleep(5)
        self.app.processEvents()

    def close(self) -> None:
        """End the threads and throw the plants away."""
        for workplace in self._open:
            workplace.background.close()
            workplace.drafts.close()
        shutil.rmtree(self.folder)
