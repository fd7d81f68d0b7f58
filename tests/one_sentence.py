"""What every refusal has to be: one sentence with all that helps, and nothing that only a program can read."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def refuses(error: type[Exception], build: Callable[[], object], parts: list[str]) -> None:
    """`build` raises an error whose message is one line and has all these parts."""
    with pytest.raises(error) as caught:
        build()
    message = str(caught.value)
    assert "\n" not in message
    assert " at 0x" not in message
    assert all(part in message for part in parts), message
