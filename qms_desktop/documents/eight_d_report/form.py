"""The controlled form of the 8D report in one language: its number, fonts, column widths and empty document."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import docx

from qms_desktop import files
from qms_desktop.documents.word import Typeface
from qms_desktop.errors import Unavailable
from qms_desktop.i18n import LANGUAGES, N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document


@dataclass(frozen=True, kw_only=True)
class Form:
    """What document control decides about the paper; column widths are in mm and make 176 in every table."""

    language: str
    number: str
    typeface: Typeface
    widths: Mapping[str, tuple[float, ...]]

    @classmethod
    def of(cls, language: str) -> Form:
        """Read the form of a language: zh_CN, zh_TW or en; raises KeyError when there is no such language."""
        _known = LANGUAGES[language]
        with (files.forms() / "eight_d_report" / "form.toml").open("rb") as opened:
            settings = tomllib.load(opened)
        widths = settings["widths"] | (settings["widths_en"] if language == "en" else {})
        latin, east_asian = settings["fonts"][language]
        return cls(
            language=language,
            number=settings["number"],
            typeface=Typeface(latin=latin, east_asian=east_asian, latin_marks=language == "en"),
            widths={name: tuple(columns) for name, columns in widths.items()},
        )

    def empty_document(self) -> Document:
        """Open the form; raises Unavailable when it is not where it belongs."""
        place = files.forms() / "eight_d_report" / f"{self.language}.docx"
        if not place.is_file():
            message = N_("The form {form} is missing. Install the program again, or put the form back.")
            raise Unavailable(message, form=f"{self.number} {place.name}")
        return docx.Document(str(place))
