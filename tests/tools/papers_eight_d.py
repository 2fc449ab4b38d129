"""Writes the 8D report of the story in every language, full and draft, and renders it with LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from qms_desktop import drawing
from qms_desktop.demo.eight_d_story import first_day, story
from qms_desktop.documents import eight_d_report
from qms_desktop.i18n import LANGUAGES

_PAGES_DPI = 90
_PATIENCE_S = 180

# The papers name the fonts of Windows; here they are drawn with what is free.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {aliases}
</fontconfig>
"""
_ALIAS = '<alias binding="same"><family>{windows}</family><prefer><family>{free}</family></prefer></alias>'
_FREE_FONTS = {
    "微软雅黑": "Noto Sans CJK SC",
    "Microsoft YaHei": "Noto Sans CJK SC",
    "黑体": "Noto Sans CJK SC",
    "宋体": "Noto Serif CJK SC",
    "微軟正黑體": "Noto Sans CJK TC",
    "Arial": "Liberation Sans",
}


def render(out: Path) -> list[Path]:
    """Write the Word files into a folder and, with LibreOffice and poppler, the PDF and the pages as PNG.

    Gives every file that was written. Raises CalledProcessError when a converter fails.
    """
    out.mkdir(parents=True, exist_ok=True)
    drawing.ready()
    papers = []
    for language in LANGUAGES:
        for name, report in (("full", story(language)), ("draft", first_day(language))):
            paper = out / f"8d_report_{language}_{name}.docx"
            paper.write_bytes(eight_d_report.write(report, language))
            papers.append(paper)
    office = shutil.which("soffice")
    return papers + (_convert(office, papers, out) if office else [])


def _convert(office: str, papers: list[Path], out: Path) -> list[Path]:
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as scratch:
        fonts = Path(scratch) / "fonts.conf"
        aliases = "\n  ".join(_ALIAS.format(windows=name, free=free) for name, free in _FREE_FONTS.items())
        fonts.write_text(_FONTS.format(aliases=aliases), encoding="utf-8")
        command = [office, f"-env:UserInstallation={Path(scratch).as_uri()}/profile", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(out), *map(str, papers)]
        environment = os.environ | {"FONTCONFIG_FILE": str(fonts)}
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S, env=environment)
    pages = shutil.which("pdftoppm")
    for paper in papers:
        printed = paper.with_suffix(".pdf")
        written.append(printed)
        if pages:
            stem = out / f"{paper.stem}_p"
            subprocess.run(
                [pages, "-r", str(_PAGES_DPI), "-png", str(printed), str(stem)], check=True, timeout=_PATIENCE_S
            )
            written += sorted(out.glob(f"{paper.stem}_p-*.png"))
    return written
