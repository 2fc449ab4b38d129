"""The pictures of the story: attached by those who took them, at their moments, and shown in D2 of the 8D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qms_desktop import files
from qms_desktop.demo.eight_d_filling import replace
from qms_desktop.demo.eight_d_story import story
from qms_desktop.exchange import evidence
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps.eight_d import PhotoRow

if TYPE_CHECKING:
    from qms_desktop.demo.teller import Teller

# The file of each photograph of D2, in the order of the report.
SCRATCH, CURVE, GREASE, CARTON = range(4)
PICTURES = ("照片_划伤.jpg", "eight_d_pictures/force_curve_zh.png", "照片_漏油_竖拍.jpg", "照片_外箱破损.jpg")


@dataclass(frozen=True)
class Evidence:
    """A picture of the story and what it is attached to."""

    picture: int
    kind: AttachedTo
    record_id: int


def photograph(teller: Teller, *shown: Evidence) -> None:
    """Tell how pictures are attached, each by the person and at the moment that the report names."""
    for one in shown:
        photo = story("zh_CN").problem.photos[one.picture]
        if photo.taken_at is None:
            message = f"the story does not say when {PICTURES[one.picture]} was taken"
            raise ValueError(message)
        teller.at(f"{photo.taken_at:%Y-%m-%d %H:%M}")
        attachment.attach(
            teller.by(photo.taken_by),
            kind=one.kind,
            record_id=one.record_id,
            file=evidence.take(files.resources() / "demo" / PICTURES[one.picture], zone=teller.plant_zone),
            caption=photo.caption,
            taken_at=photo.taken_at,
        )
        teller.told(photo.taken_by, f"photo: {photo.caption}")


def keep_notice(teller: Teller, *, complaint_id: int, name: str, who: str) -> None:
    """Tell how the customer's own notice is kept at its complaint, as it came."""
    notice = evidence.take(files.resources() / "demo" / name, zone=teller.plant_zone)
    attachment.attach(
        teller.by(who), kind=AttachedTo.COMPLAINT, record_id=complaint_id, file=notice, caption="客户退货通知原件"
    )


def show_in_d2(teller: Teller, *, eight_d_id: int, case_id: int, who: str) -> None:
    """Tell how the author chooses the pictures of the case for D2, in the order of the report."""
    session = teller.by(who)
    attached = {one.caption: one for one in attachment.listed(session, case_id=case_id)}
    chosen = [attached[photo.caption] for photo in story("zh_CN").problem.photos]
    rows = tuple(
        PhotoRow(attachment_id=one.id, caption=one.caption, taken_at=one.taken_at, taken_by=one.taken_by)
        for one in chosen
    )
    replace(session, eight_d_id, PhotoRow, rows)
