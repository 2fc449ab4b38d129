"""The pages that show photos: a record's tab, the pictures of a case to choose from, and the dock's photo step."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from qms_desktop import files
from qms_desktop.exchange import evidence
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import receipt
from tests.tools import pages_of_the_core as core
from tests.ui import desk as story

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from qms_desktop.ui.dock import DockStation
    from qms_desktop.ui.main_window import MainWindow
    from tests.helpers.plant import Plant
    from tests.tools.screenshots import Studio

DEMO = files.resources() / "demo"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CARTON = DEMO / "照片_外箱破损.jpg"


@cache
def photographed() -> Plant:
    """Give the plant after the count, with the notice at the complaint and photos at carton and receipt."""
    plant = core.told("short")
    zhou, wang = plant.sign_in("周磊秀"), plant.sign_in("王伟涛")
    row = receipt.listed(zhou)[0]
    shown = receipt.show(zhou, receipt_id=row.id)
    damaged = next(count for line in shown.lines for count in line.counts if count.is_damaged)
    for who, kind, record_id, name, caption in (
        (wang, AttachedTo.COMPLAINT, 1, "客户退货通知_华东远航.xlsx", "客户退货通知原件"),
        (zhou, AttachedTo.RECEIPT_COUNT, damaged.id, CARTON.name, "到货第 4 箱外箱破损，内装 60 支，已隔离"),
        (zhou, AttachedTo.RECEIPT, row.id, "照片_漏油_竖拍.jpg", "箱内漏油"),
        (zhou, AttachedTo.RECEIPT, row.id, "照片_划伤.jpg", ""),
    ):
        file = evidence.take(DEMO / name, zone=SHANGHAI)
        attachment.attach(who, kind=kind, record_id=record_id, file=file, caption=caption)
    return plant


def tab(studio: Studio) -> MainWindow:
    """Open the photos of the receipt."""
    photographed()
    made = core.window(studio, "short", "周磊秀", "receipt")
    made.page.view.tabs.bar.setCurrentIndex(1)
    core.settle(studio.app, made)
    made.page.view.case.photos.choose(next(iter(made.page.view.case.photos.tiles)))
    return made


def dock_photo(studio: Studio) -> DockStation:
    """Open the count of a damaged carton with its picture."""
    made = core.dock(studio, step=1)
    made.mark_damaged()
    made.photos.take(CARTON)
    core.settle(studio.app, made)
    return made


def dock_without_rma(studio: Studio) -> DockStation:
    """Open the question that goods without an RMA ask."""
    made = core.dock(studio, step=0)
    made.strange.ask()
    core.settle(studio.app, made)
    return made


def without_rma(studio: Studio) -> MainWindow:
    """Open goods without an RMA, as sales finds them."""
    plant = core.told("without_rma")
    assert receipt.listed(plant.sign_in("王伟涛"))
    return core.window(studio, "without_rma", "王伟涛", "receipt")


def quarantined(plant: Plant) -> None:
    """Tell the carton that nobody announced."""
    story.registered(plant)
    plant.at("2026-11-04 10:40")
    zhou = plant.sign_in("周磊秀")
    made = receipt.arrive_without_rma(zhou, product="YQ-22", description="纸箱一只，无单据", place="Q-04")
    line = receipt.show(zhou, receipt_id=made.receipt_id).lines[0]
    receipt.receive(zhou, receipt_line_id=line.id, pieces=24, lot="L2610A")
    receipt.close_count(zhou, receipt_id=made.receipt_id)


core.TELL["without_rma"] = (quarantined, "2026-11-04 11:00")

PAGES: dict[str, Callable[[Studio], QWidget]] = {
    "real_photos": tab,
    "real_without_rma": without_rma,
    "real_dock_photo": dock_photo,
    "real_dock_without_rma": dock_without_rma,
}
