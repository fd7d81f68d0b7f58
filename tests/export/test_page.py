"""The page: the ledger's numbers and receipts, in one file that asks for nothing; looked at with a real browser."""

from __future__ import annotations

import base64
import gc
import json
import math
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import CHROMIUM, Browser
from nets import bits, trained
from runs import run_of

from piggybank import SGD, Dense, Network, Run
from piggybank.app.cli import main
from piggybank.app.export import page
from piggybank.app.export.files import ExportError
from piggybank.app.export.page import write_page
from piggybank.app.export.receipts_json import Store, Table, as_json, element
from piggybank.ledger import bank
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Ref
from piggybank.ledger.records import BatchRecord
from piggybank.stage import digits

XOR, FOUR = "xor 2-3-1 tanh", "4-8-3 tanh, sigmoid"
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def embedded(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/zlib" id="([\w-]+)">(.*?)</script>', text, flags=re.DOTALL)
    return {name: json.loads(zlib.decompress(base64.b64decode(data))) for name, data in found}


@pytest.fixture(scope="module")
def xor_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "xor.html"
    write_page(trained(XOR).ledger, range(2, 5), path, title="XOR & co <b>")
    return path


@pytest.fixture(scope="module")
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


# The data -------------------------------------------------------------------------------------------------------------


def numbers(data: dict[str, Any], places: list[int]) -> list[float]:
    return [float(data["values"][place]) for place in places]


def test_its_data_are_the_ledger_s_coins_banks_and_weights(xor_page: Path) -> None:
    ledger, found = trained(XOR).ledger, embedded(xor_page)
    weights = ledger.header.weights
    for batch in (2, 3, 4):
        data, record = found[f"batch-{batch}"], ledger.batch(batch)
        coins = np.array([bank.slices(ledger.header, record, weight) for weight in weights]).T
        banks = np.array([bank.running_totals(ledger.header, record, weight)[1:] for weight in weights]).T
        for sample in range(record.count):
            assert bits(numbers(data, data["coins"][sample])) == bits(coins[sample])
            assert bits(numbers(data, data["banks"][sample])) == bits(banks[sample])
        after = next(extra for extra in data["extras"] if extra["name"] == "after")
        known = [ledger.weights_at(batch)[w.layer][w.row, w.column] for w in weights]
        assert bits(numbers(data, after["values"])) == bits(known)


def test_every_receipt_in_it_is_the_ledger_s_own_line_by_line(xor_page: Path) -> None:
    assert checked_receipts(trained(XOR), embedded(xor_page)) > 600


@pytest.mark.parametrize("name", ["momentum with weight decay", "adagrad, clipped by norm", "adamw, scheduled"])
def test_so_is_every_receipt_of_a_rule_that_remembers(name: str, tmp_path: Path) -> None:
    run = run_of(name)
    write_page(run.ledger, range(5, 7), tmp_path / "run.html")
    found = embedded(tmp_path / "run.html")
    assert checked_receipts(run, found, every=7) > 100
    columns = [extra["name"] for extra in found["batch-5"]["extras"]]
    assert columns == [*run.ledger.header.house, "adjustment", "after"]
    for batch in (5, 6):
        for line in found[f"batch-{batch}"]["lines"]:
            home = int(line[6].split("|")[2]) if line[6] else 0
            assert home < 5 or line[6] in found[f"batch-{home}"]["receipts"]


def checked_receipts(run: Run, found: dict[str, Any], every: int = 1) -> int:
    """How many receipts of a page were compared with the ledger's: all, or every so many."""
    texts, count = found["run"]["texts"], 0
    for store in [*found.values(), found["run"]["ends"]]:
        for code, (title, kind, value, lines, _) in list((store.get("receipts") or {}).items())[::every]:
            receipt = _known(run.ledger, code)
            assert texts[title] == digits.pretty(receipt.title)
            assert texts[kind] == receipt.kind
            assert repr(float(store["values"][value])) == repr(receipt.value)
            for line, own in zip((store["lines"][place] for place in lines), receipt.lines, strict=True):
                assert [texts[word] for word in line[:3]] == [own.section, digits.pretty(own.label), own.operator]
                assert own.value is not None
                assert repr(float(store["values"][line[3]])) == repr(own.value)
                assert line[5] == own.exact
                assert line[6] == ("" if own.opens is None else own.opens.code)
            count += 1
    return count


def _known(ledger: Any, code: str) -> Any:
    kind, name, batch, sample, *_ = code.split("|")
    if kind == "popup":
        return ledger.receipt(name, batch=int(batch), sample=int(sample))
    return ledger.open(Ref.from_code(code))


def test_every_number_leads_on_to_where_chains_end_or_to_a_batch_outside_the_page(xor_page: Path) -> None:
    found = embedded(xor_page)
    ends = found["run"]["ends"]["receipts"]
    for batch in (2, 3, 4):
        for line in found[f"batch-{batch}"]["lines"]:
            if line[6]:
                home = int(line[6].split("|")[2])
                there = found[f"batch-{home}"]["receipts"] if 2 <= home <= 4 else ends
                assert line[6] in there or home == 1, line[6]
    assert any(code.startswith("data|") for code in ends)
    assert any(code.startswith("setting|learning_rate") for code in ends)


def test_what_is_unknown_before_the_commit_is_what_the_receipt_hides_then(xor_page: Path) -> None:
    ledger, data = trained(XOR).ledger, embedded(xor_page)["batch-3"]
    pending = ledger.receipt("h2->y", batch=3, sample=2, banked=4)
    hidden = [place for place, line in enumerate(pending.lines) if line.value is None]
    assert data["receipts"]["popup|h2->y|3|2||"][4] == hidden
    assert hidden


def test_the_page_says_that_nothing_may_be_asked_for_and_asks_for_nothing(xor_page: Path) -> None:
    text = xor_page.read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    shell = re.sub(r'<script type="application/zlib".*?</script>', "", text, flags=re.DOTALL)
    allowed = shell.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|XMLHttp|eval\(|innerHTML|\ssrc=", allowed)


def test_the_same_run_gives_the_same_page_whatever_order_python_keeps_sets_in(tmp_path: Path) -> None:
    trained(XOR).save(tmp_path / "xor.piggy")
    for seed in "12":
        command = [sys.executable, "-m", "piggybank", "export", "xor.piggy", "--html", f"{seed}.html", "--to", "3"]
        subprocess.check_output(command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed})
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_numbers_that_are_equal_but_not_the_same_have_places_of_their_own() -> None:
    store = Store(1, Table())
    values = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1.0]
    assert store.numbers(values) == store.numbers([*values[:4], float("nan"), *values[5:]]) == [*range(7)]
    assert list(map(repr, store.values.things)) == ["0.0", "-0.0", "'inf'", "'-inf'", "'nan'", "5e-324", "1.0"]


