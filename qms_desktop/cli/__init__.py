"""The commands for IT staff, scheduled jobs and other programs; without a command, the window opens.

They call the same verbs as the pages, with the same permissions. A failure is one clear line and an exit code above
zero; `--json` prints the answer for a program to read. A password never stands among the arguments. The window starts
without loading the commands, and without the libraries that they bring along.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from importlib import import_module
from typing import NoReturn

from qms_desktop import VERSION, i18n, settings
from qms_desktop.cli import window_command
from qms_desktop.cli.common import fail, is_typed, print_json
from qms_desktop.errors import QmsError
from qms_desktop.exchange import child
from qms_desktop.i18n import N_, _

EXIT_REFUSED = 1
EXIT_USAGE = 2
COMMANDS = ("demo_command", "database_commands", "user_commands", "import_command", "case_commands")
EXIT_INTERRUPTED = 130
STOPPED = N_("Stopped before the end. Nothing half was saved.")


class WrongUsage(SystemExit):
    """The words of the command line make no command; it ends the program, and `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(EXIT_USAGE)
        self.sentence = sentence


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments; the commands' own parsers are of this kind as well."""

    def error(self, message: str) -> NoReturn:
        """Say the one line and raise WrongUsage."""
        sentence = f"{message}. See {self.prog} --help"
        print(f"{self.prog}: {sentence}", file=sys.stderr)
        raise WrongUsage(sentence)


def parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Describe the commands that the arguments may mean: all of them, unless they open the window."""
    made = Parser(
        prog="qms-desktop",
        description="Customer complaints and returned goods, from the first call to the closed 8D. "
        "Without a command, the window opens.",
    )
    made.add_argument("--version", action="version", version=f"qms-desktop {VERSION}")
    window_command.add_arguments(made)
    commands = made.add_subparsers(title="commands", metavar="COMMAND")
    if _open_the_window(arguments):
        return made
    for module in COMMANDS:
        import_module(f"{__name__}.{module}").add(commands)
    return made


def _open_the_window(arguments: list[str]) -> bool:
    """Tell whether all arguments are the window's own."""
    made = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    window_command.add_arguments(made)
    try:
        _known, others = made.parse_known_args(arguments)
    except argparse.ArgumentError:
        return False
    return not others


def run(arguments: list[str]) -> int:
    """Run one command, or open the window; gives the exit code."""
    if arguments[:1] == [child.HIDDEN_ARGUMENT]:
        return child.main()
    _let_consoles_lack_characters()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        # The commands were still being loaded.
        return fail(argparse.Namespace(json="--json" in arguments), _(STOPPED), EXIT_INTERRUPTED)


def _run(arguments: list[str]) -> int:
    i18n.use(settings.load().language if is_typed(sys.stdout) else "en")
    try:
        asked = parser(arguments).parse_args(arguments)
    except WrongUsage as wrong:
        if "--json" in arguments:
            print_json({"error": wrong.sentence})
        raise
    if getattr(asked, "language", None) in i18n.LANGUAGES and not hasattr(asked, "out"):
        i18n.use(asked.language)
    try:
        return int(getattr(asked, "run", window_command.open_window)(asked))
    except QmsError as error:
        return fail(asked, str(error))
    except BrokenPipeError:
        # Whoever read the answer has seen enough; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_REFUSED
    except OSError as error:
        return fail(asked, f"{error.strerror}: {error.filename}" if error.filename else str(error))
    except KeyboardInterrupt:
        return fail(asked, _(STOPPED), EXIT_INTERRUPTED)


def _let_consoles_lack_characters() -> None:
    """Write what a console's alphabet lacks as a code, instead of failing at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
