"""What commands print: no name of a file can move the cursor, hide or add a line."""

from __future__ import annotations

import sys

from piggybank.wording import printable


def say(text: object) -> None:
    """A line of what was asked for."""
    print(printable(text))


def warn(text: object) -> None:
    """A line beside it: why it could not be done, or what to know of it; nothing for ""."""
    if text != "":
        print(f"piggybank: {printable(text)}", file=sys.stderr)
