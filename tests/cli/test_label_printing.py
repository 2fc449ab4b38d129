"""Printing labels from the command line: a print is counted when a printer takes it, and not before one is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop import cli
from qms_desktop.db.receipt import Label
from qms_desktop.steps import rma
from tests.helpers import label_printers
from tests.helpers.floor import Floor, goods_received
from tests.helpers.label_printers import HOST, printer_that
from tests.helpers.plant import PEOPLE, password_of

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

CLERK = PEOPLE["周磊秀"][0]


@pytest.fixture
def received(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Floor:
    """Give a return whose one carton has its label, and let the clerk of the dock sign in."""
    monkeypatch.setenv("QMS_PASSWORD", password_of(CLERK))
    return goods_received(plant)


def printed(floor: Floor, port: int) -> int:
    (row,) = rma.listed(floor.plant.sign_in("周磊秀"))
    where = ("--database", floor.plant.url, "--user", CLERK)
    return cli.run(["label", row.number, "--printer", f"{HOST}:{port}", *where])


def prints(floor: Floor) -> list[int]:
    with floor.plant.sign_in("周磊秀").store.use():
        return [label.prints for label in Label.select()]


def test_what_the_printer_took_is_counted(received: Floor) -> None:
    with printer_that(label_printers.prints) as printer:
        assert printed(received, printer.port) == 0
    assert (len(printer.received), prints(received)) == (1, [1])


def test_nothing_is_counted_at_a_printer_that_refuses(received: Floor, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(received, label_printers.port_without_printer()) == 1
    assert "0 of 1 labels were handed over" in capsys.readouterr().err
    assert prints(received) == [0]


def test_a_label_that_may_have_come_out_is_counted(received: Floor, capsys: pytest.CaptureFixture[str]) -> None:
    with printer_that(label_printers.breaks_off) as printer:
        assert printed(received, printer.port) == 1
    assert "See whether a label came out" in capsys.readouterr().err
    assert prints(received) == [1]
