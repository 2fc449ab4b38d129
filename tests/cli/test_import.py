"""The import command: a fresh plant in the order of the README, faults by file, sheet and cell, questions answered."""

from __future__ import annotations

import csv
import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from qms_desktop import cli, settings
from qms_desktop.db.connection import sqlite_path
from qms_desktop.steps.master_data import ImportKind
from tests.exchange.books import A_SHIPMENT, SHIPMENT_HEADINGS
from tests.helpers.book import BOOK, SAMPLES, empty_file
from tests.helpers.plant import password_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

README_ORDER = (
    ImportKind.CUSTOMERS,
    ImportKind.PRODUCTS,
    ImportKind.SUPPLIERS,
    ImportKind.DEFECT_CODES,
    ImportKind.RATES,
    ImportKind.SHIPMENTS,
    ImportKind.LOT_GENEALOGY,
    ImportKind.STOCK,
)
FAULTY = SAMPLES / "出货明细_有错误.xlsx"
EXPECTED = SAMPLES / "出货明细_有错误.expected.csv"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a plant that took in everything by the command, in the order that the README tells."""
    plant = empty_file(tmp_path_factory.mktemp("filled"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QMS_PASSWORD", password_of("it"))
        for kind in README_ORDER:
            assert cli.run(["import", kind, str(BOOK[kind]), "--database", plant.url, "--user", "it"]) == 0, kind
    plant.at("2026-11-20 09:40")
    plant.close()
    return sqlite_path(plant.url)


@pytest.fixture
def at(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Give the arguments that name a copy of the filled plant."""
    monkeypatch.setenv("QMS_PASSWORD", password_of("it"))
    copy = tmp_path / "plant.qms"
    shutil.copy(filled, copy)
    return ("--database", f"sqlite:///{copy}", "--user", "it")


