"""The small forms of an 8D report: a new one, its leader, how far a section is, the paper, its English sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from qms_desktop import documents
from qms_desktop.i18n import N_, _
from qms_desktop.rules import access
from qms_desktop.steps import complaint, eight_d
from qms_desktop.steps.complaint_choice import Choice as Which
from qms_desktop.steps.eight_d import ReportKind, SectionShown, Wording
from qms_desktop.steps.eight_d_content import Progress
from qms_desktop.ui import file_choice, wording
from qms_desktop.ui.controls import Choice, ChoiceField, DayField, MomentField, NotesField, TextField
from qms_desktop.ui.eight_d_gates import open_version
from qms_desktop.ui.eight_d_rows import kept
from qms_desktop.ui.eight_d_words import choices_of, section_name
from qms_desktop.ui.form import Field
from qms_desktop.ui.form_dialog import ask_form
from qms_desktop.ui.pick import PickField, Show
from qms_desktop.ui.rows import row
from qms_desktop.ui.text import Text
from qms_desktop.ui.workplace import Destination, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qms_desktop.errors import QmsError
    from qms_desktop.session import Session
    from qms_desktop.ui.eight_d import EightDPage

_MOST_LINES = 8


def find_lines(session: Session, *, text: str) -> Sequence[Found]:
    """Find complaint lines without a report, by what a complaint is found by."""
    found: list[Found] = []
    for one in complaint.listed(session, count=_MOST_LINES, choice=Which.ALL, text=text):
        for line in complaint.show(session, complaint_id=one.id).lines:
            if eight_d.report_of_line(session, complaint_line_id=line.id) is None:
                title = f"{one.number} {line.product_code} {line.lot_number}".strip()
                second = " \u00b7 ".join(filter(None, (one.customer_name, line.customer_words)))
                found.append(Found(Destination("complaint", line.id, one.number), title, second, "message-report"))
    return found


def _people(session: Session) -> tuple[access.PersonShown, ...]:
    return tuple(person for person in access.listed(session) if person.is_active)


def _choices(people: Sequence[access.PersonShown]) -> list[Choice]:
    return [Choice(None, "\u2014"), *(Choice(one.login, f"{one.name} ({one.login})") for one in people)]


def open_new(page: EightDPage) -> None:
    """Ask for the complaint line, the title and who leads, and open the report."""
    page.read(_people, then=partial(_ask_new, page), slot="eight_d.people")


def _ask_new(page: EightDPage, people: Sequence[access.PersonShown]) -> None:
    def search(text: str, show: Show) -> None:
        page.read(find_lines, then=show, slot="find.complaint_line", text=text)

    line = PickField(search, field="complaint_line_id")
    title = TextField(field="title", required=True)
    line.when_taken(lambda: title.put(title.line.text() or line.line.text().partition(" ")[2]))
    leader = ChoiceField(_choices(people), field="leader")
    leader.put(page.workplace.session.login)
    hint = lambda: _("Number of the complaint, customer, product or lot")  # noqa: E731 - one line
    fields = {
        "complaint_line_id": Field(lambda: _("Complaint line"), line, required=True, hint=hint),
        "title": Field(lambda: _("Title: product, lot and what is wrong"), title, required=True),
        "leader": Field(lambda: _("Leader"), leader),
        "champion": Field(lambda: _("Champion"), ChoiceField(_choices(people), field="champion")),
    }
    ask_form(
        page,
        eight_d.open_report,
        name="eight_d.new",
        title=_("New 8D report"),
        icon="file-report",
        words=lambda: _("Open the report"),
        fields=fields,
        lines=[
            fields["complaint_line_id"],
            fields["title"],
            row((fields["leader"], 1), (fields["champion"], 1), gap=14),
        ],
        then=lambda opened: _opened(page, opened),
    )


def _opened(page: EightDPage, opened: eight_d.Opened) -> None:
    page.say(_("{number} is open.").format(number=opened.number))
    page.open_record(opened.eight_d_id)


def appoint(page: EightDPage) -> None:
    """Ask who leads the report, and who gives the means."""
    if page.workplace.session.may(eight_d.appoint.permission):
        page.read(_people, then=partial(_ask_leader, page), slot="eight_d.people")


def _ask_leader(page: EightDPage, people: Sequence[access.PersonShown]) -> None:
    if page.record is None:
        return
    shown = page.record.shown
    logins = {person.name: person.login for person in people}
    fields = {
        "leader": Field(lambda: _("Leader"), ChoiceField(_choices(people), field="leader")),
        "champion": Field(
            lambda: _("Champion"),
            ChoiceField(_choices(people), field="champion"),
            hint=lambda: _("Gives the means, and is somebody else"),
        ),
    }
    fields["leader"].control.put(logins.get(shown.row.leader))
    fields["champion"].control.put(logins.get(shown.champion))
    ask_form(
        page,
        eight_d.appoint,
        name=f"eight_d.appoint.{page.record_id}",
        title=_("Leader of {number}").format(number=shown.row.number),
        icon="users",
        words=lambda: _("Name them"),
        fields=fields,
        then=lambda _none: page.done(_("The leader is named.")),
        eight_d_id=page.record_id,
    )


def ask_progress(page: EightDPage, section: SectionShown) -> None:
    """Ask how far a section is, whose it is, and by when."""
    fields = {
        "progress": Field(lambda: _("Progress"), ChoiceField(choices_of(Progress), field="progress")),
        "owner": Field(lambda: _("Responsible"), TextField(field="owner")),
        "done_on": Field(lambda: _("Done on"), DayField(field="done_on", required=False)),
        "due_at": Field(lambda: _("Due"), MomentField(field="due_at", required=False)),
    }
    for name, value in (
        ("progress", section.progress),
        ("owner", section.owner),
        ("done_on", kept(section.done_on)),
        ("due_at", kept(section.due_at)),
    ):
        fields[name].control.put(value)
    ask_form(
        page,
        eight_d.set_progress,
        name=f"eight_d.progress.{page.record_id}.{section.section}",
        title=_("How far is {section}?").format(section=section_name(section.section) or _("the returned goods")),
        icon="clock-edit",
        words=lambda: _("Save"),
        fields=fields,
        lines=[
            row((fields["progress"], 1), (fields["owner"], 1), gap=14),
            row((fields["done_on"], 1), (fields["due_at"], 1), gap=14),
        ],
        then=lambda _version: page.section_saved(section.section),
        eight_d_id=page.record_id,
        section=section.section,
        read_version=section.version,
    )


# The paper.


@dataclass(frozen=True)
class Sentence:
    """A text of the report that still holds Chinese, and where it stands."""

    where: str
    text: str


def kind_of_paper(page: EightDPage) -> ReportKind:
    """Give the version that is printed: the one on its way, else the newest, else the whole report."""
    if page.record is None or not page.record.shown.versions:
        return ReportKind.EIGHT_D
    version = open_version(page.record.shown) or page.record.shown.versions[-1]
    return ReportKind(version.kind)


def make_word(session: Session, *, eight_d_id: int, kind: ReportKind, language: str) -> bytes:
    """Give the report as a Word file; raises ChineseLeft for an English one with Chinese sentences."""
    report = eight_d.content(session, eight_d_id=eight_d_id, kind=kind, language=language)
    return bytes(documents.eight_d_report.write(report, language))


def export_word(page: EightDPage) -> None:
    """Ask for the place and write the report there in the language that is chosen beside the button."""
    if page.record is None or page.record_id is None:
        return
    language, kind = page.language.read(), kind_of_paper(page)
    number = page.record.shown.row.number
    make = partial(make_word, eight_d_id=page.record_id, kind=kind, language=language)
    file_choice.save_paper(
        page,
        title=_("Export {number} as Word").format(number=number),
        name=f"{number}_{kind}_{language}.docx",
        pattern=file_choice.word_pattern(),
        make=make,
        said=_("{file} is written."),
        failed=partial(_not_written, page, kind, language),
    )


def _not_written(page: EightDPage, kind: ReportKind, language: str, error: QmsError) -> None:
    if isinstance(error, documents.eight_d_report.ChineseLeft):
        page.toast.hide()
        page.read(
            chinese_left,
            then=partial(ask_sentences, page, language, lambda: export_word(page)),
            slot="eight_d.sentences",
            eight_d_id=page.record_id,
            kind=kind,
            language=language,
        )


def chinese_left(session: Session, *, eight_d_id: int, kind: ReportKind, language: str) -> tuple[Sentence, ...]:
    """Give the texts that must be put into English before the paper can be written, each once."""
    report = eight_d.content(session, eight_d_id=eight_d_id, kind=kind, language=language)
    wording = documents.eight_d_report.wording
    try:
        wording.refuse_chinese(report)
    except documents.eight_d_report.ChineseLeft as left:
        named = set(left.fields)
        found = {text: Sentence(name, text) for name, text in reversed(list(wording.texts(report))) if name in named}
        return tuple(reversed(found.values()))
    return ()


def ask_sentences(page: EightDPage, language: str, again: Callable[[], None], sentences: Sequence[Sentence]) -> None:
    """Ask for the English of each sentence; what is left empty is asked again."""
    fields = {
        f"sentence.{place}": Field(one.text, NotesField(field=f"sentence.{place}", height=44), hint=one.where)
        for place, one in enumerate(sentences)
    }

    def arguments(values: dict[str, Any]) -> dict[str, Any]:
        told = zip(sentences, values.values(), strict=True)
        return {"wording": tuple(Wording(one.text, text) for one, text in told if text)}

    ask_form(
        page,
        eight_d.save_wording,
        name=f"eight_d.wording.{page.record_id}.{language}",
        title=wording.count_of(len(sentences), N_("{count} text in English"), N_("{count} texts in English")),
        icon="language",
        words=lambda: _("Keep them and export"),
        fields=fields,
        above=[
            Text(
                lambda: _("An English paper holds no Chinese. Write each text in English once; it is kept."),
                ink="text2",
                wrap=True,
            )
        ],
        arguments=arguments,
        then=lambda _none: again(),
        width=760,
        eight_d_id=page.record_id,
        language=language,
    )
