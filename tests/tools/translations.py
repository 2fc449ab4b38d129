"""Keeps the texts of the program and their translations together: gathers, brings up to date, compiles, checks.

`python3 dev.py translate` gathers every text marked by `_`, `N_` or `plural` into qms_desktop.pot, brings the catalogue
of every language up to date and compiles it. `--check` changes nothing and fails when a text has no translation, a
translation is doubtful or has other fields than its text, or a written file is out of date.
`--missing LANGUAGE` prints what is still to be translated.
"""

from __future__ import annotations

import argparse
import ast
import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from qms_desktop.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
SOURCES = PROJECT / "qms_desktop"
TRANSLATIONS = PROJECT / "resources" / "translations"
DOMAIN = "qms_desktop"
SOURCE_LANGUAGE = "en"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "plural": (1, 2)}
LONGEST_LINE = 120

# Every catalogue bears the same date: when the texts do not change, the files do not change.
_SAME_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def headed(catalogue: Catalog, comment: str) -> Catalog:
    """Give a catalogue our header, which never changes by itself."""
    catalogue.project, catalogue.version, catalogue.charset, catalogue.fuzzy = "QMS Desktop", "-", "utf-8", False
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "QMS Desktop"
    catalogue.creation_date = catalogue.revision_date = _SAME_DATE
    catalogue.header_comment = f"# {comment}"
    return catalogue


def source_catalogue(folder: Path = SOURCES, *, project: Path = PROJECT) -> Catalog:
    """Gather all texts of the Python files in a folder; raises SyntaxError rather than lose the texts of a file."""
    catalogue = headed(Catalog(), "The texts of QMS Desktop, made by `python3 dev.py translate`.")
    for source in sorted(folder.rglob("*.py")):
        content = source.read_bytes()
        ast.parse(content, filename=str(source))
        place = source.relative_to(project).as_posix()
        for _line, text, comments, _context in extract("python", io.BytesIO(content), KEYWORDS, ("Translators:",)):
            catalogue.add(text, locations=[(place, 0)], auto_comments=comments)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Give a catalogue as the text of a .po or .pot file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=LONGEST_LINE, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Give a catalogue as a .mo file; what is not translated is left out and shows in English."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def po_file(language: str, *, folder: Path = TRANSLATIONS) -> Path:
    """Give the place of a language's catalogue; the compiled one lies beside it."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(language: str, source: Catalog, *, folder: Path = TRANSLATIONS) -> Catalog:
    """Give the catalogue of a language with exactly the texts of the source; new ones are empty."""
    po = po_file(language, folder=folder)
    if po.exists():
        with po.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language)
    catalogue.update(source, no_fuzzy_matching=True)
    return headed(catalogue, f"QMS Desktop in {LANGUAGES[language]} ({language}).")


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Give the messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def forms(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Give a text in all its forms: one, or one for every plural."""
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def is_translated(message: Message) -> bool:
    """Say whether a message has all its forms in the language."""
    return bool(message.string) and all(forms(message.string))


def fields(text: str) -> set[str]:
    """Give the names of the fields in a text, as `left` in "{left} pieces"."""
    return {name for _text, name, _form, _conversion in string.Formatter().parse(text) if name is not None}


def fault(message: Message) -> str:
    """Say what is wrong with a translation, or nothing."""
    if not is_translated(message):
        return "is not translated"
    if message.fuzzy:
        return "is doubtful (fuzzy)"
    allowed = set[str]().union(*(fields(text) for text in forms(message.id)))
    try:
        used = [fields(text) for text in forms(message.string)]
    except ValueError as error:
        return f"has broken braces: {error}"
    # a language with one form for every count must hold the count; a second form of the source may leave it out
    if any(found - allowed for found in used) or allowed - set[str]().union(*used):
        return f"has other fields than its text: {sorted(set[str]().union(*used))} for {sorted(allowed)}"
    return ""


def faults(language: str, source: Catalog, *, folder: Path = TRANSLATIONS) -> list[str]:
    """Say what is wrong with a language's catalogue, one line each."""
    catalogue = updated(language, source, folder=folder)
    found = []
    for message in messages(catalogue):
        wrong = fault(message)
        if wrong:
            places = ", ".join(sorted({place for place, _line in message.locations}))
            found.append(f"{language}: {forms(message.id)[0]!r} {wrong} ({places})")
    expected = {po_file(language, folder=folder): written(catalogue)}
    expected[po_file(language, folder=folder).with_suffix(".mo")] = compiled(catalogue)
    return found + stale(expected)


def stale(expected: dict[Path, bytes]) -> list[str]:
    """Name the files that do not hold what they should."""
    old = [path for path, content in expected.items() if not path.is_file() or path.read_bytes() != content]
    return [f"{path.name} in {path.parent} is out of date; run: python3 dev.py translate" for path in old]


def languages() -> list[str]:
    """Give the languages that have a catalogue: all but the source's."""
    return [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


def check(source: Catalog, *, folder: Path = TRANSLATIONS) -> list[str]:
    """Say everything that is wrong with the translations in a folder."""
    found = stale({folder / f"{DOMAIN}.pot": written(source)})
    for language in languages():
        found += faults(language, source, folder=folder)
    return found


def translate(source: Catalog, *, folder: Path = TRANSLATIONS) -> dict[str, int]:
    """Write and compile all catalogues; give the number of texts that each language still lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{DOMAIN}.pot").write_bytes(written(source))
    lacking = {}
    for language in languages():
        catalogue = updated(language, source, folder=folder)
        po = po_file(language, folder=folder)
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(written(catalogue))
        po.with_suffix(".mo").write_bytes(compiled(catalogue))
        lacking[language] = sum(not is_translated(message) for message in messages(catalogue))
    return lacking


def main(words: list[str]) -> int:
    """Do what the command line asks; give the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py translate", description="Keep texts and translations together.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when something is missing or old")
    parser.add_argument("--missing", metavar="LANGUAGE", choices=languages(), help="print the texts to be translated")
    chosen = parser.parse_args(words)
    source = source_catalogue()
    if chosen.missing:
        for message in messages(updated(chosen.missing, source)):
            if not is_translated(message):
                print(" | ".join(forms(message.id)))
        return 0
    if chosen.check:
        found = check(source)
        print("\n".join(found) if found else f"{len(list(messages(source)))} texts, none missing.")
        return 1 if found else 0
    for language, lacking in translate(source).items():
        print(f"{language}: {lacking} of {len(list(messages(source)))} texts lack a translation.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
