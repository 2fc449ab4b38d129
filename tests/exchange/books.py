"""Workbooks made part by part, so that a test can put into them what no library would write."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_PART = "xl/worksheets/sheet1.xml"

CUSTOMER_HEADINGS = ("客户编号", "客户名称", "国内/国外")
SHIPMENT_HEADINGS = (
    "出货单号",
    "订单号",
    "客户编号",
    "产品编号",
    "批号",
    "订单数量",
    "出货数量",
    "单价",
    "币种",
    "出货日期",
)
A_SHIPMENT: tuple[str | int | float, ...] = (
    "CK1",
    "SO1",
    "C1001",
    "YQ-22",
    "L2610A",
    800,
    600,
    50.76,
    "CNY",
    "2026-10-27",
)


def cell(reference: str, value: object, *, style: int = 0) -> str:
    """Give the XML of a cell: a text in the cell itself, or a number."""
    if isinstance(value, str):
        text = value.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{reference}" s="{style}"><v>{value!r}</v></c>'


def rows_xml(rows: Sequence[Sequence[object]], *, first: int = 1) -> str:
    """Give the XML of rows of texts and numbers; None leaves a cell out."""
    lines = []
    for number, row in enumerate(rows, first):
        cells = "".join(
            cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row) if value is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return "".join(lines)


def sheet_xml(inside: str, *, before: str = "", after: str = "") -> str:
    """Give a whole sheet around the XML of its rows."""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{inside}</sheetData>{after}</worksheet>'


def parts(
    sheet: str, *, workbook_properties: str = "", more: dict[str, str | bytes] | None = None
) -> dict[str, str | bytes]:
    """Give the parts of a workbook with one sheet named 表1; `more` adds parts or puts others in their place."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr {workbook_properties}/>'
        '<sheets><sheet name="表1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        SHEET_PART: sheet,
        **(more or {}),
    }


def pack(contents: dict[str, str | bytes], *, stored: bool = False) -> bytes:
    """Pack parts into a zip."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return written.getvalue()


def book(rows: Sequence[Sequence[object]], **more: str | bytes) -> bytes:
    """Give a workbook of plain rows."""
    return pack(parts(sheet_xml(rows_xml(rows)), more=dict(more)))


def saved(folder: Path, content: bytes, name: str = "表.xlsx") -> Path:
    """Save a file and give its path."""
    path = folder / name
    path.write_bytes(content)
    return path


def with_wrong_checksum(content: bytes, name: str) -> bytes:
    """Give the same zip with a wrong CRC for one part, in both places where it stands."""
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(name)
        right = struct.pack("<I", entry.CRC)
    wrong = struct.pack("<I", entry.CRC ^ 0xFFFF)
    start = 0
    while (place := changed.find(right, start)) >= 0:
        changed[place : place + 4] = wrong
        start = place + 4
    return bytes(changed)
