"""The page when it is printed: on one sheet, in light colours, with every number within it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from nets import trained
from pages import FOUR, embedded, in_browser

from piggybank.app.export.page import write_page


@in_browser
def test_it_prints_on_one_sheet_with_its_seals_at_the_head(looking: Browser, xor_page: Path, tmp_path: Path) -> None:
    data, shown = embedded(xor_page), "document.querySelector('.top').innerText"
    seals = f"{data['run']['seal']}, {data['batch-4']['seal']}"
    looking.press("End")
    assert seals not in looking.run(shown)
    looking.pdf(tmp_path / "page.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes())) == 1
    looking.call("Emulation.setEmulatedMedia", media="print")
    on_paper = looking.run(shown)
    looking.call("Emulation.setEmulatedMedia", media="")
    assert seals in on_paper


LETTER = 965
"""Pixels across a sheet that lies, less its margins."""


@pytest.fixture(scope="module")
def wide_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wide") / "wide.html"
    write_page(trained(FOUR).ledger, range(3, 4), path)
    return path


@pytest.fixture
def wide(browser: Browser, wide_page: Path) -> Browser:
    browser.size(LETTER, 700)
    browser.open(wide_page)
    return browser


def on_paper(browser: Browser, script: str) -> Any:
    """What a script finds while the page is being printed."""
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    found = browser.run(script)
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    browser.call("Emulation.setEmulatedMedia", media="")
    return found


NUMBERS = "[...document.querySelectorAll('.tables td .n')].filter((n) => n.checkVisibility()).map((n) => n.innerText)"


@in_browser
@pytest.mark.parametrize("keys", [("End",), ("End", "e"), ("ArrowRight",)])
def test_on_paper_every_number_of_its_tables_stands_within_the_sheet(keys: tuple[str, ...], wide: Browser) -> None:
    for key in keys:
        wide.press(key)
    ends = "[...document.querySelectorAll('.paper *')].map((n) => n.getBoundingClientRect().right)"
    seen = wide.run(NUMBERS)
    printed, end = on_paper(wide, f"[{NUMBERS}, Math.max(...{ends})]")
    assert Counter(printed) == Counter(seen)
    assert end <= LETTER
    assert wide.run(NUMBERS) == seen


@in_browser
def test_on_paper_each_part_of_a_table_names_its_rows_and_columns(wide: Browser) -> None:
    parts = on_paper(
        wide,
        "[...document.querySelectorAll('.paper table')].map((part) => [part.className.split(' ')[0], "
        "[...part.querySelectorAll('tbody th')].map((n) => n.innerText).join(), "
        "new Set([...part.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0))).size])",
    )
    assert len(parts) > 3
    assert len({(kind, rows) for kind, rows, _ in parts}) == 2
    assert {lengths for _, _, lengths in parts} == {1}


@in_browser
def test_it_is_printed_in_light_colours(wide: Browser) -> None:
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    wide.press("n")
    assert (on_paper(wide, scheme), wide.run(scheme)) == ("light", "dark")


@in_browser
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_printed_page_holds_every_number(wide: Browser, tmp_path: Path) -> None:
    wide.press("End")
    seen = wide.run(NUMBERS)
    wide.pdf(tmp_path / "wide.pdf")
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "wide.pdf", "-"], capture_output=True, check=True)
    assert not Counter(seen) - Counter(text.stdout.decode().split())
