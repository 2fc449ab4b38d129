"""Sorting by its verbs: what is left, what is taken back, and many hands on one line."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qms_desktop.db import people
from qms_desktop.db.complaint import Channel
from qms_desktop.db.connection import write
from qms_desktop.db.rework import OrderKind
from qms_desktop.db.rma import GoodsState, OpinionKind, RefusalReason
from qms_desktop.db.setup import NewPerson
from qms_desktop.db.sorting import DispositionKind, Responsibility, RoundOrigin, RoundState
from qms_desktop.errors import InvalidInput, NotPermitted, Refused
from qms_desktop.permissions import Role
from qms_desktop.steps import complaint, inspection, rework, rma, sorting
from qms_desktop.steps.sorting import NewDisposition, NewShare
from tests.helpers.floor import Floor, goods_received
from tests.helpers.plant import moment, password_of

if TYPE_CHECKING:
    from tests.helpers.plant import Plant

K = DispositionKind
HEAPS_WITHOUT_PAPERS = (K.GOOD, K.REWORK, K.REPACK, K.DISMANTLE, K.SCRAP, K.ANALYSED)


def hire_sorters(plant: Plant) -> list[str]:
    """Give inspectors with logins of their own: 32 on a server, 8 at a file."""
    logins = [f"sorter{number}" for number in range(32 if plant.kind == "postgresql" else 8)]

    def hire() -> None:
        for login in logins:
            people.provision(
                NewPerson(login=login, name=login, roles=frozenset({Role.INSPECTOR}), password=password_of(login))
            )

    with plant.sign_in("管理员").store.use():
        write(hire)
    return logins


def sort_until_nothing_is_left(plant: Plant, login: str, round_id: int) -> tuple[int, list[str]]:
    """Sort in handfuls until the round is done; gives what this person sorted, and was told on the way."""
    chance = random.Random(login)
    session = people.sign_in(plant.url, login, password_of(login))
    done, told, most = 0, [], 17
    while most:
        pieces = chance.randint(1, most)
        handful = NewDisposition(chance.choice(HEAPS_WITHOUT_PAPERS), pieces)
        try:
            sorting.sort(session, round_id=round_id, dispositions=(handful,))
        except Refused as refused:
            told.append(str(refused))
            most = min(most, int(str(refused.values["left"])))
        else:
            done += pieces
    session.store.close()
    return done, told


def test_thirty_two_people_sort_exactly_a_thousand_pieces(plant: Plant) -> None:
    floor = goods_received(plant, pieces=1000, lot="").judged()
    logins = hire_sorters(plant)
    with ThreadPoolExecutor(len(logins)) as hands:
        results = list(hands.map(lambda login: sort_until_nothing_is_left(plant, login, floor.round_id), logins))
    shown = sorting.show(plant.sign_in("高平"), round_id=floor.round_id)
    assert sum(done for done, _told in results) == 1000
    assert (shown.row.pieces_undecided, sum(heap.pieces for heap in shown.heaps)) == (0, 1000)
    assert sum(entry.pieces for entry in shown.dispositions) == 1000
    assert shown.row.state is RoundState.DONE
    assert all("are left undecided" in sentence for _done, told in results for sentence in told)
    assert all(told for _done, told in results)


def test_a_refusal_says_what_is_left_and_nothing_of_the_heap_is_booked(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(good=50)
    gao = plant.sign_in("高平")
    with pytest.raises(Refused, match="Only 10 of 60 pieces are left undecided; 11 cannot be sorted"):
        sorting.sort(
            gao, round_id=floor.round_id, dispositions=(NewDisposition(K.SCRAP, 5), NewDisposition(K.REWORK, 6))
        )
    assert sorting.show(gao, round_id=floor.round_id).pieces_of(K.SCRAP) == 0


def test_pieces_taken_back_are_undecided_again_and_the_round_is_open(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(rework=60)
    gao = plant.sign_in("高平")
    rework.open_order(plant.sign_in("徐兰"), kind=OrderKind.REWORK, takes=floor.take(40))
    with pytest.raises(Refused, match="Only 20 pieces of this heap are free"):
        sorting.take_back(gao, round_id=floor.round_id, kind=K.REWORK, pieces=21, reason="看错")
    with pytest.raises(InvalidInput):
        sorting.take_back(gao, round_id=floor.round_id, kind=K.REWORK, pieces=20, reason=" ")
    back = sorting.take_back(gao, round_id=floor.round_id, kind=K.REWORK, pieces=20, reason="看错")
    assert back == sorting.Sorted(floor.round_id, 20, RoundState.SORTING)
    assert sorting.put_rest(gao, round_id=floor.round_id, kind=K.SCRAP).state is RoundState.DONE


def test_refused_pieces_are_taken_back_by_their_reason(plant: Plant) -> None:
    floor = goods_received(plant).judged()
    gao = plant.sign_in("高平")
    refused = tuple(
        NewDisposition(K.RETURN_TO_CUSTOMER, pieces, refusal_reason=reason)
        for reason, pieces in ((RefusalReason.NOT_OURS, 4), (RefusalReason.MISUSE, 8))
    )
    sorting.sort(gao, round_id=floor.round_id, dispositions=refused)
    with pytest.raises(Refused, match="Only 4 pieces"):
        sorting.take_back(
            gao, round_id=floor.round_id, kind=K.RETURN_TO_CUSTOMER, pieces=5, reason="x",
            refusal_reason=RefusalReason.NOT_OURS,
        )  # fmt: skip
    sorting.take_back(
        gao, round_id=floor.round_id, kind=K.RETURN_TO_CUSTOMER, pieces=4, reason="是我司产品",
        refusal_reason=RefusalReason.NOT_OURS,
    )  # fmt: skip
    shown = sorting.show(gao, round_id=floor.round_id)
    assert [(one.reason, one.pieces) for one in shown.refused] == [(RefusalReason.MISUSE, 8)]


def test_shares_that_do_not_make_a_hundred_are_refused_with_their_sum(plant: Plant) -> None:
    floor = goods_received(plant)
    with pytest.raises(Refused, match="make 90 percent"):
        sorting.judge(
            plant.sign_in("高平"), round_id=floor.round_id, method="拉力机", limit_sample="LS", text="超差",
            shares=(NewShare(Responsibility.SUPPLIER, 60), NewShare(Responsibility.MANUFACTURING, 30)),
            password=plant.password("高平"),
        )  # fmt: skip
    assert sorting.show(plant.sign_in("高平"), round_id=floor.round_id).row.state is RoundState.WAITING


def test_a_second_judgement_takes_the_place_of_the_first_and_sorting_goes_on(plant: Plant) -> None:
    floor = goods_received(plant).judged(defect_code="F-012").sorted(good=5)
    floor.judged(defect_code="F-021").sorted(good=5)
    shown = sorting.show(plant.sign_in("高平"), round_id=floor.round_id)
    assert [one.defect_code for one in shown.judgements] == ["F-012", "F-021"]
    assert [signed.is_valid for signed in shown.signatures] == [False, True]
    assert (shown.row.state, shown.pieces_of(K.GOOD)) == (RoundState.SORTING, 10)


def test_a_concession_of_a_scratch_needs_a_permission_that_has_not_ended(plant: Plant) -> None:
    floor = goods_received(plant).judged(defect_code="F-021")
    gao = plant.sign_in("高平")

    def concede(until: date) -> None:
        permitted = NewDisposition(K.CONCESSION, 5, certificate_no="CP-7", certificate_pieces=10, valid_until=until)
        sorting.sort(gao, round_id=floor.round_id, dispositions=(permitted,))

    with pytest.raises(InvalidInput, match="2026-11-02"):
        concede(date(2026, 11, 2))
    concede(date(2026, 12, 31))
    assert sorting.show(gao, round_id=floor.round_id).pieces_of(K.CONCESSION) == 5


def test_production_and_sales_sort_nothing(plant: Plant) -> None:
    floor = goods_received(plant).judged()
    for name in ("罗强", "王伟涛", "周磊秀"):
        with pytest.raises(NotPermitted):
            sorting.put_rest(plant.sign_in(name), round_id=floor.round_id, kind=K.GOOD)


def test_the_last_round_sorts_the_rma(plant: Plant) -> None:
    floor = goods_received(plant).judged().sorted(scrap=59)
    gao = plant.sign_in("高平")
    with pytest.raises(Refused, match="not all sorted"):
        sorting.finish(gao, rma_id=floor.rma_id)
    assert rma.show(gao, rma_id=floor.rma_id).row.goods_state is GoodsState.RECEIVED
    floor.sorted(scrap=1)
    assert rma.show(gao, rma_id=floor.rma_id).row.goods_state is GoodsState.SORTED


def test_goods_that_stay_at_the_customer_are_scrapped_there_with_a_certificate(plant: Plant) -> None:
    wang, gao = plant.sign_in("王伟涛"), plant.sign_in("高平")
    made = complaint.register(
        wang, customer="C2002", received_at=moment("2026-11-03 09:00"), channel=Channel.EMAIL,
        lines=(complaint.NewLine(product="YQ-22", lot="L2610A", pieces=6, customer_words="too stiff"),),
    )  # fmt: skip
    requested = rma.request(
        wang, complaint_id=made.complaint_id, lines=(rma.NewRmaLine("YQ-22", 6, Decimal("50.76"), lot="L2610A"),)
    )
    (line,) = rma.show(wang, rma_id=requested.rma_id).lines
    opinion = rma.OpinionOnLine(line.id, OpinionKind.SCRAP_AT_CUSTOMER)
    rma.give_opinion(plant.sign_in("徐兰"), rma_id=requested.rma_id, opinions=(opinion,))
    rma.review(plant.sign_in("王涛兰"), rma_id=requested.rma_id)
    manager = plant.sign_in("王涛兰")
    read = rma.show(manager, rma_id=requested.rma_id)
    if read.row.goods_state is GoodsState.APPROVAL:
        rma.approve(manager, rma_id=requested.rma_id, read_hash=read.content_hash, password=plant.password("王涛兰"))
    (goods,) = sorting.listed(gao, rma_id=requested.rma_id)
    assert (goods.origin, goods.pieces_undecided) == (RoundOrigin.NON_PHYSICAL, 6)
    sorting.judge(
        gao, round_id=goods.id, method="照片与视频", limit_sample="LS-22", text="阻力超差", defect_code="F-012",
        shares=(NewShare(Responsibility.MANUFACTURING, 100),), password=plant.password("高平"),
    )  # fmt: skip
    with pytest.raises(Refused, match="stay at the customer"):
        sorting.put_rest(gao, round_id=goods.id, kind=K.REWORK)
    scrapped = NewDisposition(K.SCRAPPED_AT_CUSTOMER, 6, certificate_no="SC-2026-11", valid_until=None)
    sorting.sort(gao, round_id=goods.id, dispositions=(scrapped,))
    (flow,) = inspection.goods_flow(gao, rma_id=requested.rma_id)
    assert (flow.places.at_customer, flow.pieces_in, flow.is_balanced) == (6, 6, True)


def book(floor: Floor, kind: DispositionKind, pieces: int) -> None:
    """Put pieces on a heap, or take them back, as far as the rules allow."""
    gao = floor.plant.sign_in("高平")
    try:
        if pieces > 0:
            sorting.sort(gao, round_id=floor.round_id, dispositions=(NewDisposition(kind, pieces),))
        else:
            sorting.take_back(gao, round_id=floor.round_id, kind=kind, pieces=-pieces, reason="更正")
    except Refused:
        pass


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(
        st.tuples(st.sampled_from(HEAPS_WITHOUT_PAPERS), st.integers(-30, 30).filter(bool)), min_size=1, max_size=12
    )
)
def test_heaps_and_undecided_pieces_always_make_up_the_round(
    plant: Plant, entries: list[tuple[DispositionKind, int]]
) -> None:
    if not (rounds := sorting.listed(plant.sign_in("高平"), count=1)):
        goods_received(plant).judged()
        rounds = sorting.listed(plant.sign_in("高平"), count=1)
    gao = plant.sign_in("高平")
    floor = floor_of(plant, rounds[0].id)
    for kind, pieces in entries:
        book(floor, kind, pieces)
        shown = sorting.show(gao, round_id=floor.round_id)
        assert shown.row.pieces_undecided + sum(heap.pieces for heap in shown.heaps) == 60
        assert shown.row.pieces_undecided >= 0
        assert (shown.row.state is RoundState.DONE) == (shown.row.pieces_undecided == 0)


def floor_of(plant: Plant, round_id: int) -> Floor:
    """Give the floor of a round that exists."""
    row = sorting.show(plant.sign_in("高平"), round_id=round_id).row
    return Floor(plant, row.case_id, row.rma_id, round_id)
