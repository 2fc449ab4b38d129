"""D2's photographs: chosen from the pictures of the case, in the order of the report, each with its caption."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from qms_desktop.i18n import _
from qms_desktop.rules import attachment
from qms_desktop.rules.attachment import AttachedTo
from qms_desktop.steps import eight_d
from qms_desktop.steps.eight_d import PhotoRow
from qms_desktop.ui import photo_deeds, theme, wording
from qms_desktop.ui.buttons import Button
from qms_desktop.ui.controls import TextField
from qms_desktop.ui.flow import flow
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.overlay import Overlay
from qms_desktop.ui.rows import STRETCH, column, row
from qms_desktop.ui.text import Text
from qms_desktop.ui.thumbnails import PhotoTile, Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.rules.attachment import AttachmentShown
    from qms_desktop.steps.eight_d import SectionShown
    from qms_desktop.ui.eight_d import EightDPage


class PhotosCard(QFrame):
    """Enter writes the caption, Delete takes a picture out, Alt+Up and Alt+Down move it."""

    def __init__(
        self, page: EightDPage, section: SectionShown, rows: Sequence[PhotoRow], *, case_id: int, may_write: bool
    ) -> None:
        super().__init__()
        self.setProperty("card", "2")
        self._page, self._section, self._case_id, self._may_write = page, section, case_id, may_write
        self.rows = tuple(rows)
        self._thumbnails = Thumbnails(page)
        self.tiles = [self._tile(place, one) for place, one in enumerate(self.rows)]
        self.choose = Button(lambda: _("Choose photos…"), kind="ghost", icon="photo-plus", clicked=self.ask)
        nothing = Text(lambda: _("Nothing yet"), theme.SMALL, ink="text3")
        for widget, is_wanted in ((self.choose, may_write), (nothing, not self.rows)):
            if not is_wanted:
                widget.hide()
        column(
            row((Text(lambda: _("Photographs and measurement"), bold=True), 1), nothing, self.choose),
            flow(*self.tiles) if self.tiles else None,
            gap=6,
            margins=(12, 6, 8, 8),
            into=self,
        )

    def _tile(self, place: int, one: PhotoRow) -> PhotoTile:
        when = wording.moment(one.taken_at) if one.taken_at else ""
        second = " \u00b7 ".join(part for part in (when, one.taken_by) if part)
        tile = PhotoTile(one.caption or _("no caption yet"), second, badge=str(place + 1))
        self._thumbnails.into(tile.picture, one.attachment_id)
        tile.chosen.connect(lambda: self._mark(tile))
        if self._may_write:
            tile.opened.connect(lambda: self.ask_caption(place))
            tile.keys = {Qt.Key.Key_Delete: partial(self.take_out, place)}
            tile.moves = {Qt.Key.Key_Up: partial(self.shift, place, -1), Qt.Key.Key_Down: partial(self.shift, place, 1)}
        return tile

    def _mark(self, chosen: PhotoTile) -> None:
        for tile in self.tiles:
            tile.set_chosen(tile is chosen)

    def ask(self) -> None:
        """Choose among the pictures of the case."""
        self._page.read(attachment.listed, then=self._offer, slot="eight_d.photos", case_id=self._case_id)

    def _offer(self, shown: tuple[AttachmentShown, ...]) -> None:
        pictures = [one for one in shown if one.is_picture]
        chosen = [one.attachment_id for one in self.rows]
        ChoosePhotos(self._page, pictures, chosen, add=self._add, then=self._chosen).open()

    def _add(self) -> None:
        photo_deeds.ask_files(
            self._page,
            lambda paths: photo_deeds.attach(
                self._page, paths, kind=AttachedTo.EIGHT_D, record_id=int(self._page.record_id or 0), then=self.ask
            ),
        )

    def _chosen(self, chosen: Sequence[AttachmentShown]) -> None:
        present = {one.attachment_id: one for one in self.rows}
        self._replace(tuple(present.get(one.id, _row_of(one)) for one in chosen))

    def ask_caption(self, place: int) -> None:
        """Write the caption that stands under a picture in the report."""
        one = self.rows[place]
        fields = {
            "caption": Field(
                lambda: _("Caption"),
                TextField(field="caption", longest=attachment.LONGEST_CAPTION, required=True),
                required=True,
            )
        }
        made = ask_form(
            self._page,
            eight_d.replace_rows,
            name=f"eight_d.{self._page.record_id}.photo.{one.attachment_id}",
            title=_("Caption of picture {number}").format(number=place + 1),
            icon="photo",
            words=lambda: _("Save"),
            fields=fields,
            then=lambda _version: self._page.section_saved(self._section.section),
            arguments=lambda values: {"rows": self._with(place, dataclasses.replace(one, caption=values["caption"]))},
            eight_d_id=self._page.record_id,
            rows_of=PhotoRow,
            read_version=self._section.version,
        )
        if made.form.draft() is None:
            made.form.open({"caption": one.caption})

    def _with(self, place: int, after: PhotoRow) -> tuple[PhotoRow, ...]:
        return (*self.rows[:place], after, *self.rows[place + 1 :])

    def take_out(self, place: int) -> None:
        """Take a picture out of the report; it stays at the case."""
        self._replace((*self.rows[:place], *self.rows[place + 1 :]))

    def shift(self, place: int, step: int) -> None:
        """Put a picture before or after its neighbour."""
        there = place + step
        if 0 <= there < len(self.rows):
            rows = list(self.rows)
            rows[place], rows[there] = rows[there], rows[place]
            self._replace(tuple(rows))

    def _replace(self, rows: tuple[PhotoRow, ...]) -> None:
        self._page.run(
            eight_d.replace_rows,
            then=lambda _version: self._page.section_saved(self._section.section),
            eight_d_id=self._page.record_id,
            rows_of=PhotoRow,
            rows=rows,
            read_version=self._section.version,
        )


def _row_of(one: AttachmentShown) -> PhotoRow:
    """Make a row of the report from what is known of a picture: it was taken, or else attached, then and by them."""
    return PhotoRow(
        attachment_id=one.id, caption=one.caption, taken_at=one.taken_at or one.at, taken_by=one.taken_by or one.who
    )


class ChoosePhotos(Overlay):
    """The pictures of the case; a click or the space bar takes one or leaves it, numbers show the order."""

    def __init__(
        self,
        page: EightDPage,
        pictures: Sequence[AttachmentShown],
        chosen: Sequence[int],
        *,
        add: Callable[[], object],
        then: Callable[[Sequence[AttachmentShown]], object],
    ) -> None:
        super().__init__(page, width=900)
        self._pictures = {one.id: one for one in pictures}
        self.chosen = [picture_id for picture_id in chosen if picture_id in self._pictures]
        self._then = then
        thumbnails = Thumbnails(page)
        self.tiles: dict[int, PhotoTile] = {}
        for one in pictures:
            tile = PhotoTile(one.caption or one.file_name, photo_deeds.place_of(one), photo_deeds.second_line(one))
            thumbnails.into(tile.picture, one.id)
            tile.clicked.connect(partial(self.toggle, one.id))
            tile.keys = dict.fromkeys((Qt.Key.Key_Space, Qt.Key.Key_Return), partial(self.toggle, one.id))
            self.tiles[one.id] = tile
        self._foot = Text("", theme.SMALL, ink="text2")
        self.take = Button(
            lambda: _("Take them into D2"),
            kind="primary",
            icon="check",
            height=theme.HEAD_BUTTON,
            key="Ctrl+Return",
            clicked=self._accept,
        )
        back = Button(lambda: _("Cancel"), height=theme.HEAD_BUTTON, key="Escape", clicked=self.reject)
        other = Button(lambda: _("Add photos or files…"), icon="photo-plus", height=theme.HEAD_BUTTON)
        other.clicked.connect(self.reject)
        other.clicked.connect(lambda _on=False: add())
        nothing = Text(lambda: _("The case has no pictures yet. Add the first one."), ink="text2", wrap=True)
        self.setAccessibleName(_("Photos of the case"))
        self.put(
            Text(lambda: _("Photos of the case"), theme.TITLE, bold=True),
            flow(*self.tiles.values()) if self.tiles else nothing,
            self._foot,
            row(other, STRETCH, back, self.take),
        )
        self._show()

    def toggle(self, picture_id: int) -> None:
        """Take a picture, or leave it."""
        if picture_id in self.chosen:
            self.chosen.remove(picture_id)
        else:
            self.chosen.append(picture_id)
        self._show()

    def _show(self) -> None:
        for picture_id, tile in self.tiles.items():
            place = self.chosen.index(picture_id) + 1 if picture_id in self.chosen else 0
            tile.set_chosen(bool(place))
            tile.show_badge(str(place) if place else "")
        self._foot.say(_("{count} chosen; more than 8 go on an annex").format(count=len(self.chosen)))

    def _accept(self) -> None:
        chosen = [self._pictures[picture_id] for picture_id in self.chosen]
        self.accept()
        self._then(chosen)
