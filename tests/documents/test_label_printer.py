from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from qms_desktop.documents.label_printer import LabelPrinter
from qms_desktop.documents.receipt_label import LabelSize, zpl
from qms_desktop.errors import Unavailable
from tests.helpers import label_printers
from tests.helpers.label_printers import HOST, PrinterOnLoopback, printer_that
from tests.helpers.receipt_labels import a_label

if TYPE_CHECKING:
    from collections.abc import Callable

MORE_THAN_A_WINDOW_HOLDS = b"^XA" + b"F" * 1_000_000 + b"^XZ"
MORE_THAN_BUFFERS_HOLD = b"^XA" + b"F" * 40_000_000 + b"^XZ"


def at(printer: PrinterOnLoopback, *, send_timeout_s: float = 0.4, closes_after_label: bool = True) -> LabelPrinter:
    return LabelPrinter(
        host=HOST, port=printer.port, send_timeout_s=send_timeout_s, closes_after_label=closes_after_label
    )


def test_the_printer_gets_exactly_the_label(qapp: object) -> None:
    commands = zpl(a_label(), LabelSize.MEDIUM)
    with printer_that(label_printers.prints) as printer:
        at(printer).send(commands)
        assert printer.received == [commands]


def test_labels_can_be_sent_one_after_the_other() -> None:
    with printer_that(label_printers.prints) as printer:
        for commands in (b"^XA1^XZ", b"^XA2^XZ"):
            at(printer).send(commands)
        assert printer.received == [b"^XA1^XZ", b"^XA2^XZ"]


def test_a_status_that_nobody_asked_for_does_no_harm() -> None:
    with printer_that(label_printers.answers_with_a_status) as printer:
        at(printer).send(b"^XA^XZ")
        assert printer.received == [b"^XA^XZ"]


@pytest.mark.parametrize("commands", [b"^XA^XZ", MORE_THAN_BUFFERS_HOLD], ids=["short", "long"])
def test_a_printer_that_stalls_is_no_success(commands: bytes) -> None:
    with printer_that(label_printers.stalls) as printer, pytest.raises(Unavailable) as failed:
        at(printer).send(commands)
    assert "did not take everything within 0.4 s" in str(failed.value)
    assert "before you print it again" in str(failed.value)


@pytest.mark.parametrize("commands", [b"^XA" + b"F" * 100 + b"^XZ", MORE_THAN_BUFFERS_HOLD], ids=["short", "long"])
def test_a_printer_that_breaks_off_is_no_success(commands: bytes) -> None:
    with (
        printer_that(label_printers.breaks_off) as printer,
        pytest.raises(Unavailable, match="closed the connection before it had everything"),
    ):
        at(printer, send_timeout_s=5.0).send(commands)


@pytest.mark.parametrize("commands", [MORE_THAN_A_WINDOW_HOLDS, MORE_THAN_BUFFERS_HOLD], ids=["long", "very long"])
def test_a_printer_that_ends_too_early_is_no_success(commands: bytes) -> None:
    with (
        printer_that(label_printers.ends_politely_too_early) as printer,
        pytest.raises(Unavailable, match="closed the connection before it had everything"),
    ):
        at(printer, send_timeout_s=5.0).send(commands)


def test_a_printer_that_never_closes_can_be_believed() -> None:
    with printer_that(label_printers.keeps_the_connection) as printer:
        with pytest.raises(Unavailable, match="did not take everything"):
            at(printer).send(b"^XA^XZ")
        printer.switched_off.set()
    with printer_that(label_printers.keeps_the_connection) as printer:
        at(printer, closes_after_label=False).send(b"^XA^XZ")


def test_a_printer_that_refuses_is_named() -> None:
    port = label_printers.port_without_printer()
    with pytest.raises(Unavailable) as failed:
        LabelPrinter(host=HOST, port=port).send(b"^XA^XZ")
    assert f"{HOST}:{port} refuses the connection, so nothing was printed" in str(failed.value)


def failing_with(error: OSError | UnicodeError) -> Callable[..., socket.socket]:
    def connect(*_: object, **__: object) -> socket.socket:
        raise error

    return connect


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TimeoutError(), "zebra-dock does not answer within 3.0 s, so nothing was printed"),
        (socket.gaierror(-2, "unknown"), "There is no label printer zebra-dock in this network"),
        (UnicodeError("label too long"), "There is no label printer zebra-dock in this network"),
        (OSError(113, "no route"), "zebra-dock cannot be reached, so nothing was printed"),
    ],
)
def test_a_printer_that_is_not_reached_says_why(
    monkeypatch: pytest.MonkeyPatch, error: OSError | UnicodeError, sentence: str
) -> None:
    monkeypatch.setattr(socket, "create_connection", failing_with(error))
    with pytest.raises(Unavailable, match=sentence):
        LabelPrinter(host="zebra-dock").send(b"^XA^XZ")


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "bad\x00name"])
def test_an_address_that_cannot_be_is_a_sentence_not_a_crash(host: str) -> None:
    with pytest.raises(Unavailable):
        LabelPrinter(host=host).send(b"^XA^XZ")
