"""The commands on one plant: answers, errors in one line, JSON in every case, and a printer that behaves badly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qms_desktop import cli
from qms_desktop.documents import label_printer
from tests.helpers import label_printers
from tests.helpers.floor import goods_received
from tests.helpers.label_printers import HOST, port_without_printer, printer_that

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from tests.helpers.label_printers import PrinterOnLoopback
    from tests.helpers.plant import Plant, Templates

RMA = "R20261103001"


class Desk:
    """Runs commands as one person of the plant."""

    def __init__(self, plant: Plant, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.plant, self._patch, self._capsys = plant, patch, capsys

    def run(self, *words: str | Path, who: str = "徐兰") -> tuple[int, str, str]:
        """Give exit code, what was printed, and the errors."""
        self._patch.setenv("QMS_PASSWORD", self.plant.password(who))
        login = self.plant.sign_in(who).login
        self._capsys.readouterr()
        try:
            code = cli.run([*map(str, words), "--database", self.plant.url, "--user", login])
        except SystemExit as wrong:
            code = int(wrong.code or 0)
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def answer(self, *words: str | Path, who: str = "徐兰") -> tuple[int, Any]:
        """Give exit code and the JSON that was printed, which must be one document."""
        code, out, _err = self.run(*words, "--json", who=who)
        return code, json.loads(out)

    def refusal(self, *words: str | Path, who: str = "徐兰") -> str:
        """Give the one line of a command that fails, in both forms."""
        code, out, err = self.run(*words, who=who)
        assert (code > 0, out) == (True, "")
        assert err.startswith("qms-desktop")
        assert err.count("\n") == 1
        code, told = self.answer(*words, who=who)
        assert code > 0
        assert told["error"] in err
        return err


@pytest.fixture
def desk(templates: Templates, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Give a desk in a plant where 600 pieces of one RMA were counted and signed."""
    plant = templates.file_copy()
    goods_received(plant, pieces=60)
    return Desk(plant, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("trace", "--product", "YQ-22"), "Say what to trace"),
        (("trace", "--lot", "L2610A", "--supplier-lot", "S463087"), "one thing at a time"),
        (("trace", "--product", "YQ-22", "--lot", "L9999Z"), "no lot L9999Z"),
        (("trace", "--product", "YQ-22", "--lot", "L2610A", "--without-customer", "C9"), "no customer C9"),
        (("report", "monthly", "2026-13", "--out", "x.xlsx"), "2026-13 is no month"),
        (("report", "monthly", "November", "--out", "x.xlsx"), "November is no month"),
        (
            ("report", "monthly", "2026-11", "--out", "/no/such/folder/x.xlsx"),
            "/no/such/folder/x.xlsx",
        ),
        (("report", "monthly", "2026-11", "--out", "/"), "/ cannot be written: Is a directory"),
        (("export", "eight-d", "8D20269999001", "--out", "x.docx"), "8D20269999001"),
        (("export", "eight-d", "8D20269999001", "--out", "x.docx", "--language", "de"), "invalid choice: 'de'"),
        (("label", "R20269999001", "--pdf", "x.pdf"), "no RMA R20269999001"),
        (("label", RMA, "--printer", "nowhere"), "nowhere is no printer"),
        (("label", RMA), "one of the arguments --zpl --pdf --printer is required"),
        (("label", RMA, "--printer", f"{HOST}:9100"), "label.print"),
        (("find", "x"), "at least two characters"),
        (("find", ""), "at least two characters"),
        (("find",), "required: text"),
        (("fnid", "x"), "invalid choice: 'fnid'"),
    ],
    ids=lambda part: " ".join(part)[:40] if isinstance(part, tuple) else "",
)
def test_a_command_that_fails_says_why_in_one_line_and_in_json(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in desk.refusal(*words)


def test_trace_names_the_customers_and_the_total(desk: Desk) -> None:
    code, out, _err = desk.run("trace", "--product", "YQ-22", "--lot", "L2610A", "--without-customer", "C1001")
    assert code == 0
    assert out.splitlines()[-1] == "720 pieces at 2 customers"
    code, told = desk.answer("trace", "--product", "YQ-22", "--lot", "L2610A")
    assert (code, told["pieces_in_scope"], told["customers_in_scope"]) == (0, 1520, 3)
    assert {one["number"]: one["pieces"] for one in told["customers"]} == {"C1001": 800, "C1018": 120, "C2002": 600}


@pytest.mark.parametrize("text", ["华东", "hdyh", "YQ-22", "20261103"])
def test_find_takes_chinese_pinyin_and_numbers(desk: Desk, text: str) -> None:
    code, hits = desk.answer("find", text)
    assert code == 0
    assert "C20261103001" in {hit["title"] for hit in hits} or text == "hdyh"


def test_a_month_without_returns_is_written_too(desk: Desk, tmp_path: Path) -> None:
    code, told = desk.answer("report", "monthly", "2025-01", "--out", tmp_path / "一 月.xlsx")
    assert (code, told["month"]) == (0, "2025-01")
    assert (tmp_path / "一 月.xlsx").read_bytes()[:2] == b"PK"


def test_labels_are_written_and_printed(desk: Desk, tmp_path: Path) -> None:
    for way, name, begins in (("--zpl", "l.zpl", b"^XA"), ("--pdf", "l.pdf", b"%PDF")):
        code, told = desk.answer("label", RMA, way, tmp_path / name)
        assert (code, told["labels"]) == (0, 1)
        assert (tmp_path / name).read_bytes().startswith(begins)
    with printer_that(label_printers.prints) as printer:
        code, told = desk.answer("label", RMA, "--printer", f"{HOST}:{printer.port}", who="周磊秀")
        assert (code, told, len(printer.received)) == (0, {"labels": 1}, 1)


@pytest.mark.parametrize(
    "treat", [label_printers.breaks_off, label_printers.stalls, None], ids=["half", "stall", "none"]
)
def test_a_printer_that_fails_is_told_with_how_many_came_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, treat: Callable[[PrinterOnLoopback, socket.socket], None] | None
) -> None:
    hasty = label_printer.LabelPrinter
    monkeypatch.setattr(label_printer, "LabelPrinter", lambda **where: hasty(send_timeout_s=0.3, **where))
    if treat is None:
        error = desk.refusal("label", RMA, "--printer", f"{HOST}:{port_without_printer()}", who="周磊秀")
        assert "refuses the connection" in error
    else:
        with printer_that(treat) as printer:
            error = desk.refusal("label", RMA, "--printer", f"{HOST}:{printer.port}", who="周磊秀")
    assert "0 of 1 labels were handed over" in error


def test_an_import_with_wrong_cells_answers_with_one_document(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    code, told = desk.answer("import", "customers", tmp_path / "wrong.csv", who="管理员")
    assert code > 0
    assert "error" in told
