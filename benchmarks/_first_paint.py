"""Opens one window in a process of its own and prints when it was painted; called by benchmarks/start.py.

`python -m benchmarks._first_paint bare` opens the floor: a bare PySide6 window with a table. `sign_in DATABASE LOGIN`
opens the program as the command line does; with a PASSWORD after it, the window behind the sign-in counts instead.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from typing import Any

HEAVY = ("openpyxl", "docx", "docxtpl", "numpy", "PIL")


def report_when_painted(app: Any, window: Any) -> None:  # noqa: ANN401 - Qt is imported by what is measured
    """Print the moment when the window was painted and which heavy modules were loaded by then, and quit."""
    core = import_module("PySide6.QtCore")

    class FirstPaint(core.QObject):  # type: ignore[misc, name-defined]
        def eventFilter(self, _watched: object, event: Any) -> bool:  # noqa: ANN401, N802 - Qt's own name
            if event.type() == core.QEvent.Type.Paint:
                window.removeEventFilter(self)
                core.QTimer.singleShot(0, self.report)
            return False

        @staticmethod
        def report() -> None:
            print(time.time(), ",".join(name for name in HEAVY if name in sys.modules), flush=True)
            app.quit()

    watch = FirstPaint(window)
    window.installEventFilter(watch)


def open_bare() -> None:
    """Open a window with a table of plain texts, a menu and a status line."""
    core, widgets = import_module("PySide6.QtCore"), import_module("PySide6.QtWidgets")
    display = core.Qt.ItemDataRole.DisplayRole

    class Model(core.QAbstractTableModel):  # type: ignore[misc, name-defined]
        def rowCount(self, _parent: object = None) -> int:  # noqa: N802 - Qt's own name
            return 1000

        def columnCount(self, _parent: object = None) -> int:  # noqa: N802 - Qt's own name
            return 12

        def data(self, index: Any, role: int = display) -> str | None:  # noqa: ANN401
            return f"R{index.row():07d}-{index.column()}" if role == display else None

    app = widgets.QApplication([])
    window, table, model = widgets.QMainWindow(), widgets.QTableView(), Model()
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1440, 900)
    window.menuBar().addMenu("File")
    window.statusBar().showMessage("Ready")
    report_when_painted(app, window)
    window.show()
    app.exec()


def open_ours(database: str, login: str, password: str = "") -> None:
    """Open the program by its own command line; with a password, past the sign-in."""
    cli = import_module("qms_desktop.cli")
    start = import_module("qms_desktop.app.start")
    opened, signed_in = start.Program.open, start.Program._window  # noqa: SLF001 - the moment that is looked for

    def watched(program: Any) -> None:  # noqa: ANN401
        opened(program)
        if not password:
            report_when_painted(program.app, program.shown)

    def watched_behind(program: Any, workplace: Any) -> Any:  # noqa: ANN401
        window = signed_in(program, workplace)
        report_when_painted(program.app, window)
        return window

    start.Program.open, start.Program._window = watched, watched_behind  # noqa: SLF001
    if password:
        start.run(start.Start(database=database, login=login, password=password))
    else:
        cli.run(["--database", database, "--user", login])


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        open_bare()
    else:
        open_ours(*sys.argv[2:])
