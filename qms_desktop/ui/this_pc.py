"""What belongs to this PC alone: the label printer, the size of its labels, and the folder of photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from qms_desktop import settings
from qms_desktop.documents.receipt_label import LabelSize
from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import Choice, ChoiceField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import FormDialog
from qms_desktop.ui.rows import column, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.errors import QmsError
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

NOT_AN_ADDRESS = N_("“{text}” is no address of a printer. Write its name or number: 192.168.1.50, zebra:9100.")
NO_SUCH_FOLDER = N_("There is no folder {folder}. Choose one that is there, or leave it empty.")
_LAST_PORT = 65535


class PrinterField(TextField):
    """The address of a label printer: its name or number, and a port if it is not 9100. Empty: none."""

    def read(self) -> str:
        typed = super().read()
        host, colon, port = typed.partition(":")
        has_port = port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT
        if typed and (not host or " " in host or (colon and not has_port)):
            raise InvalidInput(NOT_AN_ADDRESS, field=self.field, text=typed)
        return typed


def keep(_session: Session, *, label_printer: str, label_size: str, photo_folder: str) -> settings.Settings:
    """Keep what was chosen; raises InvalidInput for a folder that is not there."""
    if photo_folder and not Path(photo_folder).is_dir():
        raise InvalidInput(NO_SUCH_FOLDER, field="photo_folder", folder=photo_folder)
    return settings.change(label_printer=label_printer, label_size=label_size, photo_folder=photo_folder)


def ask(page: Page, *, then: Callable[[], object]) -> FormDialog:
    """Ask for the printer and the folder of this PC; `then` is called when they are kept."""
    now = settings.load()
    folder = TextField(field="photo_folder", longest=400)
    fields = {
        "label_printer": Field(
            lambda: _("Label printer"),
            PrinterField(field="label_printer", longest=120, placeholder="192.168.1.50:9100"),
            hint=lambda: _("Name or number in the network; port 9100 as a rule. Empty: no printer here"),
        ),
        "label_size": Field(
            lambda: _("Labels in it"),
            ChoiceField([Choice(str(one), f"{one.shown} mm") for one in LabelSize], field="label_size"),
        ),
        "photo_folder": Field(
            lambda: _("Photo folder of the dock"),
            folder,
            hint=lambda: _("Where a phone or camera leaves its pictures. Empty: each picture is chosen"),
        ),
    }

    def send(dialog: FormDialog, values: dict[str, Any]) -> None:
        def kept(_settings: settings.Settings) -> None:
            dialog.form.succeeded()
            dialog.accept()
            then()
            page.say(_("Kept for this PC."))

        def refused(error: QmsError) -> None:
            if not dialog.form.show_error(error):
                dialog.show_problem(error)
            dialog.place()

        page.read(keep, then=kept, failed=refused, slot="this_pc", **values)

    choose = Button(lambda: _("Choose…"), icon="search", clicked=lambda: _choose(dialog, folder))
    dialog = FormDialog(
        page,
        name="this_pc",
        title=_("This PC"),
        icon="printer",
        fields=fields,
        verb=lambda: _("Keep"),
        send=send,
        lines=[
            row((fields["label_printer"], 2), (fields["label_size"], 1), gap=12),
            row((fields["photo_folder"], 1), column(22, choose, 18, gap=0), gap=8),
        ],
    )
    if not dialog.form.dirty:
        dialog.form.open({name: getattr(now, name) for name in fields})
    dialog.open()
    return dialog


def _choose(dialog: FormDialog, folder: TextField) -> QFileDialog:
    chooser = QFileDialog(dialog, _("Photo folder of the dock"), folder.line.text() or str(Path.home()))
    chooser.setFileMode(QFileDialog.FileMode.Directory)
    chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    chooser.fileSelected.connect(folder.line.setText)
    chooser.finished.connect(chooser.deleteLater)
    chooser.open()
    return chooser