def test_a_line_that_many_receipts_show_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, store, looked_at = trained(XOR).ledger, Store(2, Table()), list[Line]()
    really = Store._line
    monkeypatch.setattr(Store, "_line", lambda store, line: looked_at.append(line) or really(store, line))
    banks = [ledger.open(Ref("bank", "h1->y", 2, sample)) for sample in (1, 2, 3, 4)]
    for sample, receipt in enumerate(banks, 1):
        store.add(f"bank {sample}", receipt)
    assert [len(lines) for _, _, _, lines, _ in store.receipts.values()] == [3, 4, 5, 6]
    assert len(looked_at) == 1 + 4 + 4  # the empty bank, the coins, and what each receipt comes to


def test_python_looks_for_cycles_again_after_a_batch_and_after_an_error() -> None:
    with page.uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyboardInterrupt), page.uncollected():
        stopped()
    assert gc.isenabled()


# In a browser ---------------------------------------------------------------------------------------------------------


def shown(browser: Browser, selector: str) -> list[float]:
    """The numbers that a person sees there, all their bits."""
    script = (
        f"[...document.querySelectorAll({json.dumps(selector)})].filter((n) => n.checkVisibility({{visibilityProperty: "
        "true})).map((n) => n.dataset.value)"
    )
    return [float(value.replace("Infinity", "inf")) for value in browser.run(script)]


