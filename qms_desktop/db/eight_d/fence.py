"""The fence around the report's content: what a signature covers, who wrote, and what a closed report allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.db.case import Deadline
from qms_desktop.db.eight_d.content import ROWS, EightDRow, EightDSection, EightDText, EightDWording, Section
from qms_desktop.db.eight_d.report import (
    EightD,
    EightDCustomerAnswer,
    EightDDispatch,
    EightDEffect,
    EightDLink,
    EightDReopening,
    EightDSentBack,
    EightDVersion,
)
from qms_desktop.db.guards import Applied, Check, Guard, Refusal, Unique
from qms_desktop.db.rights import Right, insert, update
from qms_desktop.db.signed_content import Part, Signable
from qms_desktop.i18n import N_
from qms_desktop.permissions import Permission

if TYPE_CHECKING:
    from qms_desktop.db.record import Record

_INTERIM = (Section.D0, Section.D1, Section.D2, Section.D3)
SECTIONS_OF: dict[str, tuple[Section, ...]] = {
    "3D": _INTERIM,
    "5D": (*_INTERIM, Section.D4, Section.D5),
    "8D": tuple(Section),
}
_BOOKKEEPING = frozenset({"id", "created_by", "created_at", "version", "case_id", "eight_d_id"})


def _columns(model: type[EightDRow]) -> tuple[str, ...]:
    return tuple(f.column_name for f in model._meta.sorted_fields if f.column_name not in _BOOKKEEPING)


def _signable(kind: str) -> Signable:
    """Make what a signature on a version covers: the head and every section that this kind of version holds."""
    sections = SECTIONS_OF[kind]
    words = ", ".join(f"'{section}'" for section in sections)
    within = f"section IN ({words}) AND eight_d_id"
    return Signable(
        kind=f"eight_d_{kind.lower()}",
        table="eight_d",
        meanings={
            "SIGN_PLACE": Permission.EIGHT_D_WRITE,
            "REVIEW": Permission.EIGHT_D_REVIEW,
            "APPROVE": Permission.EIGHT_D_APPROVE,
        },
        columns=("number", "case_id", "complaint_line_id", "title", "leader_id", "champion_id", "revision"),
        parts=(
            Part("eight_d_section", within, ("section", "progress", "done_on", "due_at", "owner")),
            Part("eight_d_text", within, ("section", "field", "text")),
            Part("eight_d_wording", "eight_d_id", ("language", "source", "text")),
            *(
                Part(model._meta.table_name, "eight_d_id", _columns(model))
                for model, section in ROWS.items()
                if section in sections
            ),
        ),
    )


SIGNED = tuple(_signable(kind) for kind in SECTIONS_OF)


def _guards_of_content(table: str) -> tuple[Guard, ...]:
    """Make the guards of one table of content: its authors are known, and a closed report is not written at."""
    closed = "EXISTS (SELECT 1 FROM eight_d d WHERE d.id = NEW.eight_d_id AND d.state = 'CLOSED')"
    return tuple(
        guard
        for on in ("INSERT", "UPDATE")
        for guard in (
            Applied(
                name=f"{table}_{on.lower()}_is_authored",
                table=table,
                on=on,
                statement="INSERT INTO eight_d_author (case_id, eight_d_id) SELECT NEW.case_id, NEW.eight_d_id"
                " WHERE NOT EXISTS (SELECT 1 FROM eight_d_author a WHERE a.eight_d_id = NEW.eight_d_id"
                " AND a.created_by = qms_user())",
                must_touch=False,
                message=N_("The author of this text cannot be noted."),
                attacked_by="test_whoever_writes_a_row_past_the_program_is_an_author",
            ),
            Refusal(
                name=f"{table}_{on.lower()}_is_open",
                table=table,
                on=on,
                when=closed,
                message=N_("This report is closed. Reopen it with a reason before you change it."),
                attacked_by="test_a_closed_report_is_not_written_at",
            ),
        )
    )


CONTENT_TABLES = ("eight_d_section", "eight_d_text", "eight_d_wording", *(model._meta.table_name for model in ROWS))
CONTENT_GUARDS = tuple(guard for table in CONTENT_TABLES for guard in _guards_of_content(table))
SECTION_SAYS_WHO = Applied(
    name="section_says_who",
    table="eight_d_section",
    on="UPDATE OF version",
    statement="UPDATE eight_d_section SET saved_by = qms_user(), saved_at = qms_now() WHERE id = NEW.id",
    message=N_("The section does not exist."),
    attacked_by="test_who_saved_a_section_is_the_databases_word",
)
SECTION_ONCE = Unique(
    name="section_once",
    table="eight_d_section",
    columns=("eight_d_id", "section"),
    message=N_("The report has this section already."),
    attacked_by="test_a_report_has_each_section_and_field_once",
)
FIELD_ONCE = Unique(
    name="field_once",
    table="eight_d_text",
    columns=("eight_d_id", "section", "field"),
    message=N_("This field of the section exists already."),
    attacked_by="test_a_report_has_each_section_and_field_once",
)
WORDING_ONCE = Unique(
    name="wording_once",
    table="eight_d_wording",
    columns=("eight_d_id", "language", "source"),
    message=N_("This sentence has its wording in that language already."),
    attacked_by="test_a_report_has_each_section_and_field_once",
)
# A picture of the report's own case, or of the case of a further complaint line that it answers.
_NO_EVIDENCE = (
    "NOT NEW.is_removed AND NOT EXISTS (SELECT 1 FROM attachment a JOIN stored_file f ON f.id = a.file_id"
    " WHERE a.id = NEW.attachment_id AND a.copy_sha256 = NEW.copy_sha256 AND f.width_px IS NOT NULL"
    " AND (a.case_id = NEW.case_id OR EXISTS (SELECT 1 FROM eight_d_link k"
    " JOIN complaint_line l ON l.id = k.complaint_line_id"
    " WHERE k.eight_d_id = NEW.eight_d_id AND l.case_id = a.case_id))"
    " AND NOT EXISTS (SELECT 1 FROM attachment_withdrawal w WHERE w.attachment_id = a.id))"
)
PHOTO_IS_EVIDENCE, CHANGED_PHOTO_IS_EVIDENCE = (
    Refusal(
        name=name,
        table="eight_d_photo",
        on=on,
        when=_NO_EVIDENCE,
        message=N_("D2 shows pictures of the case that were not taken back. Choose one from the photos of the case."),
        attacked_by="test_a_report_shows_only_pictures_of_its_case",
    )
    for name, on in (("photo_is_evidence", "INSERT"), ("changed_photo_is_evidence", "UPDATE"))
)
SHOWN_PICTURE_STAYS = Refusal(
    name="shown_picture_stays",
    table="attachment_withdrawal",
    on="INSERT",
    when="EXISTS (SELECT 1 FROM eight_d_photo p WHERE p.attachment_id = NEW.attachment_id AND NOT p.is_removed)",
    message=N_("An 8D report shows this picture. Take it out of D2 first, then take it back here."),
    attacked_by="test_a_picture_that_a_report_shows_is_not_taken_back",
)
PLACE_IS_ONE_OF_SIX = Check(
    name="place_is_one_of_six",
    table="eight_d_suspect",
    expression="place IN ('customer', 'transit', 'finished_stock', 'work_in_progress', 'supplier', 'field')",
    message=N_("Suspect goods are at one of the six places."),
    attacked_by="test_suspect_stock_has_a_place_and_sums_that_agree",
)
CHECKED_IS_OK_AND_NOT_OK = Check(
    name="checked_is_ok_and_not_ok",
    table="eight_d_suspect",
    expression="(quantity IS NULL OR quantity >= 0) AND (checked IS NULL OR checked >= 0)"
    " AND (quantity IS NULL OR checked IS NULL OR checked <= quantity) AND (not_ok IS NULL OR not_ok >= 0)"
    " AND (ok IS NULL OR ok >= 0) AND (not_ok IS NULL OR checked IS NOT NULL AND not_ok <= checked)"
    " AND (ok IS NULL OR not_ok IS NULL OR ok + not_ok = checked)",
    message=N_("Pieces checked are pieces OK plus pieces not OK, and no more than there are."),
    attacked_by="test_suspect_stock_has_a_place_and_sums_that_agree",
)
CAUSE_KIND_IS_KNOWN = Check(
    name="cause_kind_is_known",
    table="eight_d_cause",
    expression="kind IN ('occurrence', 'escape', 'system') AND code <> ''"
    " AND (share_basis_points IS NULL OR share_basis_points BETWEEN 0 AND 10000)",
    message=N_("A root cause is one of occurrence, escape or system, with a code and a share of 0 to 100 %."),
    attacked_by="test_a_cause_has_a_kind_a_code_and_a_share",
)
CAUSE_CODE_ONCE = Unique(
    name="cause_code_once",
    table="eight_d_cause",
    columns=("eight_d_id", "code"),
    where="NOT is_removed",
    message=N_("Two causes have the same code. Give each its own."),
    attacked_by="test_a_cause_has_a_kind_a_code_and_a_share",
)
_CONTENT: tuple[type[Record], ...] = (EightDText, EightDWording, *ROWS)
_STATE = ("state", "version")
RIGHTS: dict[Permission, tuple[Right, ...]] = {
    Permission.EIGHT_D_WRITE: (
        insert(EightD),
        update(EightD, "leader_id", "champion_id", "title", *_STATE),
        insert(EightDLink),
        insert(EightDVersion),
        update(EightDVersion, *_STATE),
        insert(EightDSentBack),
        insert(EightDSection),
        update(EightDSection, "progress", "done_on", "due_at", "owner", "version"),
        *(insert(model) for model in _CONTENT),
        *(update(model) for model in _CONTENT),
    ),
    Permission.EIGHT_D_REVIEW: (
        insert(EightDSentBack),
        insert(EightDEffect),
        insert(EightDReopening),
        update(EightDVersion, *_STATE),
        update(EightD, "round", *_STATE),
    ),
    Permission.EIGHT_D_APPROVE: (update(EightDVersion, *_STATE),),
    Permission.EIGHT_D_SEND: (
        insert(EightDDispatch),
        insert(EightDCustomerAnswer),
        update(EightDVersion, *_STATE),
        update(Deadline, "state", "met_at", "version"),
    ),
}
