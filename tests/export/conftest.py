"""A page, and a browser that looks at it: one for all tests that a process runs; and no progress bar."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser
from nets import trained
from pages import XOR

from piggybank.app.export.page import write_page


@pytest.fixture(autouse=True)
def _no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine shows a bar among what is said on standard error."""
    monkeypatch.setattr("piggybank.progress.PATIENCE", math.inf)


@pytest.fixture(scope="session")
def xor_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "xor.html"
    write_page(trained(XOR).ledger, range(2, 5), path, title="XOR & co <b>")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found


@pytest.fixture
def looking(browser: Browser, xor_page: Path) -> Iterator[Browser]:
    browser.complaints.clear()
    browser.size(1440, 900)
    browser.open(xor_page)
    yield browser
    assert browser.complaints == []
