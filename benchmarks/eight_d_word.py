"""The 8D report in Word with ten photographs of a phone, beside docxtpl with six tables and the same photographs.

A photograph of a megabyte was made upright and small when it was attached; that copy is what both of them get. Ours
draws its diagrams, and puts its children in the order of the schema.
"""

from __future__ import annotations

import io
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import docx
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from PIL import Image

from benchmarks import MS, Limit, Ratio, medians
from qms_desktop import drawing
from qms_desktop.demo.eight_d_story import story
from qms_desktop.documents import eight_d_report
from qms_desktop.exchange import picture_decoder
from qms_desktop.exchange.limits import Limits
from qms_desktop.steps.eight_d_content import Photo

PHOTOS, TABLES, TABLE_ROWS = 10, 6, 8
ROUNDS, SHORT_ROUNDS = 7, 1
MOST_RATIO, MOST_MB = 2.0, 4.0
MEGABYTE = 1_000_000


def photograph(number: int) -> bytes:
    """Give the copy that is kept of a picture with the size and the noise of a phone's, about 1 MB as JPEG."""
    dice = random.Random(number)
    coarse = Image.frombytes("RGB", (600, 450), dice.randbytes(600 * 450 * 3))
    picture = Image.blend(Image.new("RGB", (2400, 1800), (120, 130, 140)), coarse.resize((2400, 1800)), 0.25)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return picture_decoder.decode(written.getvalue(), Limits()).jpeg


def template(path: Path) -> None:
    """Write docxtpl's template: six tables that repeat their row, and a loop of pictures."""
    document = docx.Document()
    for table_number in range(TABLES):
        document.add_heading(f"D{table_number + 1}", 1)
        table = document.add_table(rows=4, cols=4)
        table.style = "Table Grid"
        for cell, text in zip(table.rows[0].cells, ("What", "How", "Who", "When"), strict=True):
            cell.text = text
        table.rows[1].cells[0].text = f"{{%tr for r in t{table_number} %}}"
        for cell, name in zip(table.rows[2].cells, "abcd", strict=True):
            cell.text = f"{{{{ r.{name} }}}}"
        table.rows[3].cells[0].text = "{%tr endfor %}"
    for text in ("{%p for x in photos %}", "{{ x }}", "{%p endfor %}"):
        document.add_paragraph(text)
    document.save(str(path))


def floor(path: Path, photos: list[bytes]) -> bytes:
    """Fill the template by docxtpl alone."""
    filled = DocxTemplate(path)
    line = {"a": "1.1", "b": "外观刮伤原因分析与对策说明 " * 4, "c": "王小明", "d": "2026-01-02"}
    rows = {f"t{number}": [line] * TABLE_ROWS for number in range(TABLES)}
    pictures = [InlineImage(filled, io.BytesIO(photo), width=Mm(80)) for photo in photos]
    filled.render({**rows, "photos": pictures})
    written = io.BytesIO()
    filled.save(written)
    return written.getvalue()


def measure(*, short: bool) -> list[Ratio | Limit]:
    """Measure the report of the story with ten photographs, and the size of its file."""
    drawing.ready()
    photos = [photograph(number) for number in range(PHOTOS)]
    told = story("zh_CN")
    shown = tuple(Photo(picture=photo, caption=f"{number}") for number, photo in enumerate(photos, start=1))
    report = replace(told, problem=replace(told.problem, photos=shown))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.docx"
        template(path)
        found = medians(
            {"floor": lambda: floor(path, photos), "ours": lambda: eight_d_report.write(report, "zh_CN")},
            rounds=SHORT_ROUNDS if short else ROUNDS,
        )
    megabytes = len(eight_d_report.write(report, "zh_CN")) / MEGABYTE
    sent = sum(map(len, photos)) / MEGABYTE
    return [
        Ratio(f"8D in Word, {PHOTOS} photographs, beside docxtpl", found["floor"] * MS, found["ours"] * MS, MOST_RATIO,
              "ms"),
        Limit(f"8D in Word, its file with {sent:.1f} MB of photographs", megabytes, MOST_MB, "MB"),
    ]  # fmt: skip
