"""A return on the factory floor: goods that were received and signed, ready to be judged and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import psycopg

from qms_desktop.db import master_data as md
from qms_desktop.db.complaint import Channel
from qms_desktop.db.connection import write
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind
from qms_desktop.db.sorting import DispositionKind, Responsibility
from qms_desktop.steps import complaint, receipt, rma, sorting
from qms_desktop.steps.rework import Take
from qms_desktop.steps.sorting import NewDisposition, NewShare
from tests.helpers.plant import UPGRADE_PASSWORD, Plant, moment
from tests.helpers.scene import Scene, chapter

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

K = DispositionKind
WORKERS = {"10105": "何娟丽", "10113": "李敏", "10114": "何娜明", "10116": "张桂"}
RATES = (
    ("LABOUR", "返工普工", "返工普工", "小时", "42"),
    ("LABOUR", "返修技工", "返修技工", "小时", "60"),
    ("LABOUR", "检验员", "检验员", "小时", "48"),
    ("MATERIAL", "M-101", "密封圈", "只", "1.8"),
    ("MATERIAL", "M-102", "阻尼油脂", "千克", "35"),
    ("MATERIAL", "M-103", "包装盒", "只", "2.6"),
    ("MATERIAL", "M-104", "吸塑托盘", "只", "1.15"),
)


@dataclass
class Floor(Scene):
    """The ids of a return whose goods are received; `round_id` is the first round of its one line."""

    plant: Plant
    case_id: int
    rma_id: int
    round_id: int

    @chapter
    def judged(self, *, defect_code: str = "F-012") -> Floor:
        """Let the inspector judge the goods."""
        sorting.judge(
            self.plant.sign_in("高平"),
            round_id=self.round_id,
            method="拉力机 全行程",
            limit_sample="LS-22",
            text="阻力超差",
            shares=(NewShare(Responsibility.MANUFACTURING, 100),),
            defect_code=defect_code,
            password=self.plant.password("高平"),
        )
        return self

    @chapter
    def sorted(self, **pieces: int) -> Floor:
        """Let the inspector sort: `good=5, rework=7`."""
        sorting.sort(
            self.plant.sign_in("高平"),
            round_id=self.round_id,
            dispositions=tuple(
                NewDisposition(K(kind.upper()), count, refusal_reason=None, remark="测试")
                for kind, count in pieces.items()
            ),
        )
        return self

    def take(self, pieces: int) -> tuple[Take, ...]:
        """Give what an order takes from the first round."""
        return (Take(self.round_id, pieces),)


def trigger_stands(stage: Stage, guard: str) -> bool:
    """Tell whether the trigger that moves a total stands in the database; no attack makes it fail by itself."""
    table, column = ("pg_trigger", "tgname") if stage.plant.kind == "postgresql" else ("sqlite_master", "name")
    return stage.rows(f"SELECT count(*) FROM {table} WHERE {column} = 'apply_{guard}'") == [(1,)]


@chapter
def price_list(plant: Plant) -> None:
    """Give the plant the rates of the story and one supplier, as IT imports them."""
    with plant.sign_in("管理员").store.use():
        write(_price_list)


def _price_list() -> None:
    batch = md.ImportBatch.create(
        kind="rates", file_name="费率", sha256="1" * 64, rows_new=7, rows_changed=0, rows_same=0
    )
    for kind, code, name, unit, amount in RATES:
        md.Rate.create(
            kind=kind, code=code, name=name, unit=unit, amount=Decimal(amount), currency="CNY",
            valid_from=date(2026, 7, 1), batch=batch,
        )  # fmt: skip
    md.Supplier.create(code="S-03", name="恒固密封", batch=batch)


@chapter
def hire_workers(plant: Plant) -> None:
    """Give four workers of the line their badges; they have no login of their own."""
    rows = [(login, name, f"B{login}") for login, name in WORKERS.items()]
    if plant.kind == "sqlite":
        with plant.plain("管理员") as connection:
            connection.executemany("INSERT INTO person (login, name, badge, site_id) VALUES (?, ?, ?, 1)", rows)
        return
    with psycopg.connect(
        plant.url, user="qms_upgrade", password=UPGRADE_PASSWORD, autocommit=True, options="-c search_path=qms"
    ) as server:
        server.execute("SET ROLE qms_owner")
        server.cursor().executemany(
            "INSERT INTO person (login, name, badge, site_id) VALUES (%s, %s, %s, (SELECT min(id) FROM site))", rows
        )


@chapter
def goods_received(plant: Plant, *, pieces: int = 60, lot: str = "L2610A", joins_case: int | None = None) -> Floor:
    """Tell a return of one line of YQ-22 from the complaint to the signed receipt."""
    wang = plant.sign_in("王伟涛")
    made = complaint.register(
        wang,
        customer="C1001",
        received_at=moment("2026-11-03 09:00"),
        channel=Channel.PHONE,
        lines=(complaint.NewLine(product="YQ-22", lot=lot, pieces=pieces, customer_words="阻力不符"),),
        joins_case=joins_case,
    )
    requested = rma.request(
        wang,
        complaint_id=made.complaint_id,
        lines=(
            rma.NewRmaLine(
                "YQ-22",
                pieces,
                Decimal("1.00"),
                lot=lot,
                defect_code="F-012",
                without_record_reason="" if lot else "经外贸购入",
            ),
        ),
    )
    (line,) = rma.show(wang, rma_id=requested.rma_id).lines
    opinion = rma.OpinionOnLine(line.id, OpinionKind.RETURN)
    rma.give_opinion(plant.sign_in("徐兰"), rma_id=requested.rma_id, opinions=(opinion,))
    rma.review(plant.sign_in("王涛兰"), rma_id=requested.rma_id, accepts_missing_record=not lot)
    for role in _missing(plant, requested.rma_id):
        signer = {"sales_manager": "王涛兰", "sales_vp": "郭明"}[role]
        read = rma.show(plant.sign_in(signer), rma_id=requested.rma_id)
        rma.approve(
            plant.sign_in(signer),
            rma_id=requested.rma_id,
            read_hash=read.content_hash,
            password=plant.password(signer),
        )
    return _receive(plant, made.case_id, requested.rma_id, pieces, lot)


def _missing(plant: Plant, rma_id: int) -> list[str]:
    need = rma.show(plant.sign_in("王伟涛"), rma_id=rma_id).need
    return [str(role) for role in need.roles] if need else []


def _receive(plant: Plant, case_id: int, rma_id: int, pieces: int, lot: str) -> Floor:
    zhou, shen = plant.sign_in("周磊秀"), plant.sign_in("沈国强")
    arrived = receipt.arrive(zhou, rma_id=rma_id, arrival_kind=ArrivalKind.ON_SITE)
    (line,) = receipt.show(zhou, receipt_id=arrived.receipt_id).lines
    receipt.receive(zhou, receipt_line_id=line.id, pieces=pieces, lot=lot, carton="1")
    receipt.close_count(zhou, receipt_id=arrived.receipt_id)
    read = receipt.show(shen, receipt_id=arrived.receipt_id)
    receipt.accept_count(
        shen, receipt_id=arrived.receipt_id, read_hash=read.content_hash, password=plant.password("沈国强")
    )
    (goods,) = sorting.listed(shen, rma_id=rma_id)
    return Floor(plant, case_id, rma_id, goods.id)
