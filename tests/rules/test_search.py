"""Search: any word of two characters, literally, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qms_desktop.db.connection import write
from qms_desktop.db.record import database
from qms_desktop.db.search import INDEX_FOLLOWS_TEXT, SearchText, token
from qms_desktop.rules import search
from qms_desktop.rules.search import Findable, Kind
from tests.hostile.stage import Stage

if TYPE_CHECKING:
    from tests.helpers.plant import Plant


def found(plant: Plant, text: str, *, name: str = "徐兰") -> list[tuple[str, int]]:
    return [(str(hit.kind), hit.record_id) for hit in search.find(plant.sign_in(name), text=text)]


def let_anything_be_found(plant: Plant) -> None:
    """Take the guard down that asks for the record itself: here texts are searched, and no records are made."""
    where = " ON search_text" if plant.kind == "postgresql" else ""
    with Stage(plant).owner() as owner:
        for on in ("insert", "update"):
            owner.execute(f"DROP TRIGGER IF EXISTS guard_found_by_its_own_words_at_{on}{where}")


def keep(plant: Plant, kind: Kind, record_id: int, title: str, text: str = "") -> None:
    let_anything_be_found(plant)
    with plant.sign_in("徐兰").store.use():
        write(lambda: search.keep(kind, record_id, case_id=11, title=title, text=text))


def test_bigrams_are_the_different_pairs_within_words() -> None:
    assert search.bigrams("阻力 Aaaa") == ("阻力", "aa")


def test_full_width_and_capital_letters_are_compared_alike() -> None:
    assert search.normalised("ＹＱ－２２　L2610A") == "yq-22 l2610a"


def test_pinyin_gives_first_letters_and_the_whole() -> None:
    assert search.pinyin("华东远航") == "hdyh huadongyuanhang"


def test_pinyin_knows_that_chongqing_is_not_zhongqing() -> None:
    assert search.pinyin("重庆嘉陵").startswith("cqjl ")


def test_pinyin_of_a_latin_name_is_empty() -> None:
    assert search.pinyin("Kestrel Automotive Ltd") == ""


def test_tokens_of_different_pairs_differ() -> None:
    pairs = ["ab", "a b", "华东", "%_", "\\'", "x1", "1x"]
    assert len({token(pair) for pair in pairs}) == len(pairs)


def test_two_chinese_characters_are_found_in_the_middle_of_a_text(plant: Plant) -> None:
    keep(plant, Kind.COMPLAINT, 1, "C20261103001", "YQ-22 阻力不符, 客户反应强烈")
    keep(plant, Kind.COMPLAINT, 2, "C20261103002", "YQ-28 漏油")
    assert found(plant, "力不") == [("complaint", 1)]


def test_a_part_of_a_latin_word_is_found(plant: Plant) -> None:
    keep(plant, Kind.RMA, 7, "R20261103001", "Kestrel Automotive")
    assert found(plant, "strel") == [("rma", 7)]


def test_pairs_in_another_order_are_no_hit(plant: Plant) -> None:
    keep(plant, Kind.COMPLAINT, 1, "C1", "abcab")
    assert found(plant, "cabc") == []


def test_every_word_must_be_held(plant: Plant) -> None:
    keep(plant, Kind.LABEL, 1, "000042", "YQ-22 L2610A")
    keep(plant, Kind.LABEL, 2, "000043", "YQ-22 L2610B")
    assert found(plant, "yq-22 l2610b") == [("label", 2)]


def test_the_newest_record_comes_first(plant: Plant) -> None:
    for record_id in (1, 2, 3):
        keep(plant, Kind.CASE, record_id, f"G{record_id}", "漏油")
    assert [record for _kind, record in found(plant, "漏油")] == [3, 2, 1]


@pytest.mark.parametrize(
    "sign", ["100%_ok", "it's", "a\\b", '"quoted"', "%%", "__", "a--b", "a OR b", "near(x)", "x*y"]
)
def test_signs_are_taken_literally(plant: Plant, sign: str) -> None:
    keep(plant, Kind.COMPLAINT, 1, "C1", f"text {sign} end")
    keep(plant, Kind.COMPLAINT, 2, "C2", "text 100 okay its ab quoted a b near x y end")
    assert found(plant, sign) == [("complaint", 1)]


def test_one_character_finds_nothing_by_itself(plant: Plant) -> None:
    keep(plant, Kind.COMPLAINT, 1, "C1", "漏油")
    assert found(plant, "漏") == []


def test_a_record_is_found_by_its_new_text_only(plant: Plant) -> None:
    keep(plant, Kind.CUSTOMER, 5, "C1001", "旧名汽配")
    keep(plant, Kind.CUSTOMER, 5, "C1001", "华东远航")
    assert (found(plant, "旧名"), found(plant, "远航")) == ([], [("customer", 5)])


def test_a_hit_names_its_case_and_title(plant: Plant) -> None:
    keep(plant, Kind.RMA, 3, "R20261103001 华东远航")
    (hit,) = search.find(plant.sign_in("周磊秀"), text="R20261103001")
    assert (hit.case_id, hit.title) == (11, "R20261103001 华东远航")


def test_only_the_kinds_that_are_asked_for_are_found(plant: Plant) -> None:
    keep(plant, Kind.RMA, 3, "R1 L2610A")
    keep(plant, Kind.LOT, 4, "YQ-22 L2610A")
    hits = search.find(plant.sign_in("徐兰"), text="l2610a", kinds=(Kind.LOT,))
    assert [hit.kind for hit in hits] == [Kind.LOT]


def test_many_records_are_kept_at_once_and_again(plant: Plant) -> None:
    with plant.sign_in("管理员").store.use():
        write(lambda: search.keep_many(Kind.LOT, [Findable(1, "L2610A", "YQ-22"), Findable(2, "L2610B", "YQ-22")]))
        write(lambda: search.keep_many(Kind.LOT, [Findable(2, "L2610B", "ZW-22"), Findable(3, "L2610C", "YQ-22")]))
    assert (found(plant, "yq-22"), found(plant, "zw-22")) == ([("lot", 3), ("lot", 1)], [("lot", 2)])


def test_the_search_index_follows_the_text(plant: Plant) -> None:
    keep(plant, Kind.CASE, 1, "G20261103001", "漏油")
    with plant.sign_in("徐兰").store.use():
        write(lambda: SearchText.update(text="划伤", bigrams=["划伤"]).execute())
        if plant.kind == "sqlite":
            # FTS5 compares its index with the rows and raises when they differ.
            database().execute_sql("INSERT INTO search_pairs (search_pairs) VALUES ('integrity-check')")
    assert (found(plant, "漏油"), found(plant, "划伤"), INDEX_FOLLOWS_TEXT.table) == ([], [("case", 1)], "search_text")
