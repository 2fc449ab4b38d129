"""A clerk who counts cartons without pause and says each one that was answered; killed by test_faults.py."""

from __future__ import annotations

import sys
from uuid import uuid4

from qms_desktop.db import people
from qms_desktop.errors import OutcomeUnknown, QmsError, Unavailable
from qms_desktop.steps import receipt


def count(url: str, login: str, password: str, receipt_line_id: int, first: int) -> None:
    """Count one carton after the other, each again with its key until it is answered."""
    session = people.sign_in(url, login, password)
    print("ready", flush=True)
    carton = first
    while True:
        key = uuid4()
        while True:
            try:
                made = receipt.receive(
                    session, receipt_line_id=receipt_line_id, pieces=3, carton=f"{login}-{carton}", request_key=key
                )
            except (Unavailable, OutcomeUnknown):
                continue
            except QmsError as refusal:
                print(f"refused {refusal}", flush=True)
                raise
            print(f"counted {made.carton}", flush=True)
            break
        carton += 1


if __name__ == "__main__":
    count(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
