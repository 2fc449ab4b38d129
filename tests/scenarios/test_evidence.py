"""The story of the evidence: carton 4 is photographed at the dock, the picture stands in the case and in the 8D."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from qms_desktop import files
from qms_desktop.db.record import database
from qms_desktop.errors import NotFound, Refused
from qms_desktop.exchange import evidence
from qms_desktop.rules import attachment, health, history
from qms_desktop.rules.attachment import AttachedTo, NewFile
from qms_desktop.steps import eight_d, receipt
from tests.helpers.plant import moment
from tests.ui.desk import counted

if TYPE_CHECKING:
    from peewee import Database

    from tests.helpers.plant import Plant

DEMO = files.resources() / "demo"
DAMAGED, LEAKING = "照片_外箱破损.jpg", "照片_漏油_竖拍.jpg"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def taken(name: str) -> NewFile:
    return evidence.take(DEMO / name, zone=SHANGHAI)


def carton_4(plant: Plant) -> tuple[int, int, int]:
    """Tell the count, and give the receipt, its case and the damaged carton."""
    arrived = counted(plant)
    shown = receipt.show(plant.sign_in("周磊秀"), receipt_id=arrived.receipt_id)
    (damaged,) = (count for line in shown.lines for count in line.counts if count.is_damaged)
    return arrived.receipt_id, shown.row.case_id, damaged.id


def photographed(plant: Plant, count_id: int) -> int:
    """Let the clerk at the dock photograph the carton."""
    return attachment.attach(
        plant.sign_in("周磊秀"),
        kind=AttachedTo.RECEIPT_COUNT,
        record_id=count_id,
        file=taken(DAMAGED),
        caption="到货第 4 箱外箱破损，内装 60 支，已隔离",
        taken_at=moment("2026-11-04 11:06"),
    )


def test_a_damaged_carton_is_photographed_and_seen_by_everybody(plant: Plant) -> None:
    receipt_id, case_id, count_id = carton_4(plant)
    made = photographed(plant, count_id)
    xu = plant.sign_in("徐兰")
    (shown,) = attachment.listed(xu, case_id=case_id, kind=AttachedTo.RECEIPT, record_id=receipt_id)
    assert (shown.id, shown.place, shown.is_here, shown.is_picture) == (made, "4", True, True)
    assert (shown.taken_at, shown.taken_by, shown.who) == (moment("2026-11-04 11:06"), "周磊秀", "周磊秀")
    kept = attachment.original(xu, attachment_id=made)
    assert (kept.file_name, kept.content) == (DAMAGED, (DEMO / DAMAGED).read_bytes())
    with Image.open(io.BytesIO(attachment.upright_copy(xu, attachment_id=made))) as copy:
        assert copy.size == (1280, 960)
    with Image.open(io.BytesIO(attachment.thumbnail(xu, attachment_id=made))) as small:
        assert max(small.size) == 256
    told = history.case_history(xu, case_id=case_id).deeds[-1]
    assert (told.title, told.who) == ("Picture or file attached", "周磊秀")


def test_one_file_is_kept_once_wherever_it_is_attached(plant: Plant) -> None:
    receipt_id, case_id, count_id = carton_4(plant)
    photographed(plant, count_id)
    zhou = plant.sign_in("周磊秀")
    with pytest.raises(Refused, match="attached here already, by 周磊秀"):
        photographed(plant, count_id)
    attachment.attach(zhou, kind=AttachedTo.RECEIPT, record_id=receipt_id, file=taken(DAMAGED))
    with plant.plain("周磊秀") as connection:
        assert connection.execute("SELECT count(*) FROM stored_file").fetchone()[0] == 1
    assert len(attachment.listed(zhou, case_id=case_id)) == 2


def test_two_who_attach_the_same_file_at_once_keep_it_once(plant: Plant) -> None:
    receipt_id, case_id, count_id = carton_4(plant)
    file = taken(DAMAGED)
    together = Barrier(2)

    def attach(kind: AttachedTo, record_id: int) -> int:
        clerk = plant.sign_in("周磊秀")
        try:
            together.wait(20)
            return attachment.attach(clerk, kind=kind, record_id=record_id, file=file)
        finally:
            clerk.store.close()

    with ThreadPoolExecutor(2) as hands:
        places = ((AttachedTo.RECEIPT, receipt_id), (AttachedTo.RECEIPT_COUNT, count_id))
        made = [hands.submit(attach, kind, record_id) for kind, record_id in places]
        assert len({one.result() for one in made}) == 2
    assert len(attachment.listed(plant.sign_in("徐兰"), case_id=case_id)) == 2
    with plant.plain("徐兰") as connection:
        assert connection.execute("SELECT count(*) FROM stored_file").fetchone()[0] == 1


def test_a_list_of_attachments_asks_for_no_bytes(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    _receipt_id, case_id, count_id = carton_4(plant)
    photographed(plant, count_id)
    zhou = plant.sign_in("周磊秀")
    asked: list[str] = []
    with zhou.store.use():
        opened = type(database())
    run = opened.execute_sql

    def listen(self: Database, sql: str, *rest: object) -> object:
        asked.append(sql)
        return run(self, sql, *rest)

    monkeypatch.setattr(opened, "execute_sql", listen)
    assert attachment.listed(zhou, case_id=case_id)
    told = " ".join(asked)
    assert "stored_file" in told
    assert not any(column in told for column in ("original", "upright_copy", "thumbnail"))


def test_a_wrong_picture_is_taken_back_and_stays_on_record(plant: Plant) -> None:
    _receipt_id, case_id, count_id = carton_4(plant)
    made = photographed(plant, count_id)
    zhou = plant.sign_in("周磊秀")
    attachment.withdraw(zhou, attachment_id=made, reason="拍错了箱子")
    assert attachment.listed(zhou, case_id=case_id) == ()
    assert attachment.original(zhou, attachment_id=made).content == (DEMO / DAMAGED).read_bytes()
    told = history.case_history(zhou, case_id=case_id).deeds[-1]
    assert (told.title, told.reason) == ("Picture or file taken back", "拍错了箱子")
    assert photographed(plant, count_id) > made


def test_a_camera_whose_clock_is_ahead_is_not_believed(plant: Plant) -> None:
    receipt_id, case_id, _count_id = carton_4(plant)
    zhou = plant.sign_in("周磊秀")
    attachment.attach(
        zhou,
        kind=AttachedTo.RECEIPT,
        record_id=receipt_id,
        file=taken(DAMAGED),
        taken_at=moment("2027-01-01 00:00"),
    )
    assert attachment.listed(zhou, case_id=case_id)[0].taken_at is None


def test_a_document_has_no_picture(plant: Plant) -> None:
    receipt_id, _case_id, _count_id = carton_4(plant)
    zhou = plant.sign_in("周磊秀")
    note = NewFile("../送货单.pdf", "application/pdf", b"%PDF-1.7")
    made = attachment.attach(zhou, kind=AttachedTo.RECEIPT, record_id=receipt_id, file=note)
    with pytest.raises(NotFound, match="no picture"):
        attachment.thumbnail(zhou, attachment_id=made)
    assert attachment.original(zhou, attachment_id=made) == attachment.OriginalFile("送货单.pdf", b"%PDF-1.7")


def test_a_picture_stands_upright_in_the_8d_until_it_is_taken_out(plant: Plant) -> None:
    receipt_id, case_id, count_id = carton_4(plant)
    made = photographed(plant, count_id)
    xu = plant.sign_in("徐兰")
    upright = attachment.attach(xu, kind=AttachedTo.RECEIPT, record_id=receipt_id, file=taken(LEAKING), caption="漏油")
    complaint_line = next(iter(eight_d_lines(plant, case_id)))
    report = eight_d.open_report(xu, complaint_line_id=complaint_line, title="YQ-22", leader=xu.login)
    rows = tuple(
        eight_d.PhotoRow(attachment_id=one.id, caption=one.caption, taken_at=one.taken_at, taken_by=one.taken_by)
        for one in attachment.listed(xu, case_id=case_id)
    )
    section = next(one for one in eight_d.show(xu, eight_d_id=report.eight_d_id).sections if one.section == "D2")
    version = eight_d.replace_rows(
        xu, eight_d_id=report.eight_d_id, rows_of=eight_d.PhotoRow, rows=rows, read_version=section.version
    )
    photos = eight_d.content(xu, eight_d_id=report.eight_d_id, kind=eight_d.ReportKind.THREE_D).problem.photos
    assert [(photo.caption, photo.taken_by) for photo in photos] == [
        ("到货第 4 箱外箱破损，内装 60 支，已隔离", "周磊秀"),
        ("漏油", "徐兰"),
    ]
    assert photos[1].picture == attachment.upright_copy(xu, attachment_id=upright)
    with Image.open(io.BytesIO(photos[1].picture)) as picture:
        assert picture.height > picture.width
    with pytest.raises(Refused, match="An 8D report shows this picture"):
        attachment.withdraw(xu, attachment_id=made, reason="拍错")
    eight_d.replace_rows(
        xu, eight_d_id=report.eight_d_id, rows_of=eight_d.PhotoRow, rows=rows[1:], read_version=version
    )
    attachment.withdraw(xu, attachment_id=made, reason="拍错")
    assert health.verify(plant.sign_in("管理员")).broken == ()


def eight_d_lines(plant: Plant, case_id: int) -> list[int]:
    """Give the complaint lines of a case."""
    with plant.plain("徐兰") as connection:
        return [row[0] for row in connection.execute(f"SELECT id FROM complaint_line WHERE case_id = {case_id}")]