def book(folder: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path = folder / "出货.xlsx"
    made.save(path)
    return path


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code = cli.run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def cells(answer: dict[str, Any]) -> set[str]:
    return {each["cell"] for each in answer["wrong_cells"]}


def test_a_new_plant_takes_in_everything_in_the_order_of_the_readme(at: tuple[str, ...]) -> None:
    assert cli.run(["import", "shipments", str(BOOK[ImportKind.SHIPMENTS]), *at]) == 0


def test_faults_that_moved_to_other_lines_are_named_where_they_are_now(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = openpyxl.load_workbook(FAULTY)
    sheet = made.active
    with EXPECTED.open(encoding="utf-8") as table:
        faulty = {row["cell"] for row in csv.DictReader(table)}
    first, last = 4, sheet.max_row
    order = list(range(first, last + 1))
    random.Random(11).shuffle(order)
    # The second of two equal lines is the one that is blamed: those two keep their order.
    before, after = sorted((order.index(36), order.index(37)))
    order[before], order[after] = 36, 37
    rows = {number: [cell.value for cell in sheet[number]] for number in order}
    for target, source in enumerate(order, first):
        for cell, value in zip(sheet[target], rows[source], strict=True):
            cell.value = value
    moved = {f"{cell[0]}{first + order.index(int(cell[1:]))}" for cell in faulty}
    path = tmp_path / FAULTY.name
    made.save(path)
    code, answer = asked(capsys, "import", "shipments", path, *at)
    assert (code, cells(answer), answer["is_written"]) == (1, moved, False)


def test_a_fault_names_file_sheet_cell_and_what_to_do(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = [*A_SHIPMENT[:6], -5, *A_SHIPMENT[7:]]
    assert cli.run(["import", "shipments", str(book(tmp_path, ("十月", [SHIPMENT_HEADINGS, line]))), *at]) == 1
    said = capsys.readouterr()
    assert "出货.xlsx, 十月!G2: -5 is negative. Shipped pieces cannot be below 0." in said.out
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh_CN", "出货.xlsx：新增 1，变更 0，相同 0，拒绝 0"), ("zh_TW", "出货.xlsx：新增 1，變更 0，相同 0，拒絕 0")],
)
def test_a_clerk_reads_the_whole_answer_in_one_language(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    settings.save(settings.Settings(language=language))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "is_typed", lambda _stream: True)
        path = book(tmp_path, ("十月", [SHIPMENT_HEADINGS, A_SHIPMENT]))
        assert cli.run(["import", "shipments", str(path), *at, "--dry-run"]) == 0
    settings.save(settings.Settings())
    out = capsys.readouterr().out
    assert said in out
    assert not any(word in out for word in ("Nothing", "new", "same"))


def test_lines_that_were_left_out_are_listed(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path, ("十月", [SHIPMENT_HEADINGS, A_SHIPMENT, ["C1001 小计", *[None] * 5, 600]]))
    assert cli.run(["import", "shipments", str(path), *at]) == 0
    assert "row 3 is no record and was left out: C1001 小计" in capsys.readouterr().out


def test_the_sheet_with_the_headings_is_read_and_another_can_be_named(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ["CK2", *A_SHIPMENT[1:]]
    third = ["CK3", *A_SHIPMENT[1:]]
    path = book(
        tmp_path,
        ("说明", [["请看第二页"]]),
        ("十月", [SHIPMENT_HEADINGS, A_SHIPMENT]),
        ("十一月", [SHIPMENT_HEADINGS, other, third]),
    )
    assert asked(capsys, "import", "shipments", path, *at)[1]["rows_new"] == 1
    assert asked(capsys, "import", "shipments", path, *at, "--sheet", "十一月")[1]["rows_new"] == 2
    assert "十二月" in asked(capsys, "import", "shipments", path, *at, "--sheet", "十二月")[1]["error"]


def test_a_column_that_may_be_two_is_named(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book(tmp_path, ("十月", [[*SHIPMENT_HEADINGS, "批号"], [*A_SHIPMENT, "L2610B"]]))
    assert "E, K" in asked(capsys, "import", "shipments", path, *at)[1]["error"]
    assert asked(capsys, "import", "shipments", path, *at, "--column", "lot=K")[0] == 0
    assert "There are" in asked(capsys, "import", "shipments", path, *at, "--column", "losnummer=K")[1]["error"]


def test_the_encoding_of_a_text_that_does_not_tell_is_named(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "出貨.csv"
    headings = (
        "出貨單號",
        "訂單號",
        "客戶編號",
        "產品編號",
        "批號",
        "訂單數量",
        "出貨數量",
        "單價",
        "幣種",
        "出貨日期",
    )
    text = "\n".join(",".join(map(str, line)) for line in (headings, A_SHIPMENT))
    path.write_bytes(text.encode("big5"))
    assert "Choose it" in asked(capsys, "import", "shipments", path, *at)[1]["error"]
    assert asked(capsys, "import", "shipments", path, *at, "--encoding", "big5")[0] == 0


def test_stock_that_a_later_file_of_the_day_leaves_out_stays_and_is_named(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headings = ("物料编号", "批号", "库位", "状态", "数量")
    first = [headings, ("YQ-22", "L2610A", "成品库 A-12", "可用", 160), ("YQ-28", "L2609B", "成品库 A-13", "可用", 60)]
    assert asked(capsys, "import", "stock", book(tmp_path, ("库存", first)), *at)[0] == 0
    answer = asked(capsys, "import", "stock", book(tmp_path, ("库存", first[:2])), *at, "--dry-run")[1]
    stays = "1 lines that were taken in today are not in this file and stay, the first: YQ-28 L2609B"
    assert stays in answer["notices"][-1]
    gone = [*first[:2], (*first[2][:-1], 0)]
    answer = asked(capsys, "import", "stock", book(tmp_path, ("库存", gone)), *at)[1]
    assert (answer["rows_changed"], "stay," in answer["notices"][-1]) == (1, False)
    answer = asked(capsys, "import", "stock", book(tmp_path, ("库存", first[:2])), *at)[1]
    assert not any("not in this file" in notice for notice in answer["notices"])


def test_a_code_in_other_letters_is_no_second_product(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headings = ("产品编号", "产品名称", "单位", "单价", "标准成本")
    line = ("yq-22", "气弹簧", "支", 50.76, 34.0546)
    answer = asked(capsys, "import", "products", book(tmp_path, ("产品", [headings, line])), *at)[1]
    assert (answer["rows_new"], answer["rows_same"]) == (0, 1)
    twins = [headings, ("ab-1", *line[1:]), ("AB-1", *line[1:])]
    answer = asked(capsys, "import", "products", book(tmp_path, ("产品", twins)), *at)[1]
    assert [cell["problem"] for cell in answer["wrong_cells"]] == ["same_line_twice"]


@pytest.mark.parametrize(
    "asked_for",
    [
        ("--product", "yq-22", "--lot", "l2610a"),
        ("--product", "ＹＱ－２２", "--lot", " L2610A\u3000"),
        ("--supplier-lot", "s463087"),
        ("--supplier-lot", "Ｓ４６３０８７"),
    ],
)
def test_a_trace_finds_a_lot_however_it_is_typed(
    at: tuple[str, ...], capsys: pytest.CaptureFixture[str], asked_for: tuple[str, ...]
) -> None:
    code, answer = asked(capsys, "trace", *asked_for, *at)
    assert (code, answer["pieces_in_scope"] > 0) == (0, True)


def test_a_file_that_does_not_tell_of_safety_or_traders_takes_nothing_away(
    at: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headings = ("产品编号", "产品名称", "单位", "单价", "标准成本")
    line = ("YQ-22", "气弹簧", "支", 50.76, 34.0546)
    answer = asked(capsys, "import", "products", book(tmp_path, ("产品", [headings, line])), *at)[1]
    assert (answer["rows_changed"], answer["rows_same"]) == (0, 1)
    customers = openpyxl.load_workbook(BOOK[ImportKind.CUSTOMERS])
    assert customers.active["E3"].value == "经外贸商"
    customers.active["C4"] = "NULL"
    customers.active.delete_cols(5)
    customers.save(tmp_path / "客户.xlsx")
    answer = asked(capsys, "import", "customers", tmp_path / "客户.xlsx", *at)[1]
    assert (answer["rows_changed"], answer["rows_same"]) == (0, 33)
