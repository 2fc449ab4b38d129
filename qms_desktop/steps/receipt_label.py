"""The label of one carton of returned goods: its states, its words and the code that a scanner reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_

if TYPE_CHECKING:
    import datetime as dt

UNREADABLE_LOT = "批号不明"

_PAYLOAD = re.compile(r"([A-X][0-9]{11,12})\.([0-9]{1,3})\.([0-9]{6,9})")


class LabelStatus(StrEnum):
    """What may be done with the goods in the carton; printed in Chinese and English on every label."""

    PROVISIONAL = "provisional"
    QUARANTINED = "quarantined"
    AWAITING_REWORK = "awaiting_rework"
    AWAITING_REPAIR = "awaiting_repair"
    AWAITING_REPACK = "awaiting_repack"
    AWAITING_INSPECTION = "awaiting_inspection"
    GOOD = "good"
    CONCESSION = "concession"
    SCRAP = "scrap"
    RETURN_TO_CUSTOMER = "return_to_customer"
    RETURN_TO_SUPPLIER = "return_to_supplier"
    DISMANTLE = "dismantle"
    RETAINED = "retained"
    VOID = "void"

    @property
    def chinese(self) -> str:
        """The status word in Chinese."""
        return _WORDS[self][0]

    @property
    def english(self) -> tuple[str, ...]:
        """The status word in English: the full one first, then a shorter one for small labels."""
        return _WORDS[self][1:]


_WORDS = {
    LabelStatus.PROVISIONAL: ("待判定·禁止出货", "DO NOT SHIP", "HOLD"),
    LabelStatus.QUARANTINED: ("客退隔离", "QUARANTINE"),
    LabelStatus.AWAITING_REWORK: ("待返工", "AWAITING REWORK", "REWORK"),
    LabelStatus.AWAITING_REPAIR: ("待返修", "AWAITING REPAIR", "REPAIR"),
    LabelStatus.AWAITING_REPACK: ("待重新包装", "AWAITING REPACK", "REPACK"),
    LabelStatus.AWAITING_INSPECTION: ("完工待检", "AWAITING INSPECTION", "TO INSPECT"),
    LabelStatus.GOOD: ("合格", "ACCEPTED", "OK"),
    LabelStatus.CONCESSION: ("让步接收", "CONCESSION", "CONC."),
    LabelStatus.SCRAP: ("报废", "SCRAP"),
    LabelStatus.RETURN_TO_CUSTOMER: ("退客户", "RETURN TO CUSTOMER", "TO CUSTOMER"),
    LabelStatus.RETURN_TO_SUPPLIER: ("退供方", "RETURN TO SUPPLIER", "TO SUPPLIER"),
    LabelStatus.DISMANTLE: ("拆解", "DISMANTLE"),
    LabelStatus.RETAINED: ("留样", "RETAINED SAMPLE", "SAMPLE"),
    LabelStatus.VOID: ("作废", "VOID"),
}


@dataclass(frozen=True, kw_only=True)
class LabelCode:
    """What a scanner reads from a label: RMA, line and label serial; all else comes from the database.

    Only letters, digits and the full stop, without Y and Z, so that a scanner set to another keyboard than the PC
    still types it right. Raises ValueError when a number cannot stand in such a code.
    """

    rma_number: str
    rma_line: int
    serial: int

    def __post_init__(self) -> None:
        if not _PAYLOAD.fullmatch(self.payload):
            raise ValueError(f"no label code can be made of {self.payload!r}")

    @property
    def payload(self) -> str:
        """The text of the DataMatrix and of the Code 128, for example R20261103001.1.000042."""
        return f"{self.rma_number}.{self.rma_line}.{self.serial:06d}"


@dataclass(frozen=True, kw_only=True)
class ReceiptLabel:
    """One paper label as it is printed; a reprint is the same label with a count, a void one names its successors.

    Raises ValueError when the numbers cannot stand in a label's code, or the pieces are below 1.
    """

    status: LabelStatus
    rma_number: str
    rma_line: int
    serial: int
    product_code: str
    product_name: str
    model: str
    lot: str | None
    customer_name: str
    customer_short_name: str
    received_on: dt.date
    pieces: int
    unit: str
    carton: int | None = None
    reprint: int = 0
    replaced_by: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.pieces < 1 or self.reprint < 0:
            raise ValueError(f"label {self.serial}: {self.pieces} pieces, reprint {self.reprint}")
        _ = self.code

    @property
    def code(self) -> LabelCode:
        """What its barcodes say."""
        return LabelCode(rma_number=self.rma_number, rma_line=self.rma_line, serial=self.serial)

    @property
    def lot_shown(self) -> str:
        """The lot as read from the carton, or the word for an unreadable one; never the RMA's lot."""
        return self.lot or UNREADABLE_LOT

    @property
    def product_shown(self) -> str:
        """Name and model of the product, the name once where the model begins with it."""
        if self.model.startswith(self.product_name):
            return self.model
        return f"{self.product_name} {self.model}".strip()


def read_label_code(scanned: str) -> LabelCode:
    """Take apart what a scanner typed; raises InvalidInput for anything but the whole code of one label."""
    found = _PAYLOAD.fullmatch(scanned.strip())
    if found is None:
        raise InvalidInput(
            N_(
                "“{scanned}” is not the code of one label. Scan the label again; if this repeats, switch the keyboard "
                "to English and Caps Lock off."
            ),
            field="label",
            scanned=scanned[:60],
        )
    return LabelCode(rma_number=found[1], rma_line=int(found[2]), serial=int(found[3]))
