"""Label printers in the network of the test PC: good ones and bad ones."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class PrinterOnLoopback:
    """A printer that takes connections one after the other and treats each in its own way."""

    def __init__(self, treat: Callable[[PrinterOnLoopback, socket.socket], None]) -> None:
        self.received: list[bytes] = []
        self.switched_off = threading.Event()
        self._treat = treat
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self.switched_off.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return  # the listening socket was closed: switched off
            with connection:
                if not self.switched_off.is_set():
                    self._treat(self, connection)

    def switch_off(self) -> None:
        """Stop, and wait until the printer's thread has ended."""
        self.switched_off.set()
        with socket.socket() as waking:
            waking.settimeout(1)
            waking.connect_ex((HOST, self.port))
        self._thread.join(10)
        self._listening.close()
        assert not self._thread.is_alive()


def prints(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Take everything until the sender has ended, then close."""
    taken = b""
    while part := connection.recv(65536):
        taken += part
    printer.received.append(taken)


def stalls(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Accept, and then read nothing: the lid is open."""
    printer.switched_off.wait(10)


def keeps_the_connection(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Take everything and never close."""
    prints(printer, connection)
    printer.switched_off.wait(10)


def breaks_off(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Take the first bytes and drop the connection."""
    printer.received.append(connection.recv(16))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


def ends_politely_too_early(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Take the first bytes and close in good order, as if that were the whole label."""
    printer.received.append(connection.recv(16))
    connection.shutdown(socket.SHUT_WR)
    time.sleep(0.01)


def answers_with_a_status(printer: PrinterOnLoopback, connection: socket.socket) -> None:
    """Send a status without being asked, then print."""
    connection.sendall(b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n")
    prints(printer, connection)


@contextmanager
def printer_that(treat: Callable[[PrinterOnLoopback, socket.socket], None]) -> Iterator[PrinterOnLoopback]:
    """Have such a printer during a test."""
    printer = PrinterOnLoopback(treat)
    try:
        yield printer
    finally:
        printer.switch_off()


def port_without_printer() -> int:
    """Give a port of this PC where nobody listens."""
    with socket.create_server((HOST, 0)) as briefly:
        return int(briefly.getsockname()[1])
