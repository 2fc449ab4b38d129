"""Receipt labels: how many a second, each beside the bare codes of zxing-cpp; and from Enter to the printer."""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING, cast

import zxingcpp
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from benchmarks import MS, Limit, Ratio, medians
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


class Serials:
    """Does some work again and again, every time with another serial."""

    def __init__(self, work: Callable[[int], object], count: int) -> None:
        self.work, self.count, self.last = work, count, 0

    def __call__(self) -> None:
        """Make as many labels as a round has."""
        for _label in range(self.count):
            self.last += 1
            self.work(self.last)


def rates(works: dict[str, Callable[[int], object]], *, count: int, rounds: int) -> dict[str, float]:
    """Give how often each work is done in a second."""
    found = medians({name: Serials(work, count) for name, work in works.items()}, rounds=rounds)
    return {name: count / taken for name, taken in found.items()}


def seconds_to_printer(labels: int) -> float:
    """Give the 95th percentile from the made label to its bytes at a printer on loopback."""
    taken = []
    with printer_that(prints) as printer:
        device = LabelPrinter(host=HOST, port=printer.port, closes_after_label=False)
        for serial in range(1, labels + 1):
            begun, before = time.perf_counter(), len(printer.received)
            device.send(zpl(a_label(serial=serial), LabelSize.MEDIUM))
            while len(printer.received) == before:
                time.sleep(0.0002)
            taken.append(time.perf_counter() - begun)
    return statistics.quantiles(taken, n=20)[-1]


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Measure labels a second, against zxing-cpp drawing the same codes alone, and the way to the printer."""
    drawing.ready()
    count, rounds, printed = (20, 3, 10) if short else (LABELS_A_ROUND, ROUNDS, PRINTED)
    lines: list[Ratio | Limit] = []
    for size in LabelSize:
        found = rates(
            {
                "floor": partial(bare_codes, size=size),
                "ZPL": partial(a_label_as, zpl, size=size),
                "picture": partial(a_label_as, bitmap, size=size),
            },
            count=count,
            rounds=rounds,
        )
        floor = found.pop("floor")
        lines += [
            Ratio(f"label {size.shown} mm, {kind}", floor, rate, LEAST_RATIO, "labels/s", more_is_better=True)
            for kind, rate in found.items()
        ]
    milliseconds = MS * seconds_to_printer(printed)
    return [*lines, Limit("label made and at the printer, 95 %", milliseconds, MOST_MS_TO_PRINTER, "ms")]
