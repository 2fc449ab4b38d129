"""`qms-desktop demo --out DIR`: tells the demo's whole story without a window and leaves its papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import drawing
from qms_desktop.cli.common import write_file
from qms_desktop.demo import chapters, papers, place

if TYPE_CHECKING:
    import argparse

DATABASE = "demo.qms"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "demo", help="tell the demo's story without a window and leave its papers in a folder"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the papers")
    command.set_defaults(run=_demo)


def _demo(asked: argparse.Namespace) -> int:
    folder: Path = asked.out
    folder.mkdir(parents=True, exist_ok=True)
    drawing.ready()
    with place.told_into(folder.resolve() / DATABASE, listen=print) as teller:
        told = chapters.tell_everything(teller)
        for paper in papers.of_the_story(teller, told):
            write_file(folder / paper.file_name, paper.content)
            print(f"{folder / paper.file_name}")
        write_file(folder / "story.txt", "\n".join((*teller.lines, "")).encode())
    return 0
