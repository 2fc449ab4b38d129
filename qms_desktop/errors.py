"""The errors that may be shown to a user; everything else is a fault of the program."""

from __future__ import annotations

from qms_desktop.i18n import N_, _


class QmsError(Exception):
    """An error with a sentence for the user: what happened, why, and what to do.

    The template is an English source text marked by `N_`; it is translated first and formatted after, in the
    language that is current when the error is shown. `field` names the form field that it belongs to.
    """

    def __init__(self, template: str, /, *, field: str | None = None, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.field = field
        self.values = values

    def __str__(self) -> str:
        """Give the sentence in the current language."""
        return _(self.template).format(**self.values)


class Refused(QmsError):
    """A rule of the trade says no."""


class InvalidInput(QmsError):
    """A value cannot be taken as it was typed or read; `field` names where."""


class NotFound(QmsError):
    """What was asked for does not exist, or may not be seen."""


class NotPermitted(QmsError):
    """The person's roles do not include the permission."""


class ChangedMeanwhile(QmsError):
    """Somebody else saved the same record first."""


class ConfirmationNeeded(QmsError):
    """The verb wants a yes: ask, and call the same verb again with `confirmed=True`."""


class BookedOtherwise(QmsError):
    """The form was booked already, with other values than it has now; `answer` is what the verb gave then."""

    def __init__(self, template: str, /, *, answer: object, **values: str) -> None:
        super().__init__(template, field=None, **values)
        self.answer = answer


class Unavailable(QmsError):
    """A device, a file or the database cannot be reached now; nothing was saved."""


class OutcomeUnknown(QmsError):
    """The connection broke while saving: the request key tells whether it was booked."""

    def __init__(self) -> None:
        super().__init__(
            N_("The connection broke while saving. Try again: what was booked already is not booked a second time.")
        )
