"""Receipt labels: how many a second, each beside the bare codes of zxing-cpp; and from Enter to the printer."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import zxingcpp
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from qms_desktop import drawing
from qms_desktop.documents.label_printer import LabelPrinter
from qms_desktop.documents.receipt_label import LabelSize, bitmap, zpl
from qms_desktop.drawing.label_layout import GEOMETRY
from tests.helpers.label_printers import HOST, printer_that, prints
from tests.helpers.receipt_labels import a_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer

    from qms_desktop.steps.receipt_label import ReceiptLabel

ROUNDS = 5
LABELS_A_ROUND = 60
PRINTED = 40
LEAST_RATIO = 0.5
MOST_MS_TO_PRINTER = 150


@dataclass(frozen=True)
class Figure:
    """One measured value beside its floor, where it has one."""

    name: str
    value: float
    unit: str
    floor: float | None
    goal: str
    is_met: bool

    @property
    def ratio(self) -> float | None:
        """How many times the floor the value is."""
        return self.value / self.floor if self.floor else None

    def line(self) -> str:
        """Write it as a line of a table."""
        beside = f"{self.ratio:.2f} x {self.floor:.0f}" if self.ratio and self.floor else ""
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.name:36} {self.value:8.1f} {self.unit:9} {beside:14} {self.goal:24} {verdict}"


def png(picture: QImage) -> bytes:
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(written.data())


def bare_code(payload: str, kind: zxingcpp.BarcodeFormat, module: int) -> bytes:
    """Draw one code as PNG by zxing-cpp alone: the floor."""
    options = {"force_square": True} if kind == zxingcpp.BarcodeFormat.DataMatrix else {}
    image = zxingcpp.create_barcode(payload, kind, **options).to_image(scale=module)
    rows, across = image.shape
    return png(QImage(memoryview(cast("Buffer", image)), across, rows, across, QImage.Format.Format_Grayscale8))


def bare_codes(serial: int, size: LabelSize) -> None:
    payload, place = f"R20261103001.1.{serial:06d}", GEOMETRY[size]
    bare_code(payload, zxingcpp.BarcodeFormat.DataMatrix, place.module)
    if place.bars:
        bare_code(payload, zxingcpp.BarcodeFormat.Code128, place.bars.module)


def a_label_as(made: Callable[[ReceiptLabel, LabelSize], object], serial: int, *, size: LabelSize) -> None:
    made(a_label(serial=serial), size)


def a_second(work: Callable[[int], object], first: int) -> float:
    """Count how often some work is done in a second, every time with another serial."""
    begun = time.perf_counter()
    for serial in range(first, first + LABELS_A_ROUND):
        work(serial)
    return LABELS_A_ROUND / (time.perf_counter() - begun)


def rates(works: dict[str, Callable[[int], object]]) -> dict[str, float]:
    """Give the median rate of each work; the works take turns, so that all have the same weather."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS + 1):
        for name, work in works.items():
            rate = a_second(work, 1 + turn * LABELS_A_ROUND)
            if turn:  # the first turn fills the caches, as the first label of a day does
                seen[name].append(rate)
    return {name: statistics.median(found) for name, found in seen.items()}


def seconds_to_printer() -> float:
    """Give the 95th percentile from the made label to its bytes at a printer on loopback."""
    taken = []
    with printer_that(prints) as printer:
        device = LabelPrinter(host=HOST, port=printer.port, closes_after_label=False)
        for serial in range(1, PRINTED + 1):
            begun, before = time.perf_counter(), len(printer.received)
            device.send(zpl(a_label(serial=serial), LabelSize.MEDIUM))
            while len(printer.received) == before:
                time.sleep(0.0002)
            taken.append(time.perf_counter() - begun)
    return statistics.quantiles(taken, n=20)[-1]


def measure() -> list[Figure]:
    """Measure labels a second, against zxing-cpp drawing the same codes alone, and the way to the printer."""
    drawing.ready()
    figures = []
    for size in LabelSize:
        found = rates(
            {
                "floor": partial(bare_codes, size=size),
                "ZPL": partial(a_label_as, zpl, size=size),
                "picture": partial(a_label_as, bitmap, size=size),
            }
        )
        floor = found.pop("floor")
        figures += [
            Figure(
                name=f"label {size.shown} mm, {kind}",
                value=rate,
                unit="labels/s",
                floor=floor,
                goal=f">= {LEAST_RATIO} x bare zxing-cpp",
                is_met=rate >= LEAST_RATIO * floor,
            )
            for kind, rate in found.items()
        ]
    milliseconds = 1000 * seconds_to_printer()
    figures.append(
        Figure(
            name="label made and at the printer, 95 %",
            value=milliseconds,
            unit="ms",
            floor=None,
            goal=f"< {MOST_MS_TO_PRINTER} ms",
            is_met=milliseconds < MOST_MS_TO_PRINTER,
        )
    )
    return figures


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