@in_browser
def test_coins_appear_one_sample_at_a_time_and_the_commit_last(looking: Browser) -> None:
    ledger = trained(XOR).ledger
    record, weights = ledger.batch(2), ledger.header.weights
    coins = np.array([bank.slices(ledger.header, record, weight) for weight in weights])
    for banked in range(1, 5):
        assert bits(shown(looking, "#trace .coin-of .n")) == bits(coins[:, :banked])
        running = [bank.running_totals(ledger.header, record, weight)[banked] for weight in weights]
        assert bits(shown(looking, "#trace .bank .n")) == bits(running)
        assert shown(looking, "#trace .extra .n") == []
        assert f"pending {banked} of 4" in looking.run("document.querySelector('#trace').innerText")
        looking.press("ArrowRight")
    after = [ledger.weights_at(2)[w.layer][w.row, w.column] for w in weights]
    assert bits(shown(looking, "#trace .extra[data-place='1'] .n")) == bits(after)
    assert "committed" in looking.run("document.querySelector('#status').innerText")


@in_browser
@pytest.mark.parametrize("focus", ["body", "#slider", "#moments button", "#trace button.n"])
def test_keys_go_on_and_back_and_to_both_ends_wherever_the_focus_is(focus: str, looking: Browser) -> None:
    looking.run(f"document.querySelector('{focus}').focus()")
    where = "document.querySelector('#batch').innerText + ' ' + document.querySelector('#banked').innerText"
    for key, wanted in [
        ("ArrowRight", "2 / 10 2 / 4"), ("PageDown", "3 / 10 2 / 4"), ("End", "4 / 10 4 / 4"),
        ("ArrowRight", "4 / 10 4 / 4"), ("PageUp", "3 / 10 4 / 4"), ("Home", "2 / 10 1 / 4"),
        ("ArrowLeft", "2 / 10 1 / 4"),
    ]:  # fmt: skip
        looking.press(key)
        assert looking.run(where) == wanted, key


@in_browser
def test_the_slider_goes_to_a_batch(looking: Browser) -> None:
    looking.run(
        "slider = document.querySelector('#slider'); slider.value = 4; slider.dispatchEvent(new Event('input'))"
    )
    assert looking.run("document.querySelector('#batch').innerText") == "4 / 10"
    assert looking.run("document.querySelector('#slider').getAttribute('aria-valuetext')") == "batch 4, epoch 4"


@in_browser
def test_a_coin_opens_its_receipt_pending_and_then_final(looking: Browser) -> None:
    ledger = trained(XOR).ledger
    row = [weight.name for weight in ledger.header.weights].index("h2->y")
    for _ in range(2):
        looking.press("ArrowRight")
    looking.run(f"document.querySelector('[data-at=\"coin-of|2|{row}\"]').focus()")
    looking.press("Enter")
    known = ledger.receipt("h2->y", batch=2, sample=2, banked=3)
    assert bits(shown(looking, "#receipt .n")) == bits([line.value for line in known.lines if line.value is not None])
    text = looking.run("document.querySelector('#receipt').innerText")
    assert "PENDING 3 of 4" in text
    for line in known.lines:
        assert digits.pretty(line.label) in text
    looking.press("End")
    looking.press("Home")
    for _ in range(4):
        looking.press("ArrowRight")
    known = ledger.receipt("h2->y", batch=2, sample=2)
    assert bits(shown(looking, "#receipt .n")) == bits([line.value for line in known.lines])
    assert "FINAL" in looking.run("document.querySelector('#receipt').innerText")


