"""The right side of an 8D report: the open gates in words with the way there, and who signs which version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from qms_desktop.i18n import _, plural
from qms_desktop.steps.eight_d import EightDShown, Gate, ReportKind, VersionShown
from qms_desktop.ui import cards, theme, trade_words, wording
from qms_desktop.ui.buttons import Button, FilterChip
from qms_desktop.ui.chip import Chip, State
from qms_desktop.ui.eight_d_words import section_name
from qms_desktop.ui.rows import STRETCH, column, empty_out, row, scrolling
from qms_desktop.ui.text import Rule, Sign, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_NAMED = 6


def open_version(report: EightDShown) -> VersionShown | None:
    """Give the version that is on its way, None between two."""
    newest = report.versions[-1] if report.versions else None
    return newest if newest is not None and newest.sent_at is None else None


def state_of(version: VersionShown) -> State:
    """Give a version's state for its chip: one that came back says so."""
    state = str(version.state).lower()
    return State("eight_d_version", "sent_back" if state == "draft" and version.sent_back else state)


def split_where(gate: Gate) -> str:
    """Give the field or place that a gate misses first: `lot` of `D2.lot`, `transit` of `D3.transit.method`."""
    parts = gate.missing[0].where.split(".") if gate.missing else []
    return parts[1] if len(parts) > 1 else ""


class GatesSide(QFrame):
    """Signals: `wanted(Section, str)` when somebody wants to go to what is missing."""

    wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "1")
        self._gates: Sequence[Gate] = ()
        self.kind: ReportKind | None = None
        self._sign = Sign("checklist", "text2", 18)
        self._title = Text("", theme.CARD_TITLE, bold=True)
        self.chips: dict[ReportKind | None, FilterChip] = {None: FilterChip(lambda: _("All"), chosen=True)}
        self.chips |= {kind: FilterChip(str(kind)) for kind in ReportKind}
        for kind, chip in self.chips.items():
            chip.clicked.connect(partial(self._choose, kind))
        self._place = QVBoxLayout()
        self._place.setSpacing(theme.px(8))
        inside = column(self._place, STRETCH, margins=(12, 4, 12, 8))
        self.versions = QVBoxLayout()
        self.versions.setSpacing(theme.px(6))
        column(
            row(self._sign, (self._title, 1), margins=(14, 12, 12, 0)),
            row(*self.chips.values(), STRETCH, gap=6, margins=(12, 6, 12, 6)),
            (scrolling(inside, name=_("Open gates")), 1),
            Rule(),
            column(
                row(Sign("versions", "text2", 18), (Text(lambda: _("Versions"), theme.CARD_TITLE, bold=True), 1)),
                self.versions,
                margins=(14, 8, 12, 10),
                gap=6,
            ),
            gap=0,
            margins=(1,),
            into=self,
        )

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Show the gates that are open now."""
        self._gates = gates
        for kind, chip in self.chips.items():
            chip.show_count(sum(kind is None or kind in gate.stops for gate in gates))
        self._fill()

    def _choose(self, kind: ReportKind | None, _on: bool = True) -> None:  # noqa: FBT002 - what Qt's clicked gives
        self.kind = kind
        self._fill()

    def _fill(self) -> None:
        shown = [gate for gate in self._gates if self.kind is None or self.kind in gate.stops]
        empty_out(self._place)
        self._sign.show_icon("circle-x" if shown else "circle-check", "bad" if shown else "ok")
        self._title.say(
            plural("{count} gate is open", "{count} gates are open", len(shown)).format(count=len(shown))
            if shown
            else _("No gate is open")
        )
        if not shown:
            self._place.addWidget(
                Text(lambda: _("Nothing stops this version from being submitted."), ink="text2", wrap=True)
            )
        for gate in shown:
            self._place.addWidget(self._gate(gate))

    def _gate(self, gate: Gate) -> QFrame:
        frame = cards.card(inner=True, gap=4, margins=(12, 8, 10, 6))
        layout = frame.layout()
        section = section_name(gate.section)
        stops = _("stops {kinds}").format(kinds=wording.listed(gate.stops))
        lines = [str(one) for one in gate.missing[:_MOST_NAMED]]
        more = len(gate.missing) - _MOST_NAMED
        if more > 0:
            lines.append(_("and {count} more").format(count=more))
        go = Button(
            lambda: _("Go there"),
            kind="ghost",
            icon="arrow-right",
            name=lambda: _("Go to {section}: {what}").format(section=section, what=lines[0]),
            clicked=lambda: self.wanted.emit(gate.section, split_where(gate)),
        )
        head = row(
            Sign("circle-x", "bad", 16),
            Text(section, bold=True),
            (Text(stops, theme.SMALL, ink="text2", right=True), 1),
        )
        if layout is not None:
            layout.addWidget(head)
            for line in lines:
                layout.addWidget(Text(line, bold=line is lines[0] and len(lines) == 1, wrap=True))
            layout.addWidget(Text(_(gate.mend), theme.SMALL, ink="text2", wrap=True))
            layout.addWidget(row(go, STRETCH))
        return frame

    def show_versions(self, report: EightDShown, names: Mapping[str, str]) -> None:
        """Show the versions, the newest first, with their signatures and how they left."""
        empty_out(self.versions)
        if not report.versions:
            self.versions.addWidget(Text(lambda: _("None was begun yet."), theme.SMALL, ink="text2"))
        for version in reversed(report.versions[-3:]):
            self.versions.addWidget(_version(version, names))


def _version(version: VersionShown, names: Mapping[str, str]) -> QFrame:
    frame = QFrame()
    title = _("{kind}, revision {revision}").format(kind=version.kind, revision=version.revision)
    lines = [
        _("{name} signed, {moment}").format(name=signed.name, moment=wording.short_moment(signed.at))
        + ("" if signed.is_valid else _(" (void: the content changed since)"))
        for signed in version.signatures
    ]
    if version.missing and version.sent_at is None:
        seats = wording.listed(_(trade_words.SEATS[role]) for role in version.missing)
        lines.append(_("Still to sign: {seats}").format(seats=seats))
    lines += [_("Sent back: {reason}").format(reason=reason) for reason in version.sent_back]
    if version.sent_at:
        sent = _("Sent to {whom}, {moment}").format(whom=version.sent_to, moment=wording.short_moment(version.sent_at))
        lines.append(sent)
    if version.answer:
        lines.append(_("Customer: {answer}").format(answer=version.answer))
    if not lines:
        who = names.get(version.begun_by, version.begun_by)
        lines.append(_("Begun by {who}, {moment}").format(who=who, moment=wording.short_moment(version.begun_at)))
    column(
        row(Text(title, bold=True), STRETCH, Chip(state_of(version))),
        *(Text(line, theme.SMALL, ink="text2", wrap=True) for line in lines),
        gap=2,
        into=frame,
    )
    return frame
