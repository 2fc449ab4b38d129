"""What stands behind the sign-in: loaded while the person types the password, because the first window needs little."""

from qms_desktop.app import pages, places
from qms_desktop.db.listener import Listener
from qms_desktop.demo import place
from qms_desktop.ui.main_window import MainWindow

__all__ = ["Listener", "MainWindow", "pages", "place", "places"]
