"""Shared by all tests: no window is ever opened, and the figures that the tests measure are printed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

FIGURES: dict[str, object] = {}


@pytest.fixture
def figure() -> Callable[[str, object], None]:
    """Report a measured figure: figure("T18 exp, largest error in ulp", 0.51)."""

    def report(name: str, value: object) -> None:
        FIGURES[name] = value

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FIGURES:
        terminalreporter.section("figures")
        width = max(map(len, FIGURES))
        for name in sorted(FIGURES):
            terminalreporter.write_line(f"{name:<{width}}  {FIGURES[name]}")
