"""What stands in a page: the ledger's numbers and receipts, in one file that asks for nothing."""

from __future__ import annotations

import gc
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nets import bits, trained
from pages import XOR, embedded, stopped
from runs import run_of

from piggybank import Run
from piggybank.app.cli import main
from piggybank.app.export import page
from piggybank.app.export.page import write_page
from piggybank.app.export.receipts_json import Store, Table, as_json, element
from piggybank.ledger import bank
from piggybank.ledger.lines import Line, Ref
from piggybank.stage import digits


def numbers(data: dict[str, Any], places: list[int]) -> list[float]:
    return [float(data["values"][place]) for place in places]


# The data -------------------------------------------------------------------------------------------------------------


def test_it_has_the_seal_of_the_run_and_of_every_batch(xor_page: Path) -> None:
    ledger, found = trained(XOR).ledger, embedded(xor_page)
    assert found["run"]["seal"] == ledger.seal
    assert [found[f"batch-{batch}"]["seal"] for batch in (2, 3, 4)] == [ledger.seal_at(batch) for batch in (2, 3, 4)]


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


def test_the_data_take_a_third_of_their_room_or_less(xor_page: Path) -> None:
    name, data = next(iter(embedded(xor_page).items()))
    packed = element(name, as_json(data))
    assert packed.decode("ascii") in xor_page.read_text(encoding="utf-8")
    assert as_json(data) == json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    assert 3 * len(packed) < len(as_json(data))
