"""The Excel forms filled with the story's figures, calculated anew and drawn as pictures to be looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pypdfium2

from qms_desktop.documents import monthly_table, recall_list, return_analysis_sheet, tracking_table
from qms_desktop.i18n import LANGUAGES
from tests.documents.sheet_stories import empty_month, november, story_claim, story_recall, story_tracking

DPI = 90
CONVERSION_TIMEOUT_S = 180

# The forms name the fonts of Windows; here they are drawn with free ones of the same kind.
FREE_FONTS = {
    "宋体": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
    "新細明體": "Noto Serif CJK TC",
    "微軟正黑體": "Noto Sans CJK TC",
    "Arial": "Liberation Sans",
}
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>
"""
ALIAS = '<alias binding="same"><family>{windows}</family><prefer><family>{free}</family></prefer></alias>'


def forms(language: str) -> dict[str, bytes]:
    """Give every Excel form of the story in a language, by file name."""
    return {
        "return_analysis_sheet": return_analysis_sheet.write(story_claim(language), language),
        "return_analysis_sheet_unsigned": return_analysis_sheet.write(story_claim(language, signed=4), language),
        "monthly_return_statistics": monthly_table.write(november(language), language),
        "monthly_return_statistics_empty": monthly_table.write(empty_month(language), language),
        "recall_scope": recall_list.write(story_recall(language), language),
        "complaint_tracking": tracking_table.write(story_tracking(language), language),
    }


def render(out: Path, languages: tuple[str, ...] = tuple(LANGUAGES)) -> list[Path]:
    """Write all forms into a folder, and where LibreOffice is installed their PDF and a picture of every page too."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for language in languages:
        for name, content in forms(language).items():
            book = out / f"{name}_{language}.xlsx"
            book.write_bytes(content)
            written.append(book)
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not installed: the forms are written, but not drawn.")
        return written
    check_results(written, office)
    return written + draw(written, out, office)


class Miscalculated(Exception):
    """A formula whose result in the file is not what a spreadsheet program calculates."""


def check_results(books: list[Path], office: str) -> None:
    """Let LibreOffice calculate every formula anew, and compare with the results that the files carry."""
    with TemporaryDirectory() as scratch:
        stripped = []
        for book in books:
            copy = Path(scratch) / book.name
            openpyxl.load_workbook(book).save(copy)  # openpyxl drops the results
            stripped.append(copy)
        convert(stripped, Path(scratch) / "calculated", office, "xlsx")
        for book in books:
            ours, theirs = values(book), values(Path(scratch) / "calculated" / book.name)
            wrong = {cell: (value, theirs.get(cell)) for cell, value in ours.items() if theirs.get(cell) != value}
            if wrong:
                raise Miscalculated(f"{book.name}: {wrong}")


def values(book: Path) -> dict[str, float]:
    """Read the results of all formulas of a book, rounded to what a reader could see."""
    formulas, results = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    found = {}
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found[f"{sheet.title}!{cell.coordinate}"] = round(results[sheet.title][cell.coordinate].value, 6)
    return found


def convert(books: list[Path], out: Path, office: str, kind: str) -> None:
    """Let LibreOffice convert books, with free fonts in place of those of Windows."""
    with TemporaryDirectory() as scratch:
        fonts = Path(scratch) / "fonts.conf"
        aliases = "".join(ALIAS.format(windows=windows, free=free) for windows, free in FREE_FONTS.items())
        fonts.write_text(FONTS.format(aliases=aliases), encoding="utf-8")
        command = [office, f"-env:UserInstallation=file://{scratch}/profile", "--headless", "--convert-to", kind]
        subprocess.run(
            [*command, "--outdir", str(out), *map(str, books)],
            check=True,
            capture_output=True,
            timeout=CONVERSION_TIMEOUT_S,
            env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        )


def draw(books: list[Path], out: Path, office: str) -> list[Path]:
    """Let LibreOffice print books to PDF, and draw every page."""
    convert(books, out, office, "pdf")
    pictures = []
    for book in books:
        document = pypdfium2.PdfDocument(out / f"{book.stem}.pdf")
        for number, page in enumerate(document, start=1):
            picture = out / f"{book.stem}_p{number}.png"
            page.render(scale=DPI / 72).to_pil().save(picture)
            pictures.append(picture)
        document.close()
    return pictures
