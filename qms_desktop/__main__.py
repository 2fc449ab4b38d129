"""Starts the program: the window, or one command."""

from __future__ import annotations

import sys

from qms_desktop import cli


def main() -> int:
    """Run what the command line asks for; 0 when all went well."""
    return cli.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
