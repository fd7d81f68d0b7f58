"""The page in a browser: moments, receipts, keys, names and numbers as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from browser import Browser
from nets import bits, trained
from pages import XOR, in_browser, shown

from piggybank import SGD, Dense, Network, Run
from piggybank.app.export import page
from piggybank.app.export.page import write_page
from piggybank.ledger import bank
from piggybank.stage import digits


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
def test_a_browser_that_cannot_unpack_the_data_says_so(browser: Browser, xor_page: Path) -> None:
    source = "delete window.DecompressionStream"
    script = browser.call("Page.addScriptToEvaluateOnNewDocument", source=source)["identifier"]
    browser.complaints.clear()
    browser.open(xor_page)
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
    assert "this browser cannot unpack them" in browser.run("document.getElementById('status').textContent")
    assert browser.complaints == []
