"""The paper of one report while it is written: headings, label grids, lists, grey lines for what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from qms_desktop.documents.word import GREY, Cell, Row, Sheet, Span, TableLook, spans_of
from qms_desktop.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

    from qms_desktop.documents.eight_d_report.form import Form
    from qms_desktop.documents.word import Alignment, Picture, Text

HEAD_FILL = "D5DEEA"
LABEL_FILL = "E8EDF4"
ROOT_FILL = "F6E9D8"

# Tables up to here stay on one page; longer ones flow with repeated heads.
_LONGEST_WHOLE = 10
_LONGEST_TEXT = 1200
_SHOWN_OF_LONG_TEXT = 1000


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list: its head, how it is aligned, and whether it is a label."""

    head: str
    align: Literal["l", "c", "r"] = "l"
    label: bool = False


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A text that was too long for its cell, whole."""

    title: str
    text: str


class Paper:
    """Writes the parts of the report one below the other and counts its figures and annexes."""

    def __init__(self, document: Document, *, form: Form) -> None:
        self.form = form
        self.sheet = Sheet(document, typeface=form.typeface)
        self.annexes: list[Annex] = []
        self._figures = 0

    def band(self, code: str, title: str, right: str = "") -> None:
        """Begin a step: a real heading on a blue band, with a date at its right end."""
        ending: tuple[Span | str, ...] = ("\t", Span(f"{right} ", bold=False, size=8.5)) if right else ()
        paragraph = self.sheet.paragraph((f" {code}  {title}", *ending), style="Heading 1")
        self.sheet.right_tab(paragraph, at_mm=174.8)

    def heading(self, title: str) -> None:
        """Begin a part of a step."""
        self.sheet.paragraph(title, style="Heading 2")

    def sentence(self, text: Text, *, keep_next: bool = False) -> None:
        """Write a sentence below a table."""
        self.sheet.paragraph(text, style="QMS Body", keep_next=keep_next, before_pt=3)

    def next_figure(self) -> str:
        """Give the next figure's number."""
        self._figures += 1
        return _("Fig. {number}").format(number=self._figures)

    def facts(self, pairs: Sequence[tuple[str, Text]], *, widths: str = "facts", description: str = "") -> None:
        """Write labels with their facts; an empty fact is a grey “not yet filled in”."""
        columns = self.form.widths[widths]
        per_row = len(columns) // 2
        rows = []
        for start in range(0, len(pairs), per_row):
            cells: list[Cell] = []
            for label, text in pairs[start : start + per_row]:
                cells.append(Cell(text=label, style="QMS Label", fill=LABEL_FILL))
                cells.append(Cell(text=self.long(self.or_missing(text), title=label)))
            cells += [Cell()] * (len(columns) - len(cells))
            rows.append(Row(cells=tuple(cells)))
        self.table(rows, widths=columns, description=description, flows=True)

    def listing(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Text]],
        *,
        description: str,
        style: str = "QMS Cell Small",
        total: Sequence[Text] = (),
        widths: Sequence[float] = (),
        height_mm: float = 0,
        flows: bool = False,
    ) -> None:
        """Write a list with a head that comes again on every page, and a total row when there is one.

        A list of tall rows that `flows` goes over a page, but its first two rows and its last two stay together.
        """
        head = Row(
            cells=tuple(
                Cell(text=column.head, style="QMS Cell Head", fill=HEAD_FILL, align=_head_align(column))
                for column in columns
            ),
            head=True,
        )
        body = [
            Row(
                cells=tuple(
                    Cell(
                        text=self.long(text, title=column.head),
                        style="QMS Label" if column.label else style,
                        fill=LABEL_FILL if column.label else "",
                        align=_ALIGNMENTS[column.align],
                    )
                    for column, text in zip(columns, row, strict=True)
                ),
                height_mm=height_mm,
            )
            for row in rows
        ]
        if total:
            body.append(
                Row(
                    cells=tuple(
                        Cell(text=_bold(text), style=style, fill=LABEL_FILL, align=_ALIGNMENTS[column.align])
                        for column, text in zip(columns, total, strict=True)
                    )
                )
            )
        if flows:
            body[0], body[-2] = replace(body[0], keep_next=True), replace(body[-2], keep_next=True)
        self.table([head, *body], widths=widths or self.form.widths[name], description=description, flows=flows)

    def table(
        self,
        rows: Sequence[Row],
        *,
        widths: Sequence[float],
        description: str = "",
        lines: bool = True,
        flows: bool = False,
    ) -> None:
        """Write a table; a short one stays on one page, except a grid of labels, whose rows stand for themselves."""
        look = TableLook(
            lines=lines,
            margin_mm=(0.7, 1.4) if lines else (0.5, 1.5),
            keep_whole=lines and not flows and len(rows) <= _LONGEST_WHOLE + 1,
            description=description,
        )
        self.sheet.table(rows, widths_mm=widths, look=look)

    def missing_line(self, what: str, *, owner: str = "", due: str = "") -> None:
        """Write the one grey line of a part that is empty."""
        self.table([Row(cells=(Cell(text=self.missing(what, owner=owner, due=due)),))], widths=(176,))

    def missing(self, what: str, *, owner: str = "", due: str = "") -> Span:
        """Say in grey what belongs here, who owes it and until when."""
        text = _("Not yet filled in: {what}").format(what=what)
        if owner:
            text += _("; owner {owner}").format(owner=owner)
        if due:
            text += _(", due {date}").format(date=due)
        return Span(text, colour=GREY)

    def or_missing(self, text: Text) -> Text:
        """Give a text, or the grey sign of an empty cell."""
        return text if any(span.text for span in spans_of(text)) else Span(_("(not yet filled in)"), colour=GREY)

    def long(self, text: Text, *, title: str) -> Text:
        """Give a text; of one over 1,200 characters the first 1,000, the whole of it going into an annex."""
        whole = "".join(span.text for span in spans_of(text))
        if len(whole) <= _LONGEST_TEXT:
            return text
        self.annexes.append(Annex(title=title, text=whole))
        pointer = _("… (see text annex {number})").format(number=len(self.annexes))
        return (whole[:_SHOWN_OF_LONG_TEXT], Span(pointer, bold=True))

    def caption(self, figure: str, text: str, second_line: str = "") -> tuple[Span | str, ...]:
        """Give the words below a figure; the second line is grey."""
        below = (Span(f"\n{second_line}", colour=GREY),) if second_line else ()
        return (Span(figure, bold=True), f"  {text}", *below)

    def drawing(self, content: bytes, *, size_mm: tuple[float, float], text: str, message: str) -> None:
        """Write a drawing over the whole width with its caption; `message` says in words what it shows."""
        figure = self.next_figure()
        self.sheet.picture(content, size_mm=size_mm, alt=f"{figure}: {message}")
        self.sheet.paragraph(self.caption(figure, text), style="Caption")

    def photo_cells(
        self, picture: Picture, *, size_mm: tuple[float, float], caption: str, taken: str
    ) -> tuple[Cell, Cell]:
        """Give a photograph's cell and the cell of its caption."""
        figure = self.next_figure()
        width, height = picture.fitted(width_mm=size_mm[0], height_mm=size_mm[1])
        alt = f"{figure}: {caption}"
        return (
            Cell(picture=picture, picture_mm=(width, height), alt=alt, valign="bottom"),
            Cell(text=self.caption(figure, caption, taken), style="Caption", valign="top"),
        )


def lead(words: str, *, bold: bool | None = True) -> Span:
    """Give the words that lead into a text; after full-width punctuation no space follows."""
    return Span(words if words[-1] > "\u2fff" else f"{words} ", bold=bold)


_ALIGNMENTS: dict[str, Alignment] = {"l": "left", "c": "center", "r": "right"}


def _head_align(column: Column) -> Alignment:
    return "left" if column.align == "l" else "center"


def _bold(text: Text) -> tuple[Span, ...]:
    return tuple(Span(span.text, bold=True, colour=span.colour) for span in spans_of(text))
