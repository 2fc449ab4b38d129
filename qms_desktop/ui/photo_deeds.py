"""What is done with photos and files: attach with a caption, open large, save the original, take back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QFileDialog

from qms_desktop.exchange import evidence
from qms_desktop.i18n import _
from qms_desktop.rules import attachment
from qms_desktop.ui import file_choice, theme, trade_words, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import NotesField, TextField
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import FormDialog, ask_form
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.rows import row
from qms_desktop.ui.text import Eliding, Text
from qms_desktop.ui.thumbnails import PictureBox, decoded, icon_of, read_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData

    from qms_desktop.errors import QmsError
    from qms_desktop.rules.attachment import AttachedTo, AttachmentShown, NewFile
    from qms_desktop.session import Session
    from qms_desktop.ui.page import Page

_PREVIEW_HEIGHT, _LARGE_WIDTH, _LARGE_MARGIN = 220, 1240, 210


@dataclass(frozen=True)
class Pasted:
    """A picture from the clipboard."""

    name: str
    content: bytes


Source = Path | Pasted


@dataclass(frozen=True)
class _Taken:
    """A file that was taken in, with its preview."""

    file: NewFile
    preview: QImage | None


def patterns() -> str:
    """Name the files that can be attached, for the dialog."""
    endings = " ".join(f"*{ending}" for ending in (*evidence.PICTURE_ENDINGS, *evidence.DOCUMENT_ENDINGS))
    pictures = " ".join(f"*{ending}" for ending in evidence.PICTURE_ENDINGS)
    return ";;".join(
        (
            _("Photos and documents ({endings})").format(endings=endings),
            _("Photos ({endings})").format(endings=pictures),
        )
    )


def ask_files(page: Page, then: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask for one or more files."""
    dialog = file_choice.ask_open(
        page, title=_("Photos and files to attach"), patterns=patterns(), then=lambda _first: None
    )
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    return dialog


def sources_in(mime: QMimeData) -> list[Source]:
    """Give the files, or else the picture, that were dropped or lie on the clipboard."""
    paths: list[Source] = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths or not mime.hasImage():
        return paths
    image = QImage(mime.imageData())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return [Pasted(_("pasted picture.png"), bytes(buffer.data().data()))]


def on_clipboard() -> list[Source]:
    """Give what can be pasted."""
    mime = QGuiApplication.clipboard().mimeData()
    return sources_in(mime) if mime is not None else []


def take_in(session: Session, *, source: Source) -> NewFile:
    """Take a file in: decoded in a child process, on a reader thread."""
    zone = attachment.camera_zone(session)
    if isinstance(source, Pasted):
        return evidence.take(source.content, zone=zone, name=source.name)
    return evidence.take(source, zone=zone)


def _take_with_preview(session: Session, *, source: Source) -> _Taken:
    file = take_in(session, source=source)
    return _Taken(file, decoded(file.upright_copy) if file.upright_copy else None)


def attach(
    page: Page,
    sources: Sequence[Source],
    *,
    kind: AttachedTo,
    record_id: int,
    then: Callable[[], object],
    place: int = 1,
    count: int = 0,
) -> None:
    """Take files in one after the other and ask for the caption of each; Esc goes on with the next.

    `then` is called when the last one was asked for.
    """
    if not sources:
        then()
        return
    all_of_them = count or len(sources)

    def go_on() -> None:
        attach(page, sources[1:], kind=kind, record_id=record_id, then=then, place=place + 1, count=all_of_them)

    def ask(taken: _Taken) -> None:
        _ask_caption(page, taken, kind=kind, record_id=record_id, which=(place, all_of_them), next_one=go_on)

    def refused(_error: QmsError) -> None:
        go_on()

    page.read(_take_with_preview, then=ask, failed=refused, source=sources[0])


def _ask_caption(
    page: Page,
    taken: _Taken,
    *,
    kind: AttachedTo,
    record_id: int,
    which: tuple[int, int],
    next_one: Callable[[], object],
) -> FormDialog:
    file = taken.file
    preview = PictureBox(icon=icon_of(file.file_name, is_picture=taken.preview is not None), height=_PREVIEW_HEIGHT)
    preview.show_image(taken.preview)
    hint = (
        (lambda: _("What it shows: which carton, which part, what is wrong. It stands under the picture in the 8D."))
        if taken.preview
        else ""
    )
    fields = {
        "caption": Field(
            lambda: _("Caption"), TextField(field="caption", longest=attachment.LONGEST_CAPTION), hint=hint
        )
    }
    if taken.preview is not None:
        fields["taken_by"] = Field(lambda: _("Taken by"), TextField(field="taken_by"))
    place, count = which
    title = _("Attach {file}").format(file=file.file_name) + (f"  {place}/{count}" if count > 1 else "")
    dialog = ask_form(
        page,
        attachment.attach,
        name=f"attach.{kind}.{record_id}.{file.file_name}",
        title=title,
        icon="photo-plus" if taken.preview else "paperclip",
        words=lambda: _("Attach"),
        fields=fields,
        above=[preview, Text(_taken_words(file), theme.SMALL, ink="text2", wrap=True)],
        then=lambda _id: None,
        kind=kind,
        record_id=record_id,
        file=file,
    )
    if dialog.form.draft() is None:
        dialog.form.open({"taken_by": page.workplace.session.name})
    dialog.finished.connect(lambda _result: next_one())
    return dialog