@in_browser
def test_numbers_lead_down_to_the_data_and_backspace_and_escape_come_back(looking: Browser) -> None:
    title = "document.querySelector('#receipt h2')?.innerText ?? ''"
    looking.press("End")
    looking.run("document.querySelector('[data-at=\"coin-of|2|0\"]').focus()")
    looking.press("Enter")
    first = looking.run(title)
    looking.run("document.querySelector('#receipt button.n').click()")
    assert looking.run(title) == "X₁ of row 2 of xor".lower()
    looking.press("Backspace")
    assert looking.run(title) == first
    looking.press("Escape")
    assert looking.run(title) == ""
    assert looking.run("document.activeElement.dataset.at") == "coin-of|2|0"


@in_browser
def test_a_number_s_own_receipt_does_not_open_itself(looking: Browser) -> None:
    looking.run("document.querySelector('[data-at=\"sample|0|1\"]').click()")
    assert looking.run("document.querySelector('#receipt h2').innerText") == "x₁ of row 1 of xor"
    assert len(shown(looking, "#receipt .n")) == 1
    assert looking.run("document.querySelectorAll('#receipt .strips button').length") == 0


FOCUS = (
    "[document.activeElement.closest('#receipt') !== null, "
    "document.activeElement.dataset.at ?? document.activeElement.tagName]"
)


@in_browser
@pytest.mark.parametrize(("focus", "stays"), [("h2", "H2"), ("[data-at='line|2']", "line|2"), ("#close", "BUTTON")])
def test_a_receipt_keeps_the_focus_when_the_moment_changes(focus: str, stays: str, looking: Browser) -> None:
    looking.run("document.querySelector('[data-at=\"coin-of|1|0\"]').click()")
    looking.run(f'document.querySelector("#receipt {focus}").focus()')
    for key in ("ArrowRight", "ArrowRight", "PageDown", "End", "e", "ArrowLeft"):
        looking.press(key)
        assert looking.run(FOCUS) == [True, stays], key


@in_browser
def test_a_number_in_the_bank_passes_the_focus_on_to_the_next(looking: Browser) -> None:
    looking.run("document.querySelector('[data-at=\"bank|0|2\"]').focus()")
    looking.press("ArrowRight")
    assert looking.run(FOCUS) == [False, "bank|1|2"]


@in_browser
def test_a_table_wider_than_the_window_goes_sideways_by_keys(looking: Browser) -> None:
    looking.size(420, 800)
    looking.run("trace.parentElement.focus()")
    looking.press("ArrowRight", shift=True)
    assert looking.run("[trace.parentElement.scrollLeft > 0, banked.innerText]") == [True, "1 / 4"]
    looking.press("ArrowLeft", shift=True)
    looking.press("ArrowRight")
    assert looking.run("[trace.parentElement.scrollLeft, banked.innerText]") == [0, "2 / 4"]


@in_browser
def test_all_digits_can_be_seen(looking: Browser) -> None:
    ledger = trained(XOR).ledger
    looking.press("End")
    looking.press("e")
    texts = looking.run("[...document.querySelectorAll('#trace .extra[data-place=\"1\"] .n')].map((n) => n.innerText)")
    known = [ledger.weights_at(4)[w.layer][w.row, w.column] for w in ledger.header.weights]
    assert texts == [digits.full(float(value)) for value in known]


