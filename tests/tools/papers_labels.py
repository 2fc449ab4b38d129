"""Receipt labels: from ZPL as a printer would draw them, from our own dots, and from the PDF; all read back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops

from qms_desktop import drawing
from qms_desktop.documents.receipt_label import LabelSize, bitmap, pdf, sheet_pdf, zpl
from qms_desktop.drawing.label_layout import GEOMETRY
from qms_desktop.steps.receipt_label import LabelStatus, ReceiptLabel
from tests.helpers.receipt_labels import LONG_TEXTS, PAYLOAD, a_label, a_void_label
from tests.tools import render_zpl

if TYPE_CHECKING:
    from pathlib import Path

GAP = 12
SHEET_GREY = 200
LINE_CODE_DOTS = 422


class Misprinted(Exception):
    """A label that a scanner would not read, or that stands wrong on its paper."""


@dataclass(frozen=True)
class Sample:
    """One label in one size, named as its picture."""

    name: str
    label: ReceiptLabel
    size: LabelSize

    @property
    def file(self) -> str:
        return f"{self.size}_{self.name}"


def samples() -> list[Sample]:
    """Give the labels to look at: usual ones, every status, and texts that try the layout."""
    labels = {"normal": a_label(carton=1), "reprint": a_label(reprint=1), "void": a_void_label()}
    labels |= {f"status-{status}": a_label(status=status, reprint=12) for status in LabelStatus}
    for name, sample in LONG_TEXTS.items():
        texts = {"product_name": sample, "model": sample, "customer_name": sample, "customer_short_name": sample}
        labels[f"text-{name.replace(' ', '-')}"] = a_label(product_code=sample, **texts)
    labels["unreadable-lot"] = a_label(lot=None, pieces=12_345)
    return [Sample(name=name, label=label, size=size) for size in LabelSize for name, label in labels.items()]


def read_back(picture: Image.Image, sample: Sample, *, made_by: str) -> None:
    """Read a label in four directions; raises Misprinted when a code is missing or says something else."""
    kinds = {"DataMatrix", "Code128"} if sample.size is LabelSize.LARGE else {"DataMatrix"}
    for degrees in (0, 90, 180, 270):
        found = {code.format.name: code.text for code in zxingcpp.read_barcodes(picture.rotate(degrees, expand=True))}
        if found != dict.fromkeys(kinds, PAYLOAD):
            raise Misprinted(f"{sample.file} of {made_by}, turned by {degrees}°, reads as {found}")


def check_place(picture: Image.Image, sample: Sample) -> None:
    """Compare a printer's drawing with the table of measures; raises Misprinted."""
    place = GEOMETRY[sample.size]
    ink = ImageChops.invert(picture.convert("L")).point(lambda grey: 255 if grey > 127 else 0)
    covered = ink.getbbox()
    if covered is None or covered[0] < place.margin - 2 or covered[2] > place.width - place.margin + 2:
        raise Misprinted(f"{sample.file}: ink from {covered} leaves the label")
    code = (place.code_x, place.code_y, place.code_x + place.code_side, place.code_y + place.code_side)
    quiet = round(1.5 * place.module)
    zone = (code[0] - quiet, code[1] - quiet, code[2] + quiet, code[3] + quiet)
    alone = ink.crop(zone).getbbox()
    if alone != (quiet, quiet, quiet + place.code_side, quiet + place.code_side):
        raise Misprinted(f"{sample.file}: the code or its quiet zone is {alone} in {zone}")
    if bars := place.bars:
        left, _, right, _ = ink.crop((0, bars.y + 2, place.width, bars.y + bars.height - 2)).getbbox() or (0, 0, 0, 0)
        if right - left != LINE_CODE_DOTS:
            raise Misprinted(f"{sample.file}: the line code is {right - left} dots wide")


def contact_sheet(pictures: list[Image.Image]) -> Image.Image:
    """Lay pictures out in rows, to be looked at together."""
    across = 3 * max(picture.width for picture in pictures) + 4 * GAP
    placed, x, y, row_height = [], GAP, GAP, 0
    for picture in pictures:
        if x + picture.width + GAP > across:
            x, y, row_height = GAP, y + row_height + GAP, 0
        placed.append((picture, (x, y)))
        x, row_height = x + picture.width + GAP, max(row_height, picture.height)
    sheet = Image.new("L", (across, y + row_height + GAP), SHEET_GREY)
    for picture, corner in placed:
        sheet.paste(picture, corner)
    return sheet


def _from_zpl(out: Path, drawn: list[Sample]) -> list[Image.Image]:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.*"):
        old.unlink()
    for sample in drawn:
        (out / f"{sample.file}.zpl").write_bytes(zpl(sample.label, sample.size))
    render_zpl.render(out)
    pictures = []
    for sample in drawn:
        with Image.open(out / f"{sample.file}.png") as picture:
            read_back(picture, sample, made_by="the ZPL")
            check_place(picture, sample)
            pictures.append(picture.convert("L"))
    return pictures


def _from_dots(out: Path, drawn: list[Sample]) -> list[Image.Image]:
    out.mkdir(parents=True, exist_ok=True)
    pictures = []
    for sample in drawn:
        path = out / f"{sample.file}.png"
        bitmap(sample.label, sample.size).save(str(path))
        with Image.open(path) as picture:
            read_back(picture, sample, made_by="the bitmap")
            check_place(picture, sample)
            pictures.append(picture.convert("L"))
    return pictures


def _from_pdf(out: Path, drawn: list[Sample]) -> None:
    for size in LabelSize:
        of_size = [sample for sample in drawn if sample.size is size]
        written = pdf([sample.label for sample in of_size], size)
        (out / f"{size}.pdf").write_bytes(written)
        with closing(pypdfium2.PdfDocument(written)) as document:
            for sample, page in zip(of_size, document, strict=True):
                read_back(page.render(scale=203 / 72).to_pil(), sample, made_by="the PDF")
        (out / f"{size}_a4.pdf").write_bytes(sheet_pdf([a_label(serial=n) for n in range(1, 31)], size, first_place=3))
        with closing(pypdfium2.PdfDocument(out / f"{size}_a4.pdf")) as sheet:
            sheet[0].render(scale=100 / 72).to_pil().save(out / f"{size}_a4.png")


def render(out: Path) -> None:
    """Write the labels below `out`/labels and read all of them back; raises Misprinted."""
    drawing.ready()
    folder, drawn = out / "labels", samples()
    usual = {"normal", "reprint", "void"}
    for kind, pictures in (("dots", _from_dots(folder / "dots", drawn)), ("zpl", _from_zpl(folder / "zpl", drawn))):
        shown = [picture for sample, picture in zip(drawn, pictures, strict=True) if sample.name in usual]
        contact_sheet(shown).save(folder / f"labels_sheet_{kind}.png")
        contact_sheet(pictures).save(folder / f"labels_all_{kind}.png")
    _from_pdf(folder, drawn)
    print(f"  {len(drawn)} labels, each read back from ZPL, bitmap and PDF: {folder}")
