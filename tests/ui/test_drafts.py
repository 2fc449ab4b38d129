"""What was typed is never lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING
from uuid import uuid4

from qms_desktop.ui.controls import NumberField, TextField
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.form import DRAFT_EVERY_MS, Field, Form

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from qms_desktop.ui.workplace import Workplace

_TYPIST = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from qms_desktop import i18n
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.drafts import Drafts
from qms_desktop.ui.form import Field, Form
i18n.use("en")
app = QApplication([])
drafts = Drafts(Path(sys.argv[1]), person="10002", store="plant")
field = Field("Defect", TextField(field="defect"))
form = Form("complaint", {"defect": field}, drafts=drafts, parent=app)
form.open()
form.kept.connect(lambda: print("kept", form.request_key, flush=True))
field.control.line.setText("漏油，总装第三班")
app.exec()
"""


def typed_into(field: Field, text: str) -> None:
    assert isinstance(field.control, TextField)
    field.control.line.setText(text)


def test_a_draft_outlives_a_killed_program(tmp_path: Path) -> None:
    path = tmp_path / "drafts.sqlite3"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", _TYPIST, str(path)], env=environment, stdout=subprocess.PIPE, text=True
    ) as typist:
        assert typist.stdout is not None
        said = typist.stdout.readline().split()
        typist.send_signal(signal.SIGKILL)
    drafts = Drafts(path, person="10002", store="plant")
    draft = drafts.find("complaint")
    drafts.close()
    assert draft is not None
    assert draft.contents == {"defect": "漏油，总装第三班"}
    assert str(draft.request_key) == said[1]


def test_drafts_belong_to_a_person_and_a_database(tmp_path: Path) -> None:
    path, key = tmp_path / "drafts.sqlite3", uuid4()
    mine = Drafts(path, person="10002", store="plant")
    mine.keep("rma", {"pieces": "12"}, request_key=key).result()
    others = [Drafts(path, person="10003", store="plant"), Drafts(path, person="10002", store="demo")]
    assert [other.all() for other in others] == [[], []]
    assert [draft.request_key for draft in mine.all()] == [key]
    for drafts in (mine, *others):
        drafts.close()


def test_a_form_keeps_itself_and_forgets_after_success(workplace: Workplace, qtbot: QtBot) -> None:
    field = Field("Pieces", NumberField())
    qtbot.addWidget(field)
    form = Form("receipt", {"pieces": field}, drafts=workplace.drafts, parent=field)
    form.open()
    with qtbot.waitSignal(form.kept, timeout=DRAFT_EVERY_MS + 2000):
        typed_into(field, "596")
    draft = form.draft()
    assert draft is not None
    assert draft.contents == {"pieces": "596"}
    form.succeeded()
    assert form.draft() is None
    assert form.request_key != draft.request_key


def test_a_draft_goes_on_under_its_own_request_key(workplace: Workplace, qtbot: QtBot) -> None:
    key = uuid4()
    workplace.drafts.keep("receipt", {"pieces": "596"}, request_key=key)
    field = Field("Pieces", NumberField())
    qtbot.addWidget(field)
    form = Form("receipt", {"pieces": field}, drafts=workplace.drafts, parent=field)
    form.open()
    draft = form.draft()
    assert draft is not None
    form.take_draft(draft)
    assert (form.request_key, form.contents(), form.dirty) == (key, {"pieces": "596"}, True)


def test_a_password_is_in_no_draft(qtbot: QtBot) -> None:
    field = Field("Password", TextField(field="password", secret=True))
    qtbot.addWidget(field)
    typed_into(field, "geheim")
    assert Form("x", {"password": field}, parent=field).contents() == {"password": None}


def test_a_draft_that_the_disk_refuses_is_said_and_tried_again(workplace: Workplace, qtbot: QtBot) -> None:
    field = Field("Pieces", NumberField())
    qtbot.addWidget(field)
    form = Form("receipt", {"pieces": field}, drafts=workplace.drafts, parent=field)
    with sqlite3.connect(workplace.drafts.path) as connection:
        connection.execute("ALTER TABLE draft RENAME TO gone")
    typed_into(field, "596")
    with qtbot.waitSignal(form.not_kept):
        form.keep_draft()
    with sqlite3.connect(workplace.drafts.path) as connection:
        connection.execute("ALTER TABLE gone RENAME TO draft")
    with qtbot.waitSignal(form.kept):
        form.keep_draft()
