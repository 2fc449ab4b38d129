"""Attacks on the receipt: cartons counted twice, totals moved past the events, labels without a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qms_desktop.rules.signature import Meaning, sign
from qms_desktop.steps import receipt
from qms_desktop.steps.receipt import Agreed
from tests.hostile.stage import CLERK, INSPECTOR, LEADER, QE, SALES

if TYPE_CHECKING:
    from tests.hostile.stage import Stage

COUNT = "case_id, receipt_id, receipt_line_id, carton, pieces, lot_number, lot_id, replaces_id"


def count(stage: Stage, carton: str, pieces: int, *, line: int = 0, replaces: str = "NULL", lot: str = "NULL") -> str:
    number = "" if lot == "NULL" else "L2610A"
    return (
        f"INSERT INTO receipt_count ({COUNT}) VALUES ({stage.case_id}, {stage.receipt_id},"
        f" {line or stage.receipt_line_id}, '{carton}', {pieces}, '{number}', {lot}, {replaces})"
    )


def new_receipt(stage: Stage, state: str = "ARRIVED") -> str:
    return (
        "INSERT INTO receipt (case_id, rma_id, arrival_kind, arrived_at, state)"
        f" VALUES ({stage.case_id}, {stage.rma_id}, 'POST', '2026-11-03T01:20:00.000000+00:00', '{state}')"
    )


def new_receipt_line(stage: Stage, columns: str = "", values: str = "") -> str:
    return (
        f"INSERT INTO receipt_line (case_id, receipt_id, description{columns})"
        f" VALUES ({stage.case_id}, {stage.receipt_id}, '无标签'{values})"
    )


def new_label(stage: Stage, count_id: int, pieces: int, state: str = "PROVISIONAL") -> str:
    return (
        "INSERT INTO label (case_id, receipt_count_id, rma_line_id, pieces, state)"
        f" VALUES ({stage.case_id}, {count_id}, {stage.rma_line_id}, {pieces}, '{state}')"
    )


def state(stage: Stage, word: str) -> str:
    return f"UPDATE receipt SET state = '{word}' WHERE id = {stage.receipt_id}"


def agreement(stage: Stage, pieces: int) -> str:
    return (
        "INSERT INTO receipt_agreement (case_id, receipt_line_id, pieces, agreed_with)"
        f" VALUES ({stage.case_id}, {stage.receipt_line_id}, {pieces}, '客户李工')"
    )


def another_line(stage: Stage) -> int:
    """Let a second receipt of the same RMA have a line, and give its id."""
    first = stage.receipt_id
    with stage.plant.plain(CLERK) as connection:
        connection.execute(new_receipt(stage))
        stage.receipt_id = int(stage.rows("SELECT max(id) FROM receipt")[0][0])
        connection.execute(new_receipt_line(stage, ", rma_line_id", f", {stage.rma_line_id}"))
    stage.receipt_id = first
    return int(stage.rows("SELECT max(id) FROM receipt_line")[0][0])


def test_a_receipt_takes_only_its_own_steps(stage: Stage) -> None:
    stage.counted()
    stage.attack(
        CLERK,
        ("receipt_state_begins", new_receipt(stage, "SIGNED")),
        ("receipt_state_moves", state(stage, "AGREED")),
    )
    stage.attack(SALES, ("receipt_state_moves", state(stage, "AGREED")))


def test_goods_of_an_unapproved_rma_are_not_received(stage: Stage) -> None:
    stage.judged()
    stage.attack(CLERK, ("receipt_needs_approval", new_receipt(stage)))


def test_a_carton_of_no_pieces_is_refused(stage: Stage) -> None:
    stage.arrived()
    stage.attack(CLERK, ("count_is_whole", count(stage, "1", 0)), ("count_is_whole", count(stage, "1", -12)))


def test_a_carton_is_counted_once_whoever_counts_it(stage: Stage) -> None:
    stage.counted()
    stage.attack(CLERK, ("carton_counted_once", count(stage, "1", 12)))
    stage.attack(LEADER, ("carton_counted_once", count(stage, "1", 1)))


def test_a_count_is_corrected_once(stage: Stage) -> None:
    stage.counted()
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    other = another_line(stage)
    stage.attack(
        CLERK,
        ("recount_is_of_the_same_carton", count(stage, "2", 11, replaces=first)),
        ("count_belongs_together", count(stage, "1", 11, replaces=first, line=other)),
    )
    with stage.plant.plain(CLERK) as connection:
        connection.execute(count(stage, "1", 11, replaces=first))
    assert stage.rows(f"SELECT pieces_counted FROM receipt WHERE id = {stage.receipt_id}") == [(11,)]
    stage.attack(CLERK, ("recount_replaces_once", count(stage, "1", 10, replaces=first)))


def test_a_carton_is_not_booked_to_a_line_of_another_receipt(stage: Stage) -> None:
    stage.arrived()
    other = another_line(stage)
    stage.attack(
        CLERK,
        ("count_belongs_together", count(stage, "1", 12, line=other)),
        ("receipt_line_once", new_receipt_line(stage, ", rma_line_id", f", {stage.rma_line_id}")),
    )


def test_nothing_is_counted_into_a_signed_receipt(stage: Stage) -> None:
    stage.signed()
    stage.attack(CLERK, ("count_moves_receipt", count(stage, "2", 5)))
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    stage.attack(LEADER, ("count_moves_receipt", count(stage, "1", 1, replaces=first)))
    # A line that does not exist stops at a guard before, so the trigger of the line's total never misses its row.
    before = "count_belongs_together" if stage.plant.kind == "postgresql" else "same_case"
    stage.attack(CLERK, (before, count(stage, "2", 5, line=999)))
    line = stage.rows(f"SELECT pieces_counted FROM receipt_line WHERE id = {stage.receipt_line_id}")
    assert line == [(12,)], "count_moves_line"


def test_a_closed_receipt_gets_no_more_lines(stage: Stage) -> None:
    stage.signed()
    stage.attack(
        CLERK,
        ("closed_receipt_gets_no_line", new_receipt_line(stage)),
        ("closed_receipt_gets_no_line", new_receipt_line(stage, ", product_id", ", 2")),
    )


def test_a_final_quantity_does_not_change(stage: Stage) -> None:
    stage.signed()
    which = f"WHERE id = {stage.receipt_line_id}"
    stage.attack(CLERK, ("final_quantity_stays", f"UPDATE receipt_line SET pieces_agreed = NULL {which}"))


def test_a_difference_is_not_agreed_after_the_signature(stage: Stage) -> None:
    stage.signed()
    stage.attack(SALES, ("agreement_moves_line", agreement(stage, 12)))


def test_no_more_is_agreed_than_was_counted(stage: Stage) -> None:
    stage.closed(pieces=10)
    stage.attack(
        SALES,
        ("agreement_is_within_the_count", agreement(stage, 11)),
        ("agreement_is_within_the_count", agreement(stage, -1)),
    )


def test_a_difference_needs_the_agreement_of_sales(stage: Stage) -> None:
    stage.closed(pieces=10)
    which = f"WHERE id = {stage.receipt_line_id}"
    stage.attack(CLERK, ("agreed_line_has_event", f"UPDATE receipt_line SET pieces_agreed = 12 {which}"))
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(SALES, f"UPDATE receipt_line SET pieces_agreed = 12 {which}")


def test_a_difference_is_not_passed_off_as_a_clean_count(stage: Stage) -> None:
    stage.counted(pieces=10)
    stage.attack(CLERK, ("counted_means_no_difference", state(stage, "COUNTED")))
    with stage.plant.plain(CLERK) as connection:
        connection.execute(f"UPDATE receipt_line SET pieces_agreed = 10 WHERE id = {stage.receipt_line_id}")
    stage.attack(CLERK, ("counted_means_no_difference", state(stage, "COUNTED")))


def test_goods_nobody_announced_are_a_difference(stage: Stage) -> None:
    stage.counted()
    with stage.plant.plain(CLERK) as connection:
        connection.execute(new_receipt_line(stage))
        other = int(stage.rows("SELECT max(id) FROM receipt_line")[0][0])
        connection.execute(count(stage, "2", 3, line=other))
    stage.attack(CLERK, ("counted_means_no_difference", state(stage, "COUNTED")))


def signed_state(stage: Stage) -> None:
    """Let the leader sign the count past the program, without the change of state."""
    with stage.plant.sign_in(LEADER).store.signing(stage.plant.password(LEADER)):
        sign("receipt", stage.receipt_id, case_id=stage.case_id, meaning=Meaning.ACCEPT_COUNT)


def test_the_leader_cannot_sign_over_an_open_difference(stage: Stage) -> None:
    stage.counted()
    with stage.plant.plain(CLERK) as connection:
        connection.execute(state(stage, "COUNTED"))
    signed_state(stage)
    stage.attack(LEADER, ("no_open_difference_at_signature", state(stage, "SIGNED")))


def test_a_receipt_is_not_signed_without_the_leaders_signature(stage: Stage) -> None:
    stage.closed()
    stage.attack(LEADER, ("signed_by_leader", state(stage, "SIGNED")))
    stage.attack(CLERK, ("receipt_state_moves", state(stage, "AGREED")))


def test_the_signature_takes_in_no_more_than_was_agreed(stage: Stage) -> None:
    """Two receipts of the same goods are both counted clean before either is signed: the second takes in nothing."""
    stage.closed()
    first, first_line = stage.receipt_id, stage.receipt_line_id
    second_line = another_line(stage)
    stage.receipt_id, stage.receipt_line_id = first + 1, second_line
    with stage.plant.plain(CLERK) as connection:
        connection.execute(count(stage, "1", 12))
        connection.execute(f"UPDATE receipt_line SET pieces_agreed = 12 WHERE id = {second_line}")
        connection.execute(state(stage, "COUNTED"))
    signed_state(stage)
    stage.receipt_id, stage.receipt_line_id = first, first_line
    signed_state(stage)
    with stage.plant.plain(LEADER) as connection:
        connection.execute(state(stage, "SIGNED"))
    stage.receipt_id = first + 1
    stage.attack(LEADER, ("received_within_agreed", state(stage, "SIGNED")))
    received = stage.rows(f"SELECT pieces_received FROM rma_line WHERE id = {stage.rma_line_id}")
    assert received == [(12,)], "signature_receives"


def test_no_more_is_received_than_agreed(stage: Stage) -> None:
    stage.reviewed()
    stage.attack(
        LEADER,
        ("received_within_agreed", f"UPDATE rma_line SET pieces_received = 13 WHERE id = {stage.rma_line_id}"),
        ("received_within_agreed", f"UPDATE rma_line SET pieces_received = -1 WHERE id = {stage.rma_line_id}"),
        rights_come_first=True,
    )


def test_more_is_not_agreed_without_what_was_counted(stage: Stage) -> None:
    stage.closed(pieces=14)
    widen = f"UPDATE rma_line SET pieces_agreed = {{pieces}} WHERE id = {stage.rma_line_id}"
    stage.attack(
        SALES,
        ("more_agreed_has_an_agreement", widen.format(pieces=14)),
        ("more_agreed_has_an_agreement", widen.format(pieces=1_000_000)),
    )
    agreed = (Agreed(stage.receipt_line_id, 14),)
    receipt.agree(stage.plant.sign_in(SALES), receipt_id=stage.receipt_id, agreed=agreed, agreed_with="客户李工")
    assert stage.rows(f"SELECT pieces_agreed FROM rma_line WHERE id = {stage.rma_line_id}") == [(14,)]
    stage.attack(SALES, ("more_agreed_has_an_agreement", widen.format(pieces=15)))


def test_a_label_is_not_made_valid_by_a_clerk(stage: Stage) -> None:
    stage.counted()
    label = stage.rows("SELECT id FROM label")[0][0]
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    stage.attack(CLERK, ("label_state_begins", new_label(stage, first, 12, "VALID")))
    valid = f"UPDATE label SET state = 'VALID' WHERE id = {label}"
    if stage.plant.kind == "postgresql":
        stage.attack_by_rights(CLERK, valid)
        stage.attack_by_rights(INSPECTOR, valid)
    else:
        stage.attack(CLERK, ("label_state_moves", valid))
    receipt.close_count(stage.plant.sign_in(CLERK), receipt_id=stage.receipt_id)
    assert stage.rows("SELECT state FROM label") == [("PROVISIONAL",)], "signature_validates_labels"


def test_a_label_cannot_claim_other_pieces_than_were_counted(stage: Stage) -> None:
    stage.arrived()
    with stage.plant.plain(CLERK) as connection:
        connection.execute(count(stage, "1", 12))
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    stage.attack(CLERK, ("label_has_the_pieces_of_its_carton", new_label(stage, first, 120)))
    with stage.plant.plain(CLERK) as connection:
        connection.execute(new_label(stage, first, 12))
    stage.attack(CLERK, ("one_label_a_count", new_label(stage, first, 12)))


def test_the_label_of_a_recounted_carton_is_void(stage: Stage) -> None:
    stage.counted()
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    with stage.plant.plain(CLERK) as connection:
        connection.execute(count(stage, "1", 11, replaces=first))
    assert stage.rows("SELECT state FROM label") == [("VOID",)], "recount_voids_label"
    stage.attack(CLERK, ("label_has_the_pieces_of_its_carton", new_label(stage, first, 13)))


def test_a_held_lot_gets_no_releasing_label(stage: Stage) -> None:
    stage.counted()
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    with stage.plant.plain(QE) as connection:
        connection.execute("INSERT INTO lot_hold (lot_id, reason, state) VALUES (1, '阻力不符', 'ON')")
    stage.attack(LEADER, ("no_label_of_a_held_lot", new_label(stage, first, 12, "VALID")))


def test_a_number_is_given_once(stage: Stage) -> None:
    stage.counted()
    receipt.receive(stage.plant.sign_in(CLERK), receipt_line_id=stage.receipt_line_id, pieces=3, carton="2")
    stage.complaint_id = 0
    stage.requested(pieces=1)
    attempts = [
        (guard, f"UPDATE {table} SET {column} = (SELECT min({column}) FROM {table})")
        for guard, table, column in (
            ("case_number_once", "case_file", "number"),
            ("complaint_number_once", "complaint", "number"),
            ("rma_number_once", "rma", "number"),
            ("serial_once", "label", "serial"),
        )
    ]
    stage.attack(CLERK, *attempts, rights_come_first=True)


def test_an_agreement_about_an_earlier_count_is_not_signed(stage: Stage) -> None:
    """Ten were counted and agreed, then four: the old agreement must not take in ten."""
    stage.closed(pieces=10)
    first = stage.rows("SELECT id FROM receipt_count")[0][0]
    with stage.plant.plain(SALES) as sales:
        sales.execute(agreement(stage, 10))
    with stage.plant.plain(CLERK) as clerk:
        clerk.execute(state(stage, "ARRIVED"))
        clerk.execute(count(stage, "1", 4, replaces=str(first)))
        clerk.execute(state(stage, "DIFFERENCE"))
    stage.attack(SALES, ("agreed_is_of_this_count", state(stage, "AGREED")))
    stage.plant.at("2026-11-03 10:00")
    with stage.plant.plain(CLERK) as clerk:
        clerk.execute(state(stage, "ARRIVED"))
        clerk.execute(count(stage, "2", 8))
        clerk.execute(state(stage, "DIFFERENCE"))
    stage.attack(SALES, ("agreed_is_of_this_count", state(stage, "AGREED")))
    with stage.plant.plain(SALES) as sales:
        sales.execute(agreement(stage, 10))
        sales.execute(state(stage, "AGREED"))


def test_goods_are_not_received_without_a_signed_count(stage: Stage) -> None:
    stage.closed()
    received = f"UPDATE rma SET goods_state = 'RECEIVED' WHERE id = {stage.rma_id}"
    stage.attack(LEADER, ("received_means_signed", received))


def test_nothing_arrives_tomorrow(stage: Stage) -> None:
    stage.arrived()
    stage.attack(CLERK, ("arrived_is_not_later", new_receipt(stage).replace("2026-11-03T01:20", "2026-11-04T01:20")))


def test_a_carton_does_not_hide_its_lot(stage: Stage) -> None:
    """A hold is on the lot: the label of a carton that does not point to it would let the goods go."""
    stage.arrived()
    hidden = count(stage, "1", 5, lot="1").replace("'L2610A', 1,", "'L2610A', NULL,")
    stage.attack(
        CLERK,
        ("count_names_its_lot", hidden),
        ("count_names_its_lot", count(stage, "1", 5, lot="2")),
        ("count_names_its_lot", count(stage, "1", 5, lot="1").replace("'L2610A'", "''")),
    )


def test_a_reprint_is_not_hidden(stage: Stage) -> None:
    stage.counted()
    with stage.plant.plain(CLERK) as clerk:
        clerk.execute("UPDATE label SET prints = prints + 1")
    stage.attack(
        CLERK,
        ("prints_are_counted", "UPDATE label SET prints = 0"),
        ("prints_are_counted", "UPDATE label SET prints = prints"),
        ("prints_are_counted", "UPDATE label SET prints = prints + 2"),
    )


def test_a_valid_label_claims_no_more_than_its_carton(stage: Stage) -> None:
    stage.counted()
    made = stage.rows("SELECT id FROM receipt_count")[0][0]
    stage.attack(
        LEADER,
        ("label_has_the_pieces_of_its_carton", new_label(stage, made, 9999, "VALID")),
        ("label_has_the_pieces_of_its_carton", new_label(stage, made, -1, "VALID")),
    )
