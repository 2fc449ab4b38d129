"""Buttons: the one primary, plain, ghost, quiet and danger; filter chips; all with an icon that follows the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from qms_desktop.i18n import _
from qms_desktop.ui import icons, theme
from qms_desktop.ui.text import Words, key_text, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from qms_desktop.session import Session

_INK = {"primary": "accent_fg", "danger": "crit", "ghost": "accent_text", "quiet": "text2"}
_STATION_FROM = 60


class Button(QPushButton):
    """A button named as a verb. `kind`: "", "primary" (one a page), "danger", "ghost" or "quiet".

    `key` is a shortcut such as "Ctrl+N" or "F8": it stands behind the word and in the tooltip and works in the window
    of the button. A plain letter may not be a shortcut, because a scanner types letters.
    """

    def __init__(
        self,
        words: Words = "",
        *,
        kind: str = "",
        icon: str = "",
        height: int = theme.CONTROL,
        key: str = "",
        size: int = theme.BODY,
        show_key: bool = True,
        name: Words = "",
        clicked: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self.words, self.icon_name, self.key, self._name = words, icon, key, name
        self._reason: Words = ""
        self._show_key, self._design_height = show_key, height
        self.setProperty("kind", kind)
        if height >= _STATION_FROM:
            self.setProperty("station", "1")
        self.setFont(theme.font(size, bold=kind in ("primary", "danger")))
        self.setFixedHeight(theme.px(height))
        if icon and not said(words):
            self.setProperty("bare", "1")
            self.setFixedWidth(theme.px(height))
        if key:
            self.shortcut_made = QShortcut(QKeySequence(key), self)
            self.shortcut_made.activated.connect(self.click)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())  # noqa: PLW0108 - Qt would pass on whether it is checked
        self._dress()

    def say(self, words: Words) -> None:
        """Show other words."""
        self.words = words
        self._dress()

    def set_kind(self, kind: str) -> None:
        """Make it primary, plain and so on."""
        theme.set_property(self, "kind", kind)
        font = self.font()
        font.setBold(kind in ("primary", "danger"))
        self.setFont(font)
        self._dress()

    def forbid(self, reason: Words) -> None:
        """Make it grey and say why in the tooltip; an empty reason allows it again."""
        self._reason = reason
        self.setEnabled(not said(reason))
        self._dress()

    def ask_permission(self, session: Session, verb: Any) -> Button:  # noqa: ANN401 - a verb, by its attribute
        """Hide the button from people who may not do what the verb does."""
        self.setVisible(session.may(verb.permission))
        return self

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        word, key = said(self.words), key_text(self.key)
        shown = f"{word}  {key}" if word and key and self._show_key else word
        # A blank in front stands between icon and word; Qt's own gap is 4 px at any text size.
        self.setText((" " if self.icon_name and shown else "") + shown.replace("&", "&&"))
        self.setAccessibleName(said(self._name) or word)
        tip = said(self._reason) or said(self._name) or (word if key else "")
        self.setToolTip(f"{tip} ({key})" if key and tip and not self._reason else tip)
        if self.icon_name:
            big = self._design_height >= _STATION_FROM
            size = 26 if big else 16
            token = _INK.get(str(self.property("kind")), "text")
            self.setIcon(icons.icon(self.icon_name, token, size, ratio=self.devicePixelRatioF()))
            self.setIconSize(QSize(theme.px(size), theme.px(size)))


class FilterChip(QPushButton):
    """A filter of a list, such as *open 31*; several stand side by side and one is chosen."""

    def __init__(self, words: Words, *, count: int | None = None, chosen: bool = False) -> None:
        super().__init__()
        self.words, self.count = words, count
        self.setProperty("pill", "1")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setChecked(chosen)
        self.setFont(theme.font())
        self.setFixedHeight(theme.px(theme.FILTER))
        self._dress()

    def show_count(self, count: int | None) -> None:
        """Show how many the filter would leave."""
        self.count = count
        self._dress()

    def sizeHint(self) -> QSize:
        bold = theme.font(bold=True)
        hint, plain = super().sizeHint(), self.fontMetrics().horizontalAdvance(self.text())
        probe = QFontMetrics(bold)
        return QSize(hint.width() + max(0, probe.horizontalAdvance(self.text()) - plain), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        word = said(self.words)
        self.setText(word if self.count is None else f"{word}  {self.count:,}")
        self.setAccessibleName(word if self.count is None else _("{word}, {count}").format(word=word, count=self.count))
        self.updateGeometry()
