"""The typed rows that an import gives; they belong to the steps that take them in (steps/master_data_rows.py)."""

from __future__ import annotations

from qms_desktop.steps.master_data_rows import (
    CustomerRow,
    DefectCodeRow,
    DefectGrade,
    GenealogyRow,
    PersonRow,
    ProductRow,
    RateRow,
    ReturnNotice,
    ReturnNoticeLine,
    ShipmentRow,
    SourceRow,
    StockRow,
    SupplierRow,
)

__all__ = [
    "CustomerRow",
    "DefectCodeRow",
    "DefectGrade",
    "GenealogyRow",
    "PersonRow",
    "ProductRow",
    "RateRow",
    "ReturnNotice",
    "ReturnNoticeLine",
    "ShipmentRow",
    "SourceRow",
    "StockRow",
    "SupplierRow",
]
