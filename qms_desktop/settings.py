"""The settings of this workstation: each declared once with its type, default, unit and description.

They lie as TOML in the person's own folder. A file that cannot be read is kept aside and the defaults are used, so that
the program always starts.
"""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import tomlkit

from qms_desktop import files
from qms_desktop.i18n import LANGUAGES, N_

if TYPE_CHECKING:
    from pathlib import Path


def _setting(default: str | int | bool, description: str) -> object:  # noqa: FBT001 - the value itself
    return field(default=default, metadata={"description": description})


@dataclass(frozen=True)
class Settings:
    """What this workstation remembers between two starts."""

    database: str = _setting("", N_("Address of the database: sqlite:///file.qms or postgresql://host/name"))  # type: ignore[assignment]
    login: str = _setting("", N_("Who signed in here last"))  # type: ignore[assignment]
    language: str = _setting("zh_CN", N_("Language of the window: zh_CN, zh_TW or en"))  # type: ignore[assignment]
    is_dark: bool = _setting(False, N_("Dark colours"))  # type: ignore[assignment]  # noqa: FBT003
    text_percent: int = _setting(100, N_("Size of text, 100 to 150 percent"))  # type: ignore[assignment]
    station: str = _setting("", N_("Name of this station, for shared PCs at the dock and the line"))  # type: ignore[assignment]
    lock_minutes: int = _setting(10, N_("Idle minutes after which the window is locked; 0 never locks it"))  # type: ignore[assignment]
    label_printer: str = _setting("", N_("Label printer as HOST:PORT, port 9100 as a rule"))  # type: ignore[assignment]
    photo_folder: str = _setting("", N_("Folder in which a phone or scanner leaves pictures, for the dock"))  # type: ignore[assignment]
    label_size: str = _setting("60x40", N_("Label size: 40x30, 60x40 or 100x70 mm"))  # type: ignore[assignment]


def _path() -> Path:
    return files.person_folder() / "settings.toml"


def load() -> Settings:
    """Read the settings; what is missing or wrong takes its default, and a broken file is kept beside as `.broken`."""
    try:
        path = _path()
        text = path.read_bytes()
    except OSError:
        # None yet, or a service that has no home: what it needs stands in its arguments.
        return Settings()
    try:
        read = tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        with suppress(OSError):
            path.replace(path.with_suffix(".broken"))
        return Settings()
    known = {f.name: read[f.name] for f in fields(Settings) if type(read.get(f.name)) is type(f.default)}
    if known.get("language", "en") not in LANGUAGES:
        del known["language"]
    return Settings(**known)


def save(settings: Settings) -> None:
    """Keep the settings, whole or not at all."""
    path = _path()
    fresh = path.with_suffix(".new")
    fresh.write_text(tomlkit.dumps(asdict(settings)), encoding="utf-8")
    fresh.replace(path)


def change(**changes: Any) -> Settings:  # noqa: ANN401 - the settings' own values
    """Change some of the settings as they lie there now: another window of this PC may have kept others meanwhile."""
    changed = replace(load(), **changes)
    save(changed)
    return changed
