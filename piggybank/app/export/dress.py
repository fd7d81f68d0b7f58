"""What pages have in common: the colours of the app, a file to fill in, and a policy that names what may run in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping

from piggybank.shipped import asset_path


def filled(name: str, parts: Mapping[str, str]) -> str:
    """An asset's text with its {{names}} filled in; parts: as they stand in HTML."""
    text = asset_path(name).read_text(encoding="utf-8")
    return re.sub(r"{{(\w+)}}", lambda found: parts[found[1]], text)


def digest(text: str) -> str:
    """A script or style sheet as a page's policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}"


def colours(theme: Mapping[str, str], hues: tuple[str, ...]) -> Iterator[str]:
    """A theme of the app as a style sheet's variables."""
    for name, colour in theme.items():
        yield f"--{name.replace(' ', '-')}: {colour};"
    for number, colour in enumerate(hues, 1):
        yield f"--hue-{number}: {colour};"
