"""The return analysis sheet (退货分析处理单, 004-J) as an Excel form."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from qms_desktop import i18n
from qms_desktop.documents.sheet import (
    BARE,
    BODY,
    CENTRED,
    FIGURE,
    HEAD,
    LABEL_FILL,
    MONEY_FORMAT,
    NOTE,
    PALE,
    PIECES_FORMAT,
    SMALL,
    TOTAL,
    TOTAL_FIGURE,
    Look,
    Sheet,
    money_text,
    printable,
    short_moment,
)
from qms_desktop.i18n import _
from qms_desktop.rules.money import amount_in_capitals
from qms_desktop.steps.claim_sheet import RESPONSIBILITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qms_desktop.steps.claim_sheet import ClaimSheetLine, ReturnAnalysisSheet, SettlementPart, SignaturePlace

CHINESE_WIDTHS_MM = (10, 36, 22, 18, 17, 23, 28, 40, 16, 33, 17, 25)
ENGLISH_WIDTHS_MM = (9, 35, 21, 19, 17, 23, 28, 40, 23, 31, 16, 24)
ROWS_OF_THE_FORM = 9
SIGNATURES_A_ROW = 7
# Seven places over twelve columns: first column and width of each.
SIGNATURE_SPANS = ((1, 2), (3, 2), (5, 2), (7, 1), (8, 1), (9, 2), (11, 2))


def write(x: ReturnAnalysisSheet, language: str) -> bytes:
    """Write the sheet in a language (zh_CN, zh_TW or en) and give the bytes of the .xlsx file."""
    with i18n.speaking(language):
        sheet = Sheet(
            title=_("Return analysis sheet"),
            company=x.company,
            form_number=x.form_number,
            widths_mm=ENGLISH_WIDTHS_MM if language == "en" else CHINESE_WIDTHS_MM,
            landscape=True,
            printed_at=x.printed_at,
            zone=x.zone,
        )
        _write_reference(sheet, x)
        _write_head(sheet, x.currency)
        first = sheet.row
        for position, line in enumerate(x.lines, start=1):
            _write_line(sheet, position, line)
        sheet.blank_below(ROWS_OF_THE_FORM - len(x.lines), minimum_pt=24)
        sheet.keep_rest_together()
        _write_totals(sheet, x, first)
        _write_settlement(sheet, x)
        _write_signatures(sheet, x.signatures, x.zone)
        _write_approval(sheet, x)
        return sheet.to_bytes()


def _write_reference(sheet: Sheet, x: ReturnAnalysisSheet) -> None:
    line = replace(BARE, size_pt=10.5)
    customer = _("Customer: {name} ({number})").format(name=x.customer, number=x.customer_number)
    sheet.text(1, customer, line, span=6)
    day = _("{year}-{month:02}-{day:02}").format(year=x.day.year, month=x.day.month, day=x.day.day)
    sheet.text(7, day, replace(line, align="center"), span=2)
    numbers = f"{x.claim_number} / {x.rma_number}"
    sheet.text(9, _("No. {numbers}").format(numbers=numbers), replace(line, bold=True, align="right"), span=4)
    sheet.end_row(20)


def _write_head(sheet: Sheet, currency: str) -> None:
    in_currency = _("CNY") if currency == "CNY" else currency
    sheet.head(
        (
            _("No."),
            _("Model / specification"),
            _("Ex factory"),
            _("Quantity / unit"),
            _("Unit price\n({currency})").format(currency=in_currency),
            _("Total / selling price\n({currency})").format(currency=in_currency),
            _("Stated reason of return"),
            _("Final cause"),
            _("Responsi-\nbility"),
            _("Disposition"),
            _("Refund ratio"),
            _("Refund to customer\n({currency})").format(currency=in_currency),
        ),
        minimum_pt=32,
    )


def _write_line(sheet: Sheet, position: int, line: ClaimSheetLine) -> None:
    row = sheet.row
    sheet.figure(1, position, "0", CENTRED)
    identity = f"{line.model}  {line.lot}".strip()
    sheet.text(2, "\n".join(part for part in (line.product, identity) if part))
    sheet.day(3, line.ex_factory)
    sheet.figure(4, line.pieces, _unit_format(line.unit))
    sheet.figure(5, line.unit_price, MONEY_FORMAT)
    sheet.formula(6, f"=ROUND(D{row}*E{row},2)", result=line.total, number_format=MONEY_FORMAT)
    sheet.text(7, line.stated_reason)
    sheet.text(8, line.final_cause, SMALL)
    sheet.text(9, _responsibility(line.responsibility_code), CENTRED)
    sheet.text(10, line.disposition, SMALL)
    sheet.figure(11, line.refund_ratio, "0.##%_ " if line.refund_ratio * 100 % 1 else "0%_ ", FIGURE)
    sheet.formula(12, f"=ROUND(F{row}*K{row},2)", result=line.refund, number_format=MONEY_FORMAT)
    sheet.end_row(36)


def _unit_format(unit: str) -> str:
    """Carry the unit in the number format, so that the cell stays a number."""
    return f'#,##0" {printable(unit).replace(chr(34), "")}"_ ' if unit else PIECES_FORMAT


def _responsibility(code: int | None) -> str:
    if code is None:
        return "—"
    return f"{code} {_(RESPONSIBILITIES[code])}"


def _write_totals(sheet: Sheet, x: ReturnAnalysisSheet, first: int) -> None:
    last = max(first, sheet.row - 1)
    sheet.text(1, _("Total"), TOTAL, span=3)
    sheet.formula(4, f"=SUM(D{first}:D{last})", result=x.pieces, number_format="#,##0_ ", look=TOTAL_FIGURE)
    sheet.blank(TOTAL, start=5, end=5)
    sheet.formula(6, f"=SUM(F{first}:F{last})", result=x.total, number_format=MONEY_FORMAT, look=TOTAL_FIGURE)
    sheet.text(7, _refused_text(x), replace(SMALL, fill=LABEL_FILL), span=5)
    sheet.formula(12, f"=SUM(L{first}:L{last})", result=x.refund, number_format=MONEY_FORMAT, look=TOTAL_FIGURE)
    sheet.end_row(22)


def _refused_text(x: ReturnAnalysisSheet) -> str:
    if not x.refused_pieces:
        return _("No pieces refused.")
    classes = _(", ").join(f"{code} {pieces}" for code, pieces in x.refused_pieces)
    return _("Refused {pieces} ({classes}), not counted for the settlement.").format(
        pieces=sum(pieces for _code, pieces in x.refused_pieces), classes=classes
    )


def _write_settlement(sheet: Sheet, x: ReturnAnalysisSheet) -> None:
    figures = money_text(x.refund, x.currency)
    in_capitals = x.currency == "CNY" and i18n.language() != "en"
    template = (
        _("Refund to the customer: in figures {figures}, in capitals {capitals}")
        if in_capitals
        else _("Refund to the customer: {figures}")
    )
    capitals = amount_in_capitals(x.refund) if in_capitals else ""
    sheet.line_across(template.format(figures=figures, capitals=capitals), Look(size_pt=11, bold=True), minimum_pt=26)
    sheet.line_across(_settled_text(x), BODY)
    for note in x.notes:
        sheet.line_across(note, NOTE, minimum_pt=18)
    codes = "  ".join(f"{code} {_(name)}" for code, name in RESPONSIBILITIES.items())
    key = _("Responsibility codes: {codes}").format(codes=codes)
    if x.tax_percent is not None:
        key += "    " + _("Amounts include {percent} % tax.").format(percent=x.tax_percent.normalize())
    sheet.line_across(key, NOTE, minimum_pt=18)


def _settled_text(x: ReturnAnalysisSheet) -> str:
    parts = [_part_text(part, x.currency) for part in x.settlements]
    if x.not_settled_yet:
        parts.append(_("not settled yet {amount}").format(amount=money_text(x.not_settled_yet, x.currency)))
    if x.charged_to_supplier != Decimal(0):
        parts.append(_("charged to the supplier {amount}").format(amount=money_text(x.charged_to_supplier, x.currency)))
    return _("Of this: {parts}").format(parts="    ".join(parts))


def _part_text(part: SettlementPart, currency: str) -> str:
    template = _("{name} {amount} ({reference})") if part.reference else _("{name} {amount}")
    return template.format(name=_(part.name), amount=money_text(part.amount, currency), reference=part.reference)


def _write_signatures(sheet: Sheet, places: Sequence[SignaturePlace], zone: str) -> None:
    for start in range(0, len(places), SIGNATURES_A_ROW):
        row = places[start : start + SIGNATURES_A_ROW]
        for place, (column, span) in zip(row, SIGNATURE_SPANS, strict=False):
            sheet.text(column, _(place.place), replace(HEAD, size_pt=9, fill=LABEL_FILL), span=span)
        sheet.end_row(20)
        for place, (column, span) in zip(row, SIGNATURE_SPANS, strict=False):
            sheet.text(column, _signature_text(place, zone), _signature_look(place), span=span)
        sheet.end_row(50)


def _signature_text(place: SignaturePlace, zone: str) -> str:
    if place.signed_at is None:
        return _("{name}\nSignature / date:").format(name=place.name).strip()
    return _("{name}\n● signed electronically\n{moment}").format(
        name=place.name, moment=short_moment(place.signed_at, zone)
    )


def _signature_look(place: SignaturePlace) -> Look:
    return Look(size_pt=9, align="center", colour=PALE) if place.signed_at is None else Look(size_pt=9, align="center")


def _write_approval(sheet: Sheet, x: ReturnAnalysisSheet) -> None:
    """Write who approves by the authority table, and which figures made it so."""
    if not x.approval:
        return
    title = _("Approval: {reason}").format(reason=x.approval_reason) if x.approval_reason else _("Approval")
    signed = "    ".join(
        _("{place}: {name}").format(place=_(place.place), name=_signature_text(place, x.zone).replace("\n", " "))
        for place in x.approval
    )
    sheet.text(1, title, replace(SMALL, bold=True, fill=LABEL_FILL), span=6)
    sheet.text(7, signed, SMALL, span=6)
    sheet.end_row(24)
