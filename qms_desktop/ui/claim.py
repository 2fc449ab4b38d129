"""The claim page: lines, places of the sheet, approval by the authority table, what was given, the Excel form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from qms_desktop import documents, i18n
from qms_desktop.errors import Unavailable
from qms_desktop.i18n import N_, _
from qms_desktop.permissions import Permission
from qms_desktop.rules import access, due
from qms_desktop.rules.scan import CodeKind
from qms_desktop.steps import claim
from qms_desktop.steps.claim import ClaimState
from qms_desktop.ui import cards, claim_approval, claim_deeds, claim_new, plant_time, theme, trade_words, wording
from qms_desktop.ui.approval import ApprovalPanel
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.cells import Cell, TwoLine
from qms_desktop.ui.claim_words import settlement, state_of, station_of, stations
from qms_desktop.ui.list_reading import gather
from qms_desktop.ui.list_side import PAGE_ROWS, Filter, ListPage, ListSide
from qms_desktop.ui.record import Link, RecordHead
from qms_desktop.ui.record_page import Beside, RecordPage, RecordView
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.sorting_words import RESPONSIBILITIES
from qms_desktop.ui.table import Column, Table, TableModel, fixed_rows
from qms_desktop.ui.text import Text
from qms_desktop.ui.workplace import Destination

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from qms_desktop.rules.scan import ScannedCode
    from qms_desktop.session import Session
    from qms_desktop.steps.claim_reading import ClaimShown, LineShown, PlaceShown, PositionShown
    from qms_desktop.steps.claim_sheet import ReturnAnalysisSheet
    from qms_desktop.ui.workplace import Workplace

S = ClaimState
FILTERS = (
    Filter("open", lambda: _("Still open")),
    Filter("approval", lambda: _("To sign")),
    Filter("approved", lambda: _("To execute")),
    Filter("all", lambda: _("All")),
)
_STATES: dict[str, tuple[ClaimState, ...]] = {
    "open": (S.DRAFT, S.REVIEWED, S.CALCULATED, S.APPROVAL, S.APPROVED, S.EXECUTED),
    "approval": (S.APPROVAL,),
    "approved": (S.APPROVED,),
    "all": (),
}
NOT_WRITTEN = N_("The file {name} cannot be written: {why}. Choose another place, or close it in Excel.")


@dataclass(frozen=True)
class ClaimRead:
    """A claim with what its page says beside it; the sheet is None for those who may not see money."""

    shown: ClaimShown
    sheet: ReturnAnalysisSheet | None
    names: Mapping[str, str]
    now: datetime


@dataclass(frozen=True)
class LineOfClaim:
    """A line of the table: a position, one way of settling it, and whether it is the position's first line."""

    position: PositionShown
    line: LineShown | None
    is_first: bool


def read_list(session: Session, *, which: str, text: str, before_id: int | None) -> ListPage:
    """Give a page of the list of claims."""
    rows, more = gather(
        lambda last: claim.listed(session, states=_STATES[which], before_id=last, count=PAGE_ROWS),
        before_id=before_id,
        text=text,
        words=lambda one: (one.number, one.rma_number, one.customer_code, one.customer_name, one.customer_short_name),
    )
    return ListPage(rows, more, _("Claims, newest first: {count}").format(count=len(rows)))


def read_record(session: Session, *, claim_id: int) -> ClaimRead:
    """Give one claim with its sheet and the people's names."""
    sheet = claim.sheet(session, claim_id=claim_id) if session.may(Permission.READ_MONEY) else None
    names = {person.login: person.name for person in access.listed(session)}
    return ClaimRead(claim.show(session, claim_id=claim_id), sheet, names, due.moment(session))


