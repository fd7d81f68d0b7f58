"""The worksheet on paper, in a real browser: nothing is cut or parted, and the key lies on the sheet."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Browser

from piggybank.app.cli import main

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
LONG = """
from piggybank import *
run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), data="one coin", rule=SGD(1 / 8), batch_size=1)
questions = [Question("1.1.commit", "How far? " * 20, "adjustment", because="A reason. " * 40)]
lesson = Lesson(None, "A title that is long. " * 4, run, batches=3, about="So is this. " * 30, questions=questions)
"""
PAPER = {"A4": (8.27, 11.69, 688), "Letter": (8.5, 11.0, 710)}
"""Inches, and pixels across between the margins."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "long.py").write_text(LONG, "utf-8")
    for which in ("2", "4", "9", "11", "12", str(folder / "long.py")):
        for key in ([], ["--key"]):
            name = f"{Path(which).stem}{'-key' * bool(key)}.html"
            assert main(["worksheet", which, *key, "--out", str(folder / name)]) == 0
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as found:
        yield found
        assert found.complaints == []


def printed(browser: Browser, path: Path, wide: int, script: str) -> Any:
    """What a script finds in a page as it is printed on paper so wide."""
    browser.size(wide, 900)
    browser.open(path, scripted=False)
    browser.call("Emulation.setEmulatedMedia", media="print")
    found = browser.run(script)
    browser.call("Emulation.setEmulatedMedia", media="")
    return found


@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("name", ["4", "9-key", "11-key", "12-key", "long-key"])
def test_no_column_is_cut_and_no_number_leaves_its_box(name: str, paper: str, browser: Browser, folder: Path) -> None:
    wide = PAPER[paper][2]
    ends = "Math.max(...[...document.querySelectorAll('body *')].map((n) => n.getBoundingClientRect().right))"
    cells = "[...document.querySelectorAll('.numbers td, .numbers th, span.key, .lines')]"
    out = f"{cells}.filter((n) => n.scrollWidth > n.clientWidth + 1 || n.scrollHeight > n.clientHeight + 1)"
    end, left = printed(browser, folder / f"{name}.html", wide, f"[{ends}, {out}.map((n) => n.textContent)]")
    assert end <= wide
    assert left == []


@pytest.mark.parametrize("number", ["4", "9", "11", "12", "long"])
def test_every_box_of_the_key_lies_on_that_of_the_sheet(number: str, browser: Browser, folder: Path) -> None:
    parts = "document.querySelectorAll('h1, h2, .box, .option, .lines, .given')"
    boxes = f"[...{parts}].map((n) => n.getBoundingClientRect()).map((r) => [r.x, r.y, r.width, r.height])"
    sheet, key = (printed(browser, folder / f"{number}{end}.html", 688, boxes) for end in ("", "-key"))
    assert len(sheet) > 30
    assert key[: len(sheet)] == sheet


@pytest.mark.parametrize("name", ["4", "long", "long-key"])
def test_the_foot_of_a_page_is_one_line(name: str, browser: Browser, folder: Path) -> None:
    assert printed(browser, folder / f"{name}.html", 688, "document.querySelector('.foot').clientHeight") < 25


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("paper", PAPER)
@pytest.mark.parametrize("number", ["2", "12"])
def test_on_paper_no_commit_is_parted_and_every_page_has_the_seal(
    number: str, paper: str, browser: Browser, folder: Path, tmp_path: Path
) -> None:
    key = folder / f"{number}-key.html"
    seal = re.findall(r'class="seal">([^<]+)<', key.read_text("utf-8"))[0]
    rows = printed(
        browser, key, 700,
        "[...document.querySelectorAll('.commit')].map((part) => [...part.querySelectorAll('.numbers tbody tr')]"
        ".map((row) => [...row.cells].map((cell) => cell.textContent)))",
    )  # fmt: skip
    wide, high, _ = PAPER[paper]
    browser.pdf(tmp_path / "key.pdf", paperWidth=wide, paperHeight=high)
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "key.pdf", "-"], capture_output=True, check=True)
    pages = text.stdout.decode().rstrip("\f").split("\f")
    assert len(pages) == 4  # the last one is for whoever teaches
    assert all(seal in page for page in pages)
    for number_of_commit, commit in enumerate(rows, 1):
        page = next(page for page in pages if re.search(rf"^ *Commit {number_of_commit}\b", page, flags=re.MULTILINE))
        lines = [line.split() for line in page.splitlines()]
        for _, *numbers in commit:
            assert any(line[-len(numbers) :] == numbers for line in lines), numbers
