"""Writes today's tables into the newest schema file, or the one that is named: `dev.py freeze-schema 0001_foundation`.

Until the first release the first file is written anew whenever a table changes; after a release a file never changes
again, and the next number holds what is new.
"""

from __future__ import annotations

import sys

from qms_desktop import files
from qms_desktop.db import schema

_HEAD = '''"""The tables as they were when this file was frozen: statements of both databases, never today's models."""

'''


def frozen_text() -> str:
    """Give the text of a schema file with all of today's tables."""
    text = _HEAD
    for name, dialect in (("POSTGRESQL", schema.blank_server()), ("SQLITE", schema.blank_file())):
        lines = "".join(f"    {statement!r},\n" for statement in schema.table_statements(dialect))
        text += f"{name} = (\n{lines})\n"
    return text


def main(arguments: list[str]) -> int:
    """Write the file that is named, else the newest; 0 when it was written."""
    newest = max(path.stem for path in files.migrations().glob("[0-9]*.py"))
    name = arguments[0] if arguments else newest
    (files.migrations() / f"{name}.py").write_text(frozen_text(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