@in_browser
def test_numbers_are_written_as_in_the_app(looking: Browser) -> None:
    script = Path(page.asset_path("page/numbers.js")).read_text(encoding="utf-8")
    columns = [
        [0.5, 0.25, -0.125], [0.0625, 1 / 3], [0.0, -0.0, 1e-9, 123456.5], [1e5, 1e300, -2.5e-7], [2.0, 3.0],
        [1 / 3, 0.0005, 0.0015, 0.0025, 0.0035, -0.0625], [float(f"{n}e-5") for n in range(1, 60, 7)],
        [123456.5, 9999999.25, 1e7], [160000.0, 0.5, 1 / 3], [215976.5625], [1234567 / 3],
    ]  # fmt: skip
    got = looking.run(f"(() => {{ {script}; return {json.dumps(columns)}.map((c) => column(c, true)); }})()")
    assert got == [digits.column(values, True) for values in columns]
    got = looking.run(f"(() => {{ {script}; return {json.dumps(columns)}.map((c) => c.map((v) => full(v))); }})()")
    assert [[digits.reads_as(text) for text in texts] for texts in got] == columns


@in_browser
@pytest.mark.parametrize("width", [420, 900, 1440])
def test_nothing_is_wider_than_the_window(width: int, looking: Browser) -> None:
    looking.size(width, 800)
    looking.press("End")
    looking.run("document.querySelector('[data-at=\"coin-of|2|3\"]').click()")
    assert looking.run("document.documentElement.scrollWidth") <= width


@in_browser
def test_every_control_has_a_name_and_every_table_heads(looking: Browser) -> None:
    nameless = (
        "[...document.querySelectorAll('button, input')].filter((n) => !(n.innerText.trim() || n.ariaLabel || n.title "
        "|| n.labels?.length)).length"
    )
    assert looking.run(nameless) == 0
    assert looking.run("[...document.querySelectorAll('th')].filter((n) => !n.scope).length") == 0
    assert looking.run("document.documentElement.lang") == "en"


@in_browser
def test_hostile_names_are_only_text(browser: Browser, tmp_path: Path) -> None:
    evil = '</script><script>document.title="run"</script><img src=x onerror="document.title=1">\u2028&amp;'
    data = tmp_path / "evil.csv"
    data.write_text(f'"{evil.replace(chr(34), chr(34) * 2)}",y\n1,2\n3,4\n', encoding="utf-8")
    run = Run(Network(Dense(1, 1), seed=1), data, target="y", batch_size=2).train(batches=1)
    write_page(run.ledger, range(1, 2), tmp_path / "evil.html", title=evil)
    browser.complaints.clear()
    browser.open(tmp_path / "evil.html")
    assert browser.run("document.title") == evil.replace("\u2028", browser.run("'\\u2028'"))
    assert browser.run("document.querySelector('#title').textContent") == evil
    assert browser.run("document.querySelectorAll('img').length") == 0
    assert browser.complaints == []


@pytest.mark.parametrize(
    ("name", "title"),
    [("{{style}} {{policy}} {{title}}", "{{style}} {{policy}} {{title}}"), ("sur\udcff", "sur\\udcff")],
)
def test_a_file_s_odd_name_is_only_the_page_s_title(name: str, title: str, tmp_path: Path) -> None:
    trained(XOR).save(tmp_path / "run.piggy").rename(tmp_path / f"{name}.piggy")
    assert main(["export", str(tmp_path / f"{name}.piggy"), "--html", str(tmp_path / "run.html"), "--to", "1"]) == 0
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert f"<title>{title}</title>" in text
    assert f"<style>{page._style()}</style>" in text
    assert embedded(tmp_path / "run.html")["run"]["title"] == title


def test_half_a_character_in_a_title_is_replaced(tmp_path: Path) -> None:
    write_page(trained(XOR).ledger, range(1, 2), tmp_path / "run.html", title="half \ud800")
    assert embedded(tmp_path / "run.html")["run"]["title"] == "half ?"


@in_browser
def test_a_run_that_overflows_shows_inf_and_nan(browser: Browser, tmp_path: Path) -> None:
    run = Run(Network(Dense(1, 1, weights=0.5, bias=False)), "one coin", rule=SGD(1e300), batch_size=1)
    run.train(batches=4, past_trouble=True)
    write_page(run.ledger, range(1, 5), tmp_path / "over.html")
    browser.complaints.clear()
    browser.open(tmp_path / "over.html")
    browser.press("End")
    assert "nan" in browser.run("document.querySelector('#trace').innerText")
    assert browser.complaints == []


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