def write_sheet(session: Session, *, claim_id: int, language: str, path: Path) -> Path:
    """Write the return analysis sheet as an Excel file; raises Unavailable when the place cannot be written."""
    written = documents.return_analysis_sheet.write(claim.sheet(session, claim_id=claim_id), language)
    try:
        path.write_bytes(written)
    except OSError as error:
        raise Unavailable(NOT_WRITTEN, name=path.name, why=error.strerror or str(error)) from error
    return path


def lines_of(shown: ClaimShown) -> list[LineOfClaim]:
    """Put each way of settling beside its position; a position that is not settled stands alone."""
    made = []
    for position in shown.positions:
        own = [line for line in shown.lines if line.position_id == position.id]
        made += [LineOfClaim(position, line, place == 0) for place, line in enumerate(own)] or [
            LineOfClaim(position, None, is_first=True)
        ]
    return made


class ClaimPage(RecordPage):
    """Ctrl+N prepares a claim; a scanned claim number opens it."""

    view: ClaimView
    watches = frozenset({"claim", "claim_place_signature", "claim_delivery", "claim_payment", "claim_charge_back"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self.record: ClaimRead | None = None
        empty = cards.EmptyPage(
            "receipt-yuan",
            lambda: _("Claims of sorted returns stand here"),
            lambda: _("When the goods are sorted, sales says what is settled by goods, in cash or by a discount."),
        )
        side = ListSide(
            self,
            _list_columns(),
            name="claims",
            spoken_name=lambda: _("Claims"),
            filters=FILTERS,
            reading=read_list,
            empty=empty,
        )
        side.setMinimumWidth(min(theme.px(460), 480))
        self.new = Button(
            lambda: _("New claim…"), icon="plus", key="Ctrl+N", show_key=False, clicked=self.begin
        ).ask_permission(workplace.session, claim.prepare)
        nothing = cards.EmptyPage(
            "receipt-yuan", lambda: _("No claim is chosen"), lambda: _("Choose one from the list, or scan its number.")
        )
        self.put(
            side,
            ClaimView(self),
            nothing=nothing,
            head=row(Text(lambda: _("Claim"), theme.TITLE, bold=True), STRETCH, self.new),
            shares=(5, 9),
        )

    def take_scan(self, code: ScannedCode) -> bool:
        return code.kind is CodeKind.CLAIM and self.open_numbered(code.number)

    def read_record(self, record_id: int) -> None:
        self.read(read_record, then=self.show_read, slot="claim.record", claim_id=record_id)

    def begin(self) -> None:
        """Prepare a claim for a sorted return."""
        claim_new.begin(self, then=self._prepared)

    def _prepared(self, made: claim.Prepared) -> None:
        self.record_id = made.claim_id
        words = _("Claim {number} is prepared; it is reviewed against the contract next.")
        self.booked(words.format(number=made.number))

    def ask_where(self) -> None:
        """Ask where the Excel form is put."""
        if self.record is None:
            return
        dialog = QFileDialog(self, _("Save the return analysis sheet"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Excel (*.xlsx)")
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"{self.record.shown.row.number}.xlsx")
        dialog.fileSelected.connect(lambda chosen: self.save_sheet(Path(chosen)))
        dialog.open()

    def save_sheet(self, path: Path) -> None:
        """Write the Excel form off the window's thread."""
        self.read(
            write_sheet,
            then=lambda written: self.say(_("Saved: {path}").format(path=written)),
            claim_id=self.record_id,
            language=i18n.language(),
            path=path,
        )


class ClaimView(RecordView):
    """The record: head, lines with their total, what is given, the seven places, the approval."""

    def __init__(self, page: ClaimPage) -> None:
        super().__init__(page, RecordHead(stations))
        self._page = page
        self.model = TableModel(_line_columns())
        self.lines = Table(self.model, name="claim_lines", spoken_name=lambda: _("Lines of the claim"), row_height=46)
        self.pieces = Text("", bold=True)
        self.amount = Text("", theme.CARD_TITLE, bold=True)
        total = row(STRETCH, Text(lambda: _("Total"), theme.SMALL, ink="text2"), self.pieces, 16, self.amount)
        self.facts = cards.Facts(label_width=130)
        self.given = cards.Facts(label_width=130)
        self.places = claim_approval.PlacesCard(page.workplace.session, self._sign_place)
        self.approval = ApprovalPanel()
        left = column(
            cards.card(cards.card_head("truck", lambda: _("Given to the customer")), self.given),
            self.places,
            cards.card(cards.card_head("list-details", lambda: _("Facts")), self.facts),
            STRETCH,
            gap=12,
        )
        right = column(self.approval, STRETCH)
        body = column(self.lines, total, row((left, 1), right, gap=12), STRETCH, gap=10)
        self.put(body, beside=Beside(right, lambda: _("Approval"), 320))

    def _sign_place(self, place: PlaceShown) -> None:
        if self._page.record is not None:
            claim_deeds.sign_place(self._page, self._page.record.shown, place)

    def show_read(self, read: ClaimRead) -> None:
        shown, one = read.shown, read.shown.row
        self._show_head(read)
        rows = lines_of(shown)
        self.model.show(rows)
        fixed_rows(self.lines, max(len(rows), 1))
        self.pieces.say(wording.all_pieces(one.pieces_settled))
        self.amount.say(wording.money(one.amount, one.currency) if one.amount is not None else "")
        self._show_given(read)
        may_sign = self._page.workplace.session.may(claim.sign_place.permission) and one.state is S.APPROVAL
        self.places.show_places(shown, may_sign=may_sign)
        claim_approval.show(self.approval, shown)
        self._show_facts(read)
        self.case.show_case(one.case_id)

    def _show_head(self, read: ClaimRead) -> None:
        one, page = read.shown.row, self._page
        self.head.show_number(one.number, [state_of(one)])
        self.head.show_facts(
            "building-factory-2",
            one.customer_name,
            [
                Link("", one.customer_code),
                Link(
                    lambda: _("RMA"),
                    one.rma_number,
                    lambda: page.workplace.go(Destination("rma", one.rma_id, one.rma_number)),
                ),
                Link(lambda: _("Prepared"), wording.moment(one.prepared_at)),
            ],
        )
        if self.head.stepper:
            self.head.stepper.show_current(station_of(one.state))
        sheet = Button(lambda: _("Excel form"), kind="ghost", icon="file-spreadsheet", clicked=page.ask_where)
        whole = Button(
            lambda: _("Whole case"),
            kind="ghost",
            icon="timeline",
            clicked=lambda: page.workplace.go(Destination("case", one.case_id)),
        )
        next_step, others = claim_deeds.buttons(page, read.shown)
        self.head.show_buttons(next_step, others, [sheet, whole] if read.sheet else [whole])

    def _show_given(self, read: ClaimRead) -> None:
        shown, facts = read.shown, []
        for one in shown.positions:
            if not one.pieces_goods:
                continue
            words = _("{advance} in advance, {delivered} delivered, {left} still to deliver").format(
                advance=wording.pieces(one.pieces_advance),
                delivered=wording.pieces(one.pieces_delivered),
                left=wording.pieces(one.pieces_to_deliver),
            )
            facts.append(cards.Fact(f"{one.product_code} {wording.pieces(one.pieces_goods, one.unit)}", words))
        if shown.sums is not None:
            given = wording.money(shown.sums.given, shown.row.currency)
            to_give = wording.money(shown.sums.to_give, shown.row.currency)
            words = _("{given} given, {left} still to give").format(given=given, left=to_give)
            facts.append(cards.Fact(lambda: _("Money"), words))
        if read.sheet is not None:
            for part in read.sheet.settlements:
                value = wording.money(part.amount, read.sheet.currency)
                words = _(part.name)
                facts.append(cards.Fact(words[:1].upper() + words[1:], f"{value} {part.reference}".strip()))
            charged = wording.money(read.sheet.charged_to_supplier, "CNY")
            facts.append(cards.Fact(lambda: _("Charged to suppliers"), charged))
        self.given.show_facts(facts)

    def _show_facts(self, read: ClaimRead) -> None:
        causes = [
            wording.explained(
                str(one.position), wording.listed((one.final_cause, _(RESPONSIBILITIES[one.responsibility])))
            )
            for one in read.shown.positions
            if one.final_cause and one.responsibility
        ]
        self.facts.show_facts(
            [
                cards.Fact(lambda: _("Final causes"), "\n".join(causes) or "\u2014"),
                cards.Fact(lambda: _("Remark"), read.shown.text or "\u2014"),
                cards.Fact(
                    lambda: _("Prepared by"), read.names.get(read.shown.row.prepared_by, read.shown.row.prepared_by)
                ),
            ]
        )


def _list_columns() -> list[Column]:
    return [
        Column(
            lambda: _("Claim"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.number, wording.day(plant_time.day_of(one.prepared_at))),
            116,
        ),
        Column(
            lambda: _("Customer"),
            Cell.TWO_LINE,
            lambda one: TwoLine(one.customer_short_name, one.rma_number, bold=False),
            90,
            stretch=True,
        ),
        Column(
            lambda: _("Amount"),
            Cell.NUMBER,
            lambda one: wording.money(one.amount, one.currency) if one.amount is not None else "\u2014",
            100,
        ),
        Column(lambda: _("State"), Cell.CHIP, state_of, 112),
    ]


def _line_columns() -> list[Column]:
    return [
        Column("#", Cell.TEXT, lambda one: str(one.position.position) if one.is_first else "", 30),
        Column(lambda: _("Product"), Cell.TWO_LINE, _product, 112, stretch=True),
        Column(lambda: _("Claimed"), Cell.NUMBER, _of_position("pieces_claimed"), 64),
        Column(lambda: _("Agreed"), Cell.NUMBER, _of_position("pieces_agreed"), 64),
        Column(lambda: _("Refused pcs"), Cell.TWO_LINE, _refused, 90, right=False),
        Column(lambda: _("Settled"), Cell.NUMBER, lambda one: wording.pieces(one.line.pieces) if one.line else "0", 64),
        Column(lambda: _("How"), Cell.TWO_LINE, _how, 84),
        Column(lambda: _("Price"), Cell.NUMBER, _price, 70),
        Column(lambda: _("Amount"), Cell.NUMBER, _amount, 90),
    ]


def _product(one: LineOfClaim) -> TwoLine:
    position = one.position
    name = f"{position.product_code} {position.product_name}".strip()
    return TwoLine(name, position.lot_number) if one.is_first else TwoLine("", "")


def _of_position(name: str) -> Callable[[LineOfClaim], str]:
    return lambda one: wording.pieces(getattr(one.position, name)) if one.is_first else ""


def _refused(one: LineOfClaim) -> TwoLine:
    if not one.is_first or not one.position.refused:
        return TwoLine("0" if one.is_first else "", bold=False)
    total = sum(pieces for _reason, pieces in one.position.refused)
    return TwoLine(
        wording.pieces(total),
        " ".join(f"{_(trade_words.REFUSALS[reason])[:2]} {pieces}" for reason, pieces in one.position.refused),
        tone="bad",
    )


def _how(one: LineOfClaim) -> TwoLine:
    if one.line is None:
        return TwoLine(_("nothing"), bold=False)
    share = wording.percent(one.line.ratio) if one.line.ratio != 1 else ""
    return TwoLine(settlement(one.line.kind), share, bold=False)


def _price(one: LineOfClaim) -> str:
    return wording.money(one.line.unit_price) if one.line and one.line.unit_price is not None else "\u2014"


def _amount(one: LineOfClaim) -> str:
    return wording.money(one.line.amount) if one.line and one.line.amount is not None else "\u2014"
