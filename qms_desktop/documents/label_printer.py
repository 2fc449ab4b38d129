"""The way to a label printer in the network: a plain socket to its raw port.

A label counts as handed over only when the printer has taken every byte and closed its side. Whatever else happens is
said as it is; nothing here ever guesses that a label came out.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

from qms_desktop.errors import Unavailable
from qms_desktop.i18n import N_

RAW_PORT = 9100

_LATE_RESET_S = 0.05


@dataclass(frozen=True, kw_only=True)
class LabelPrinter:
    """One printer in the network.

    `closes_after_label` is False for the few makes that keep the connection open; they are believed when they have
    taken the bytes.
    """

    host: str
    port: int = RAW_PORT
    closes_after_label: bool = True
    connect_timeout_s: float = 3.0
    send_timeout_s: float = 10.0

    @property
    def shown(self) -> str:
        """The address as people know it."""
        return self.host if self.port == RAW_PORT else f"{self.host}:{self.port}"

    def send(self, commands: bytes) -> None:
        """Reach the printer and hand it labels; raises Unavailable when it is not reached, breaks off or stalls."""
        self.hand_over(self.reach(), commands)

    def hand_over(self, reached: socket.socket, commands: bytes) -> None:
        """Hand labels to the printer that was reached, and let it go; raises Unavailable when it breaks off or stalls.

        Once a printer was reached, nobody knows whether a label came out when it fails.
        """
        with reached as connection:
            connection.settimeout(self.send_timeout_s)
            try:
                connection.sendall(commands)
                connection.shutdown(socket.SHUT_WR)
                if self.closes_after_label:
                    _wait_for_close(connection)
            except TimeoutError as error:
                raise Unavailable(_STALLED, printer=self.shown, seconds=round(self.send_timeout_s, 1)) from error
            except OSError as error:
                raise Unavailable(_BROKE_OFF, printer=self.shown) from error

    def reach(self) -> socket.socket:
        """Connect to the printer before a print is counted; raises Unavailable when surely nothing can be printed."""
        try:
            return socket.create_connection((self.host, self.port), timeout=self.connect_timeout_s)
        except ConnectionRefusedError as error:
            raise Unavailable(_REFUSES, printer=self.shown) from error
        except TimeoutError as error:
            raise Unavailable(_SILENT, printer=self.shown, seconds=round(self.connect_timeout_s, 1)) from error
        except (socket.gaierror, UnicodeError, OverflowError) as error:
            raise Unavailable(_UNKNOWN, printer=self.shown) from error
        except OSError as error:
            raise Unavailable(_UNREACHABLE, printer=self.shown) from error


_REFUSES = N_(
    "The label printer {printer} refuses the connection, so nothing was printed. See whether another program holds it, "
    "then print again."
)
_SILENT = N_(
    "The label printer {printer} does not answer within {seconds} s, so nothing was printed. See whether it is "
    "switched on and in the network, then print again."
)
_UNKNOWN = N_(
    "There is no label printer {printer} in this network, so nothing was printed. Correct its name in the settings."
)
_UNREACHABLE = N_(
    "The label printer {printer} cannot be reached, so nothing was printed. See whether this PC and the printer are in "
    "the network, then print again."
)
_BROKE_OFF = N_(
    "The label printer {printer} closed the connection before it had everything. See whether a label came out before "
    "you print it again."
)
_STALLED = N_(
    "The label printer {printer} did not take everything within {seconds} s: it may be paused, open or out of labels. "
    "See whether a label came out before you print it again."
)


def _wait_for_close(connection: socket.socket) -> None:
    """Wait for the printer's own end of the connection; a status that it sends meanwhile was not asked for.

    A printer that closed too early answers what it did not read with a reset, which arrives only after its end.
    """
    while connection.recv(4096):
        pass
    time.sleep(_LATE_RESET_S)
    if failure := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(failure, "the connection was reset after its end")
