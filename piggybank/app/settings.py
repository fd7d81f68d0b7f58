"""What a person would not like to choose again: looks, sound, hints already seen. A small JSON file in the usual place.
Teacher mode is not among it: the next person at the machine wants the lesson's words.

Whatever is wrong with it, or with the folder, goes unsaid: then it is as at the first start.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from piggybank.app.aside import aside
from piggybank.stage.look import TEXT_SIZES, Look
from piggybank.stage.themes import THEMES

LARGEST = 64 * 1024


@dataclass(frozen=True)
class Settings:
    """seen: names of the hints that have been seen."""

    look: Look = field(default_factory=Look)
    sound: bool = False
    seen: frozenset[str] = frozenset()


def settings_path() -> Path | None:
    """Where settings stand on this system; None when it does not say."""
    home = Path.home
    with suppress(RuntimeError, OSError):
        if sys.platform == "win32":
            return Path(os.environ.get("APPDATA") or home() / "AppData" / "Roaming") / "piggybank" / "settings.json"
        if sys.platform == "darwin":
            return home() / "Library" / "Application Support" / "piggybank" / "settings.json"
        return Path(os.environ.get("XDG_CONFIG_HOME") or home() / ".config") / "piggybank" / "settings.json"
    return None


def load_settings() -> Settings:
    """The settings as they were left; the usual ones where nothing sensible is found."""
    path = settings_path()
    with suppress(OSError, ValueError, RecursionError, AttributeError):
        if path is not None and path.stat().st_size <= LARGEST:
            return _read(json.loads(path.read_text("utf-8")))
    return Settings()


def _read(found: Any) -> Settings:
    look, usual = found.get("look"), Look()
    look = look if isinstance(look, dict) else {}
    theme, text = look.get("theme"), look.get("text")
    seen = found.get("seen")
    return Settings(
        Look(
            theme if isinstance(theme, str) and theme in THEMES else usual.theme,
            text if isinstance(text, float) and text in TEXT_SIZES else usual.text,
            look.get("comma") is True,
            look.get("reduced") is True,
        ),
        found.get("sound") is True,
        frozenset(name for name in seen if isinstance(name, str)) if isinstance(seen, list) else frozenset(),
    )


def save_settings(settings: Settings) -> None:
    """Leave them for the next time."""
    path = settings_path()
    if path is None:
        return
    look = asdict(settings.look)
    del look["teacher"]
    text = json.dumps({"look": look, "sound": settings.sound, "seen": sorted(settings.seen)}, indent=1)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside(path) as file:
            file.write(text.encode("utf-8"))
