"""Pictures and files for the attacks: made through the verbs, or written as an attacker would write them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo, NewFile
from tests.hostile.stage import QE

if TYPE_CHECKING:
    from tests.hostile.stage import Stage


def photo(mark: bytes = b"1") -> NewFile:
    """Give a picture as exchange/ hands it over; its bytes are no real JPEG, which the database does not ask."""
    return NewFile(
        file_name="IMG_0001.jpg",
        media_type="image/jpeg",
        original=b"original" + mark,
        upright_copy=b"copy" + mark,
        thumbnail=b"thumbnail" + mark,
        width_px=1280,
        height_px=960,
    )


def a_photo_of(stage: Stage, *, by: str = QE, mark: bytes = b"1") -> int:
    """Let somebody attach a photo to the complaint; gives the attachment's id."""
    return attachment.attach(
        stage.plant.sign_in(by),
        kind=AttachedTo.COMPLAINT,
        record_id=stage.complaint_id,
        file=photo(mark),
        caption="外箱破损",
    )


def blob(content: bytes, stage: Stage) -> str:
    """Write bytes as each database's SQL does."""
    return f"'\\x{content.hex()}'::bytea" if stage.plant.kind == "postgresql" else f"x'{content.hex()}'"


def sha256(content: bytes) -> str:
    """Give the hash under which a file is kept."""
    return hashlib.sha256(content).hexdigest()
