from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QFont, QFontInfo, QRawFont

from qms_desktop import drawing
from qms_desktop.drawing import text

pytestmark = pytest.mark.usefixtures("qapp")

WITHOUT_WINDOW = """
from qms_desktop import drawing
from qms_desktop.drawing import text
drawing.ready()
print(text.ink("作废 VOID", dots=34, bold=True).width)
"""
UNDER_AN_APPLICATION_WITHOUT_GRAPHICS = """
from PySide6.QtCore import QCoreApplication
from qms_desktop import drawing
application = QCoreApplication([])
drawing.ready()
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def characters_of(codec: str) -> list[str]:
    found = []
    for point in range(0x4E00, 0xA000):
        try:
            chr(point).encode(codec)
        except UnicodeEncodeError:
            continue
        found.append(chr(point))
    return found


def test_a_program_without_a_window_can_draw_text() -> None:
    finished = run(WITHOUT_WINDOW)
    assert finished.returncode == 0, finished.stderr
    assert int(finished.stdout) > 100


def test_a_process_without_graphics_is_told_so_instead_of_aborting() -> None:
    finished = run(UNDER_AN_APPLICATION_WITHOUT_GRAPHICS)
    assert finished.returncode == 1
    assert "RuntimeError: text cannot be drawn" in finished.stderr


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(("sample", "family"), [("气弹簧", drawing.SIMPLIFIED), ("臺灣遠航", drawing.TRADITIONAL)])
def test_text_is_drawn_with_the_shipped_fonts(sample: str, family: str, bold: bool) -> None:  # noqa: FBT001 - of pytest
    used = QFontInfo(drawing.font(sample, pixels=20, bold=bold))
    assert used.family() == family
    assert used.bold() == bold


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize(("sample", "codec"), [("气弹簧", "gbk"), ("臺灣遠航", "big5")])
def test_the_shipped_fonts_have_every_character_of_their_script(sample: str, codec: str, bold: bool) -> None:  # noqa: FBT001
    shapes = QRawFont.fromFont(drawing.font(sample, pixels=20, bold=bold))
    wanted = characters_of(codec)
    assert len(wanted) > 13_000
    assert [character for character in wanted if not shapes.supportsCharacter(ord(character))] == []


def test_the_marks_of_the_papers_are_in_the_fonts() -> None:
    shapes = QRawFont.fromFont(drawing.font("中", pixels=20))
    marks = "■□●○▲→└√×±≤≥№～…，。；：（）“”—–·°µ%‰ÄÖÜäöüßéèœ€¥βΩ"
    assert [mark for mark in marks if not shapes.supportsCharacter(ord(mark))] == []


def test_a_foreign_name_does_not_depend_on_the_fonts_of_the_pc() -> None:
    name = "ŠkodaŁódźğőřŽ"
    shapes = [QRawFont.fromFont(drawing.font(name, pixels=20)), QRawFont.fromFont(QFont([drawing.LATIN], 20))]
    assert [letter for letter in name if not any(shape.supportsCharacter(ord(letter)) for shape in shapes)] == []


def test_text_in_both_scripts_is_drawn_with_the_simplified_shapes() -> None:
    assert drawing.family("臺灣气弹簧") == drawing.SIMPLIFIED


def test_text_that_fits_keeps_its_size() -> None:
    assert text.fit("YQ-22", dots=40, room=200) == text.Fitted(
        text="YQ-22", dots=40, width=text.width("YQ-22", dots=40), is_cut=False
    )


def test_text_that_is_too_long_gets_smaller_before_it_is_cut() -> None:
    full = text.width("华东远航汽配有限公司", dots=24)
    fitted = text.fit("华东远航汽配有限公司", dots=24, room=full - 1)
    assert (fitted.text, fitted.dots, fitted.is_cut) == ("华东远航汽配有限公司", 23, False)
    assert fitted.width <= full - 1


def test_text_is_cut_with_an_ellipsis_at_the_smallest_size() -> None:
    fitted = text.fit("华东远航汽配有限公司", dots=24, room=100)
    assert (fitted.text, fitted.dots, fitted.is_cut) == ("华东远航…", text.LEAST_DOTS, True)
    assert fitted.width <= 100


def test_an_ellipsis_that_somebody_typed_is_no_cut() -> None:
    assert not text.fit("to be continued…", dots=20, room=500).is_cut


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("L2610A\nL2611B", "L2610A L2611B"),
        ("a\x00b", "a□b"),
        ("abc\u202edef", "abc□def"),
        ("lone \ud800", "lone □"),
        ("zero\u200bwidth", "zero□width"),
        ("  气弹簧\u3000B781 ", "气弹簧 B781"),
    ],
)
def test_what_cannot_be_seen_is_shown(typed: str, printed: str) -> None:
    assert text.shown(typed) == printed


def test_ink_is_cropped_to_its_black_dots() -> None:
    drawn = text.ink("一", dots=40)
    rows = [drawn.rows[at : at + drawn.bytes_per_row] for at in range(0, len(drawn.rows), drawn.bytes_per_row)]
    assert len(rows) == drawn.height < drawn.width
    assert rows[0].strip(b"\0")
    assert rows[-1].strip(b"\0")
    dots = "".join(f"{byte:08b}" for byte in max(rows, key=lambda row: row.count(b"\xff")))
    assert dots.startswith("1" * 8)
    assert dots[drawn.width :].strip("0") == ""


def test_ink_stands_on_its_baseline() -> None:
    assert text.ink("H", dots=40).top + text.ink("H", dots=40).height == 0
    assert text.ink("g", dots=40).top + text.ink("g", dots=40).height > 5


def test_blank_text_has_no_ink() -> None:
    assert text.ink(" ", dots=20).rows == b""