def test_the_data_take_a_third_of_their_room_or_less(xor_page: Path) -> None:
    name, data = next(iter(embedded(xor_page).items()))
    packed = element(name, as_json(data))
    assert packed.decode("ascii") in xor_page.read_text(encoding="utf-8")
    assert as_json(data) == json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    assert 3 * len(packed) < len(as_json(data))


@in_browser
def test_a_browser_that_cannot_unpack_the_data_says_so(browser: Browser, xor_page: Path) -> None:
    source = "delete window.DecompressionStream"
    script = browser.call("Page.addScriptToEvaluateOnNewDocument", source=source)["identifier"]
    browser.complaints.clear()
    browser.open(xor_page)
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    assert "this browser cannot unpack them" in browser.run("document.getElementById('status').textContent")
    assert browser.complaints == []


# What is refused ------------------------------------------------------------------------------------------------------


def test_a_page_that_would_be_too_large_is_refused_with_what_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LARGEST", 300_000)
    with pytest.raises(ExportError) as caught:
        write_page(trained(XOR).ledger, range(1, 11), tmp_path / "xor.html")
    found = re.fullmatch(
        r"a page of 10 batches would have about 1 MB, 0 are possible; try --from 1 --to (\d), or --csv",
        str(caught.value),
    )
    assert found
    assert list(tmp_path.iterdir()) == []
    write_page(trained(XOR).ledger, range(1, int(found[1]) + 1), tmp_path / "xor.html")


@pytest.mark.parametrize(("kind", "name"), [("--html", "run.html"), ("--xlsx", "run.xlsx"), ("--csv", "tables")])
@pytest.mark.parametrize("there", [[], ["--overwrite"]])
def test_ctrl_c_leaves_what_was_there_and_says_so(
    there: list[str],
    kind: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    trained(XOR).save(tmp_path / "xor.piggy")
    command = ["export", str(tmp_path / "xor.piggy"), kind, str(tmp_path / name), *there]
    assert not there or main(command) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    batches = Ledger.batch
    monkeypatch.setattr(Ledger, "batch", lambda ledger, batch: stopped() if batch == 4 else batches(ledger, batch))
    capsys.readouterr()
    assert main(command) == 130
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"piggybank: stopped before {name} was whole; nothing of it was written"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert {path.name for path in tmp_path.iterdir()} == {path.relative_to(tmp_path).parts[0] for path in before}


def stopped() -> BatchRecord:
    raise KeyboardInterrupt


def test_a_page_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run.html").write_text("mine", encoding="utf-8")
    assert main(["export", "2", "--html", str(tmp_path / "run.html")]) == 2
    assert capsys.readouterr().err == "piggybank: run.html is there already; give another name, or --overwrite\n"
    assert (tmp_path / "run.html").read_text(encoding="utf-8") == "mine"


def test_the_command_exports_a_saved_run_as_it_exports_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(XOR)
    run.save(tmp_path / "xor.piggy")
    assert main(["export", str(tmp_path / "xor.piggy"), "--html", str(tmp_path / "a.html"), "--to", "2"]) == 0
    write_page(run.ledger, range(1, 3), tmp_path / "b.html", title="xor")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert embedded(tmp_path / "a.html")["run"]["seal"] == run.ledger.seal


def test_a_saved_run_is_exported_without_the_engine_and_without_a_screen(tmp_path: Path) -> None:
    trained(XOR).save(tmp_path / "xor.piggy")
    code = (
        "import sys; from piggybank.app.cli import main\n"
        "for kind in ('csv', 'xlsx', 'html'):\n"
        "    assert main(['export', 'xor.piggy', f'--{kind}', f'run.{kind}', '--to', '1']) == 0\n"
        "print([name for name in sys.modules if name.startswith(('piggybank.engine', 'piggybank.training', 'pygame'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
