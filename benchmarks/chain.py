"""The whole chain: complaint, RMA, receipt and label, counted in statements and timed beside a bare booking.

A well-known open ERP sends 679 statements for it and takes 764 ms where a bare psycopg booking takes 1.23 ms. We want a
tenth of the statements and a 25th of the time: 25 bare bookings.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from benchmarks import MS, Limit, Ratio, medians
from benchmarks._statements import statements
from benchmarks.receive import FLOOR_TABLES, floor_booking
from qms_desktop.db.complaint import Channel
from qms_desktop.db.receipt import ArrivalKind
from qms_desktop.db.rma import OpinionKind
from qms_desktop.steps import complaint, receipt, rma
from qms_desktop.steps.complaint import NewLine
from qms_desktop.steps.rma import NewRmaLine, OpinionOnLine
from tests.helpers.plant import Plant, Templates, moment
from tests.helpers.postgres import Server
from tests.hostile.stage import CLERK, QE, SALES, SALES_MANAGER

if TYPE_CHECKING:
    from psycopg import Connection

MOST_STATEMENTS = 68
MOST_BOOKINGS = 25
ROUNDS, SHORT_ROUNDS = 25, 5


@dataclass(frozen=True)
class Desk:
    """A plant, and a connection that looks up the ids which a page has read before it calls a verb."""

    plant: Plant
    owner: Connection[Any]

    def id_of(self, query: str, parent: int) -> int:
        """Look one id up."""
        row = self.owner.execute(query, (parent,)).fetchone()
        assert row is not None
        return int(row[0])

    def tell(self) -> None:
        """Tell one return from the customer's call to the printed label, with a request key a verb as the pages do."""
        sign_in = self.plant.sign_in
        complained = complaint.register(
            sign_in(SALES), customer="C1001", received_at=moment("2026-11-03 09:00"), channel=Channel.PHONE,
            lines=(NewLine(product="YQ-22", lot="L2610A", pieces=12, customer_words="阻力不符"),), request_key=uuid4(),
        )  # fmt: skip
        line = NewRmaLine(product="YQ-22", lot="L2610A", pieces=12, unit_price=Decimal("50.76"))
        asked = rma.request(sign_in(SALES), complaint_id=complained.complaint_id, lines=(line,), request_key=uuid4())
        rma_line = self.id_of("SELECT id FROM qms.rma_line WHERE rma_id = %s", asked.rma_id)
        opinion = OpinionOnLine(rma_line_id=rma_line, opinion=OpinionKind.RETURN)
        rma.give_opinion(sign_in(QE), rma_id=asked.rma_id, opinions=(opinion,), request_key=uuid4())
        rma.review(sign_in(SALES_MANAGER), rma_id=asked.rma_id, text="合同已核对", request_key=uuid4())
        clerk = sign_in(CLERK)
        come = receipt.arrive(clerk, rma_id=asked.rma_id, arrival_kind=ArrivalKind.POST, request_key=uuid4())
        goods = self.id_of("SELECT id FROM qms.receipt_line WHERE receipt_id = %s", come.receipt_id)
        counted = receipt.receive(
            clerk, receipt_line_id=goods, pieces=12, lot="L2610A", carton="1", request_key=uuid4()
        )
        receipt.print_label(clerk, label_id=counted.label_id, request_key=uuid4())


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Count the statements of a chain on a server, and time it."""
    with Server.start(18, fsync=True) as server, tempfile.TemporaryDirectory() as folder:
        plant = Templates(Path(folder)).server_copy(server)
        plant.at("2026-11-03 09:20")
        server.new_database("floor")
        with server.connect("floor") as connection:
            connection.execute(FLOOR_TABLES)
        address = f"postgresql://127.0.0.1:{server.port}/floor"
        floor = floor_booking(address, server.superuser, server.password, 1)
        with server.connect(plant.url.rpartition("/")[2].partition("?")[0]) as owner:
            desk = Desk(plant, owner)
            desk.tell()
            with statements() as sent:
                desk.tell()
            found = medians({"floor": floor, "ours": desk.tell}, rounds=SHORT_ROUNDS if short else ROUNDS)
        plant.close()
    beside = "chain complaint to label, beside a bare booking"
    return [
        Limit("chain complaint to label: statements", len(sent), MOST_STATEMENTS, "statements", is_exact=True),
        Ratio(beside, found["floor"] * MS, found["ours"] * MS, MOST_BOOKINGS, "ms"),
    ]
