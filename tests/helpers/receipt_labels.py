"""Labels of the story's return, and reading a code back from what was drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import zxingcpp

from qms_desktop.steps.receipt_label import LabelStatus, ReceiptLabel

if TYPE_CHECKING:
    from PIL.Image import Image
    from PySide6.QtGui import QImage

PAYLOAD = "R20261103001.1.000042"

_QUARANTINED = ReceiptLabel(
    status=LabelStatus.QUARANTINED,
    rma_number="R20261103001",
    rma_line=1,
    serial=42,
    product_code="YQ-22",
    product_name="气弹簧",
    model="气弹簧 B781 242N",
    lot="L2610A",
    customer_name="华东远航汽配有限公司",
    customer_short_name="华东远航",
    received_on=dt.date(2026, 11, 4),
    pieces=60,
    unit="支",
)

HOSTILE = "^XA^FO0,0~JA_^<>\\&%@"
LONG_TEXTS = {
    "long Chinese": "华东远航汽车零部件配套与国际贸易（集团）有限责任公司上海第二分公司" * 2,
    "traditional Chinese": "臺灣遠航汽車零組件股份有限公司",
    "Latin": "Huadong Yuanhang International Automotive Parts and Trading Company Limited",
    "umlauts": "Größere Gasfeder für Übergänge, weiß, Fußpedal œuvre Škoda",
    "hostile": HOSTILE,
    "rare characters": "㙍𠮷𣲘",
    "nothing": "",
}


def a_label(**changes: Any) -> ReceiptLabel:  # noqa: ANN401 - the fields have their own types
    """Give label 42 of the story, with some fields changed."""
    return replace(_QUARANTINED, **changes)


def a_void_label(**changes: Any) -> ReceiptLabel:  # noqa: ANN401 - as above
    """Give label 42 after its carton was split into five."""
    return a_label(**{"status": LabelStatus.VOID, "replaced_by": (52, 53, 54, 55, 56), **changes})


def codes_read(picture: QImage | Image) -> dict[str, str]:
    """Read all codes of a picture: kind of code to its text."""
    return {code.format.name: code.text for code in zxingcpp.read_barcodes(picture)}