def _taken_words(file: NewFile) -> str:
    size = wording.file_size(len(file.original))
    if file.width_px is None:
        return size
    said = (
        _("taken {moment}, says the camera").format(moment=wording.moment(file.taken_at))
        if file.taken_at
        else _("the camera does not say when it was taken")
    )
    return " \u00b7 ".join((size, said, _("place and camera are removed from the copy that is shown and printed")))


def place_of(one: AttachmentShown) -> str:
    """Say in the trade's words where a file belongs: `Carton 4`, `RMA R20261103001`."""
    return f"{_(trade_words.ATTACHED_TO[one.kind])} {one.place}".strip()


def second_line(one: AttachmentShown) -> str:
    """Say when and by whom it was taken, or attached."""
    moment, who = (one.taken_at, one.taken_by) if one.taken_at else (one.at, one.who)
    return f"{wording.short_moment(moment)} \u00b7 {who or one.who}"


def save_original(page: Page, one: AttachmentShown) -> None:
    """Ask for a place and write the file there as it came."""
    file_choice.save_paper(
        page,
        title=_("Save {file}").format(file=one.file_name),
        name=one.file_name,
        pattern=_("All files (*)"),
        make=lambda session: attachment.original(session, attachment_id=one.id).content,
        said=_("{file} is written."),
    )


def take_back(page: Page, one: AttachmentShown, *, then: Callable[[], object]) -> FormDialog:
    """Ask for the reason and take a file back by a counter-entry."""
    fields = {"reason": Field(lambda: _("Reason"), NotesField(field="reason", required=True), required=True)}
    return ask_form(
        page,
        attachment.withdraw,
        name=f"take_back.{one.id}",
        title=_("Take back: {what}").format(what=one.caption or one.file_name),
        icon="arrow-back-up",
        words=lambda: _("Take back"),
        fields=fields,
        above=[
            Text(
                lambda: _("The file stays on record with your reason; no list shows it any more."),
                ink="text2",
                wrap=True,
            )
        ],
        then=lambda _none: then(),
        attachment_id=one.id,
    )


class LargeView(Overlay):
    """One picture as large as the window allows; Left and Right go on, Esc closes."""

    def __init__(self, page: Page, shown: Sequence[AttachmentShown], place: int) -> None:
        super().__init__(page, width=_LARGE_WIDTH)
        self._page, self._shown, self._place = page, list(shown), place
        self.picture = PictureBox()
        self.picture.setFixedHeight(max(theme.px(240), page.window().height() - theme.px(_LARGE_MARGIN)))
        self._caption = Text("", theme.CARD_TITLE, bold=True, wrap=True)
        self._second = Eliding("", theme.SMALL, ink="text2")
        self._count = Text("", theme.SMALL, ink="text2")
        before = Button(
            icon="chevron-left", kind="quiet", name=lambda: _("Picture before"), clicked=lambda: self.step(-1)
        )
        after = Button(icon="chevron-right", kind="quiet", name=lambda: _("Next picture"), clicked=lambda: self.step(1))
        save = Button(
            lambda: _("Save the original…"), icon="download", clicked=lambda: save_original(page, self.current)
        )
        close = Button(lambda: _("Close"), key="Escape", clicked=self.reject)
        self.put(
            row((self._caption, 1), before, self._count, after),
            self.picture,
            row((self._second, 1), save, close),
            margin=16,
        )
        self._show()

    @property
    def current(self) -> AttachmentShown:
        """Give the picture that is shown."""
        return self._shown[self._place]

    def step(self, by: int) -> None:
        """Go to another picture, round the end."""
        self._place = (self._place + by) % len(self._shown)
        self._show()

    def _show(self) -> None:
        one = self.current
        self._caption.say(one.caption or one.file_name)
        self._second.say(" \u00b7 ".join((place_of(one), second_line(one), one.file_name)))
        self._count.say(f"{self._place + 1}/{len(self._shown)}")
        self.setAccessibleName(one.caption or one.file_name)
        self.picture.show_image(None)
        self._page.read(read_copy, then=self.picture.show_image, slot="photo.large", attachment_id=one.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)


def open_large(page: Page, shown: Sequence[AttachmentShown], one: AttachmentShown) -> LargeView | None:
    """Open a picture over the page, with the others beside it; another file is saved instead."""
    if not one.is_picture:
        save_original(page, one)
        return None
    pictures = [other for other in shown if other.is_picture]
    view = LargeView(page, pictures, next(place for place, other in enumerate(pictures) if other.id == one.id))
    view.open()
    return view
