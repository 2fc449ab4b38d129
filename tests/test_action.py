"""What no database keeps as it was typed never reaches one: the verb says which field, what and where (B72, B77)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.complaint import Channel
from qms_desktop.errors import InvalidInput
from qms_desktop.rules import search
from qms_desktop.steps import complaint, rma
from tests.helpers.plant import moment

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def registered(plant: Plant, words: str) -> complaint.Registered:
    plant.at("2026-11-03 09:20")
    return complaint.register(
        plant.sign_in("王伟涛"),
        customer="C1001",
        received_at=moment("2026-11-03 09:12"),
        channel=Channel.PHONE,
        lines=(complaint.NewLine("YQ-22", 5, "漏油"), complaint.NewLine("YQ-22", 5, words)),
    )


@pytest.mark.parametrize(("character", "code"), [("\x00", "U+0000"), ("\ud800", "U+D800"), ("\x1b", "U+001B")])
def test_a_control_character_is_named_by_its_field_and_position(plant: Plant, character: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        registered(plant, f"漏{character}油")
    assert refused.value.field == "lines.2.customer_words"
    assert str(refused.value) == (
        f"There is a control character ({code}) at position 2. Delete it, or type the text again."
    )
    assert complaint.listed(plant.sign_in("王伟涛")) == ()


@pytest.mark.parametrize("words", ["漏油\n第二行", "漏\t油", "漏\u200b油", "🙂", "\u202e漏油", "5²"])
def test_what_people_write_is_kept_as_it_is(plant: Plant, words: str) -> None:
    made = registered(plant, words)
    shown = complaint.show(plant.sign_in("王伟涛"), complaint_id=made.complaint_id)
    assert shown.lines[1].customer_words == words


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-Infinity", "1e400", "1e20"])
def test_a_number_that_cannot_be_is_refused(plant: Plant, price: str) -> None:
    made = registered(plant, "漏油")
    line = rma.NewRmaLine("YQ-22", 1, Decimal(price), without_record_reason="照片")
    with pytest.raises(InvalidInput) as refused:
        rma.request(plant.sign_in("王伟涛"), complaint_id=made.complaint_id, lines=(line,))
    assert refused.value.field == "lines.1.unit_price"


@pytest.mark.parametrize("typed", ["\x00", "a\udcff"])
def test_what_cannot_be_looked_for_is_named_too(plant: Plant, typed: str) -> None:
    with pytest.raises(InvalidInput, match="control character"):
        search.find(plant.sign_in("王伟涛"), text=typed)
