"""`qms-desktop demo --out DIR`: tells the demo's whole story without a window and leaves its papers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qms_desktop import drawing
from qms_desktop.cli.common import add_json, answer
from qms_desktop.demo import chapters, out_folder, papers, place

if TYPE_CHECKING:
    import argparse

STORY = "story.txt"


@dataclass(frozen=True)
class DemoTold:
    """What the demo left: its folder, its files, and a line for each step."""

    folder: str
    files: tuple[str, ...]
    story: tuple[str, ...]


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "demo", help="tell the demo's story without a window and leave its papers in a folder"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the papers")
    add_json(command)
    command.set_defaults(run=_demo)


def _demo(asked: argparse.Namespace) -> int:
    drawing.ready()
    with out_folder.filled(asked.out.resolve()) as filling:
        making = filling.beside
        with place.told_into(making / out_folder.DATABASE, listen=_silent if asked.json else print) as teller:
            told = chapters.tell_everything(teller)
            for paper in papers.of_the_story(teller, told):
                (making / paper.file_name).write_bytes(paper.content)
            lines = teller.in_order_of_time()
        (making / STORY).write_text("\n".join((*lines, "")), encoding="utf-8")
    files = tuple(str(asked.out / file.name) for file in filling.files)
    return answer(asked, DemoTold(str(asked.out), files, lines), *files)


def _silent(_line: str) -> None:
    """Say nothing: the answer is one JSON document."""
