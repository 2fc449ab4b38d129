"""The only place that knows everything: builds the objects of the window and hands them to each other."""

from qms_desktop.app.start import Start, run

__all__ = ["Start", "run"]
