"""The tab *photos* of a record: its own pictures and files first, then those of the other records of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qms_desktop import i18n
from qms_desktop.i18n import _
from qms_desktop.rules import attachment
from qms_desktop.ui import cards, photo_deeds, theme
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.flow import flow
from qms_desktop.ui.rows import STRETCH, column, empty_out, row
from qms_desktop.ui.text import Text
from qms_desktop.ui.thumbnails import PhotoTile, Thumbnails, icon_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.rules.attachment import AttachedTo, AttachmentShown
    from qms_desktop.ui.page import Page
    from qms_desktop.ui.text import Words


class PhotosTab(QWidget):
    """Add, paste or drop; Enter opens, Delete takes back. `counted` is told how many there are in the case."""

    def __init__(self, page: Page, kind: AttachedTo) -> None:
        super().__init__()
        self._page, self._kind = page, kind
        self._case_id, self._record_id = 0, 0
        self._thumbnails = Thumbnails(page)
        self.shown: tuple[AttachmentShown, ...] = ()
        self._language = ""
        self.tiles: dict[int, PhotoTile] = {}
        self.counted: Callable[[int], None] = lambda _count: None
        session = page.workplace.session
        self.add = Button(lambda: _("Add photos or files…"), icon="photo-plus", clicked=self.ask)
        self.add.ask_permission(session, attachment.attach)
        self.large = Button(lambda: _("Open"), icon="eye", clicked=self.open_chosen)
        self.save = Button(lambda: _("Save the original…"), icon="download", clicked=self.save_chosen)
        self.back = Button(lambda: _("Take back…"), icon="arrow-back-up", clicked=self.take_back)
        self._may_add = session.may(attachment.attach.permission)
        self._place = QVBoxLayout()
        self._place.setSpacing(theme.px(8))
        hint = Text(lambda: _("Drop photos and files here, or paste with Ctrl+V."), theme.SMALL, ink="text3")
        column(
            row(self.add, STRETCH, self.large, self.save, self.back),
            self._place,
            STRETCH,
            hint if self._may_add else None,
            gap=10,
            into=self,
        )
        self.setAcceptDrops(self._may_add)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self._chosen: int | None = None
        self._show_buttons()

    def show_record(self, case_id: int, record_id: int) -> None:
        """Read what is attached in the case of a record."""
        self._case_id, self._record_id = case_id, record_id
        self.read_again()

    def read_again(self) -> None:
        """Read the list again; pictures that were read stay."""
        self._page.read(
            attachment.listed,
            then=self._show,
            slot="tabs.photos",
            case_id=self._case_id,
            kind=self._kind,
            record_id=self._record_id,
        )

    # Adding.

    def ask(self) -> None:
        """Ask for files."""
        photo_deeds.ask_files(self._page, self.attach)

    def paste(self) -> None:
        """Attach what lies on the clipboard."""
        found = photo_deeds.on_clipboard()
        if found and self._may_add:
            self.attach(found)
        elif self._may_add:
            self._page.say(_("There is no picture or file on the clipboard. Copy one first."), tone="wait")

    def attach(self, sources: Sequence[photo_deeds.Source]) -> None:
        """Attach files to the record."""
        photo_deeds.attach(
            self._page,
            sources,
            kind=self._kind,
            record_id=self._record_id,
            then=self.read_again,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasImage() or any(url.isLocalFile() for url in mime.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.attach(photo_deeds.sources_in(event.mimeData()))

    # What is chosen.

    @property
    def chosen(self) -> AttachmentShown | None:
        """Give the attachment that is chosen."""
        return next((one for one in self.shown if one.id == self._chosen), None)

    def choose(self, attachment_id: int) -> None:
        """Choose one."""
        self._chosen = attachment_id
        for tile_id, tile in self.tiles.items():
            tile.set_chosen(tile_id == attachment_id)
        self._show_buttons()

    def open_chosen(self) -> None:
        """Open the chosen picture large."""
        if (one := self.chosen) is not None:
            photo_deeds.open_large(self._page, self.shown, one)

    def save_chosen(self) -> None:
        """Save the chosen file as it came."""
        if (one := self.chosen) is not None:
            photo_deeds.save_original(self._page, one)

    def take_back(self) -> None:
        """Take the chosen one back."""
        if (one := self.chosen) is not None and self._may_take_back(one):
            photo_deeds.take_back(self._page, one, then=self.read_again)

    def _may_take_back(self, one: AttachmentShown) -> bool:
        return attachment.may_take_back(self._page.workplace.session, one)

    def _show_buttons(self) -> None:
        one = self.chosen
        for button in (self.large, self.save, self.back):
            button.setEnabled(one is not None)
        self.large.setVisible(one is None or one.is_picture)
        if one is not None:
            self.back.forbid(
                ""
                if self._may_take_back(one)
                else lambda: _("Attached by {who}: only they, or who answers for the record, may take it back.").format(
                    who=one.who
                )
            )

    # Showing.

    def _show(self, shown: tuple[AttachmentShown, ...]) -> None:
        self.counted(len(shown))
        if (shown, i18n.language()) == (self.shown, self._language) and self._place.count():
            return
        self.shown, self._language = shown, i18n.language()
        empty_out(self._place)
        self.tiles = {}
        here = [one for one in shown if one.is_here]
        others = [one for one in shown if not one.is_here]
        if here:
            self._place.addWidget(self._group(lambda: _("This record"), here))
        else:
            self._place.addWidget(_nothing())
        if others:
            self._place.addWidget(self._group(lambda: _("Other records of this case"), others))
        if self.chosen is None:
            self._chosen = None
        else:
            self.tiles[self.chosen.id].set_chosen(True)
        self._show_buttons()

    def _group(self, words: Words, shown: Sequence[AttachmentShown]) -> QWidget:
        return column(Text(words, theme.SMALL, bold=True, ink="text2"), flow(*(self._tile(one) for one in shown)))

    def _tile(self, one: AttachmentShown) -> PhotoTile:
        title = one.caption or one.file_name
        lines = (photo_deeds.place_of(one), photo_deeds.second_line(one))
        tile = PhotoTile(title, *lines, icon=icon_of(one.file_name, is_picture=one.is_picture))
        tile.setToolTip("\n".join((title, *lines, one.file_name)))
        if one.is_picture:
            self._thumbnails.into(tile.picture, one.id)
        tile.chosen.connect(lambda: self.choose(one.id))
        tile.opened.connect(self.open_chosen)
        tile.keys = {Qt.Key.Key_Delete: self.take_back}
        self.tiles[one.id] = tile
        return tile


def _nothing() -> QWidget:
    return cards.card(
        row(
            STRETCH,
            Text(lambda: _("Nothing is attached to this record yet: photos, the customer's notice, reports."),
                 ink="text2", wrap=True),
            STRETCH,
            margins=(12, 18, 12, 18),
        ),
        inner=True,
    )  # fmt: skip
