"""Writing an 8D report: it is opened for a complaint line and filled section by section.

Each section has a version: two people in different sections both save; in the same one the second is shown both texts
and nothing is lost (database.md §6). What is taken out of a list stays on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qms_desktop.action import action
from qms_desktop.db.attachment import Attachment
from qms_desktop.db.complaint import Complaint, ComplaintLine
from qms_desktop.db.eight_d import (
    EightD,
    EightDCause,
    EightDLink,
    EightDSection,
    EightDText,
    EightDWhy,
    EightDWording,
    ReportState,
    Section,
)
from qms_desktop.db.eight_d.report import CHAMPION_IS_NOT_LEADER, ONE_REPORT_A_LINE
from qms_desktop.db.master_data import Person
from qms_desktop.db.record import change, lock, take
from qms_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission
from qms_desktop.rules import search
from qms_desktop.steps.eight_d.shelves import Entry, PhotoRow, canonical, shelf_of
from qms_desktop.steps.eight_d_content import Progress, RootCause

if TYPE_CHECKING:
    from datetime import date, datetime

    from qms_desktop.db.eight_d import EightDRow
    from qms_desktop.session import Session

NO_SUCH_PERSON = N_("There is nobody with the sign-in name {login}.")
NO_TITLE = N_("Give the report a title: product, lot and what is wrong.")
ROWS_OF_ANOTHER_KIND = N_("These rows are of another kind than the list that they go into.")
SECTION_CHANGED = N_(
    "{who} saved section {section} while you were writing. Both texts are kept: compare them and save again."
)


class SectionChanged(ChangedMeanwhile):
    """The same section was saved by somebody else first; both texts are here, so that the page can show them."""

    def __init__(self, section: EightDSection, *, theirs: tuple[Entry, ...], mine: tuple[Entry, ...]) -> None:
        super().__init__(SECTION_CHANGED, who=section.saved_by or section.created_by, section=str(section.section))
        self.theirs = theirs
        self.mine = mine
        self.present_version: int = section.version
        self.saved_by: str = section.saved_by or section.created_by
        self.saved_at: datetime = section.saved_at or section.created_at


@dataclass(frozen=True)
class Opened:
    """A report that was opened: its number and its case."""

    eight_d_id: int
    number: str
    case_id: int


@action(Permission.EIGHT_D_WRITE)
def open_report(
    session: Session, *, complaint_line_id: int, title: str, leader: str | None = None, champion: str | None = None
) -> Opened:
    """Open the 8D report of a complaint line; what the complaint says already is entered in D2 (domain.md §16 "8D").

    `leader` and `champion` are sign-in names. Raises Refused when the line has its report, InvalidInput without a
    title.
    """
    if not title.strip():
        raise InvalidInput(NO_TITLE, field="title")
    line = take(ComplaintLine, complaint_line_id)
    if EightDLink.select().where(EightDLink.complaint_line == line).exists():
        ONE_REPORT_A_LINE.refuse()
    report = EightD.create(
        case=line.case_id,
        complaint_line=line,
        title=title,
        state=ReportState.OPEN,
        **_leading(leader, champion),
    )
    EightDLink.create(case=line.case_id, eight_d=report, complaint_line=line)
    for section in Section:
        EightDSection.create(case=line.case_id, eight_d=report, section=section)
    complaint = take(Complaint, line.complaint_id)
    known = (
        Entry("customer_words", line.customer_words),
        Entry("reported_at", complaint.received_at),
        Entry("found_at", line.found_where),
        Entry("lot", line.lot_number),
        Entry("date_code", line.date_code),
    )
    _write(report.id, line.case_id, Section.D2, tuple(entry for entry in known if entry.value))
    number = take(EightD, report.id).number
    customer = complaint.customer
    words = (title, complaint.number, customer.name, customer.short_name, line.product.code, line.lot_number)
    search.keep(search.Kind.EIGHT_D, report.id, case_id=line.case_id, title=number, text=" ".join(words))
    return Opened(report.id, number, line.case_id)


def _leading(leader: str | None, champion: str | None) -> dict[str, Person | None]:
    if leader and leader == champion:
        CHAMPION_IS_NOT_LEADER.refuse()
    return {"leader": _person(leader, "leader"), "champion": _person(champion, "champion")}


def _person(login: str | None, field: str) -> Person | None:
    if not login:
        return None
    found: Person | None = Person.get_or_none((Person.login == login) & Person.is_active)
    if found is None:
        raise InvalidInput(NO_SUCH_PERSON, field=field, login=login)
    return found


@action(Permission.EIGHT_D_WRITE)
def appoint(session: Session, *, eight_d_id: int, leader: str, champion: str | None = None) -> None:
    """Name the leader and the champion, who is somebody else (000-T D1)."""
    change(lock(EightD, eight_d_id), **_leading(leader, champion))


@action(Permission.EIGHT_D_WRITE)
def rename(session: Session, *, eight_d_id: int, title: str) -> None:
    """Give the report another title."""
    if not title.strip():
        raise InvalidInput(NO_TITLE, field="title")
    change(lock(EightD, eight_d_id), title=title)


@action(Permission.EIGHT_D_WRITE)
def attach_line(session: Session, *, eight_d_id: int, complaint_line_id: int) -> None:
    """Let the report answer a further complaint line; its home stays the case of the first."""
    report = take(EightD, eight_d_id)
    line = take(ComplaintLine, complaint_line_id)
    if EightDLink.select().where(EightDLink.complaint_line == line).exists():
        ONE_REPORT_A_LINE.refuse()
    EightDLink.create(case=report.case_id, eight_d=report, complaint_line=line)


@action(Permission.EIGHT_D_WRITE)
def save_section(
    session: Session, *, eight_d_id: int, section: Section, read_version: int, fields: tuple[Entry, ...]
) -> int:
    """Save fields of a section that stand once, and give the section's new version.

    Fields that are not named stay. Raises SectionChanged with both texts when somebody saved the section since
    `read_version`, InvalidInput for an unknown field or a value of another kind.
    """
    row = _taken(eight_d_id, section, read_version, fields)
    _write(eight_d_id, row.case_id, section, fields)
    change(row)
    return row.version


def _taken(eight_d_id: int, section: Section, read_version: int, mine: tuple[Entry, ...] = ()) -> EightDSection:
    found = EightDSection.get_or_none((EightDSection.eight_d == eight_d_id) & (EightDSection.section == section))
    if found is None:
        raise NotFound(N_("There is no such report. Reload the page."))
    row = lock(EightDSection, found.id)
    if row.version != read_version:
        raise SectionChanged(row, theirs=entries_of(eight_d_id, section), mine=mine)
    return row


def entries_of(eight_d_id: int, section: Section) -> tuple[Entry, ...]:
    """Give the fields of a section as they are kept."""
    texts = EightDText.select().where((EightDText.eight_d == eight_d_id) & (EightDText.section == section))
    return tuple(Entry(text.field, text.text) for text in texts.order_by(EightDText.id))


def _write(eight_d_id: int, case_id: int, section: Section, entries: tuple[Entry, ...]) -> None:
    kept = {
        text.field: text
        for text in EightDText.select().where((EightDText.eight_d == eight_d_id) & (EightDText.section == section))
    }
    for entry in entries:
        text = canonical(section, entry)
        if entry.field not in kept:
            EightDText.create(case=case_id, eight_d=eight_d_id, section=section, field=entry.field, text=text)
        elif kept[entry.field].text != text:
            change(kept[entry.field], text=text)


@action(Permission.EIGHT_D_WRITE)
def set_progress(
    session: Session,
    *,
    eight_d_id: int,
    section: Section,
    read_version: int,
    progress: Progress,
    owner: str = "",
    done_on: date | None = None,
    due_at: datetime | None = None,
) -> int:
    """Say how far a section is, whose it is, and by when it is due; give its new version."""
    row = _taken(eight_d_id, section, read_version)
    change(row, progress=str(Progress(progress)), owner=owner, done_on=done_on, due_at=due_at)
    return row.version


@action(Permission.EIGHT_D_WRITE)
def replace_rows(session: Session, *, eight_d_id: int, rows_of: type, rows: tuple[Any, ...], read_version: int) -> int:
    """Put a list in place of the present one, in this order, and give the section's new version.

    `rows_of` is the dataclass of the list (eight_d_content, PreventiveAction, PhotoRow); root causes bring their whys.
    Raises SectionChanged, InvalidInput, and Refused through the guards of the table.
    """
    shelf = shelf_of(rows_of)
    if not all(isinstance(row, rows_of) for row in rows):
        raise InvalidInput(ROWS_OF_ANOTHER_KIND, field="rows")
    section = _taken(eight_d_id, shelf.section, read_version)
    columns = [shelf.to_columns(row) for row in rows]
    if rows_of is PhotoRow:
        for values in columns:
            values["copy_sha256"] = take(Attachment, values["attachment"]).copy_sha256
    _replace(section, shelf.model, columns)
    if rows_of is RootCause:
        whys = [
            {"cause_code": cause.code, "fact": why.fact, "evidence": why.evidence}
            for cause in rows
            for why in cause.whys
        ]
        _replace(section, EightDWhy, whys)
    change(section)
    return section.version


def _replace(section: EightDSection, model: type[EightDRow], wanted: list[dict[str, Any]]) -> None:
    present = list(model.select().where(model.eight_d == section.eight_d_id).order_by(model.position))
    targets = [values | {"is_removed": False} for values in wanted]
    targets += [{"is_removed": True} for _row in present[len(wanted) :]]
    if model is EightDCause:
        # Codes are unique among the rows that count: two that change places must not meet on the way.
        for row, values in zip(present, targets, strict=False):
            if values.get("code") != row.code and not row.is_removed:
                change(row, is_removed=True)
    for row, values in zip(present, targets, strict=False):
        changed = {name: value for name, value in values.items() if _plain(row, name) != value}
        if changed:
            change(row, **changed)
    for position, values in enumerate(targets[len(present) :], start=len(present) + 1):
        model.create(case=section.case_id, eight_d=section.eight_d_id, position=position, **values)


def _plain(row: EightDRow, name: str) -> Any:  # noqa: ANN401 - as the column says
    return row.__data__.get(name)


@dataclass(frozen=True)
class Wording:
    """A sentence as it stands in the report, and as it reads in the other language."""

    source: str
    text: str


@action(Permission.EIGHT_D_WRITE)
def save_wording(session: Session, *, eight_d_id: int, language: str, wording: tuple[Wording, ...]) -> None:
    """Keep how sentences of this report read in another language, for its paper in that language."""
    report = lock(EightD, eight_d_id)
    kept = {
        row.source: row
        for row in EightDWording.select().where(
            (EightDWording.eight_d == report) & (EightDWording.language == language)
        )
    }
    for said in dict.fromkeys(wording):
        if said.source not in kept:
            kept[said.source] = EightDWording.create(
                case=report.case_id, eight_d=report, language=language, source=said.source, text=said.text
            )
        elif kept[said.source].text != said.text:
            change(kept[said.source], text=said.text)
