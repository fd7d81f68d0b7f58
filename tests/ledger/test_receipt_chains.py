"""Behind every number of a receipt stands another, down to data, targets, settings and initial weights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nets import RUNS, bits, trained
from strips import with_savings

from piggybank import SGD, Dense, Network, Run
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt, Ref

Figure = Callable[[str, object], None]
LEAVES = ("data", "target", "initial", "setting", "constant")


class Crawl:
    """Everything that can be opened from the last batch, by following origins; each opened once."""

    def __init__(self, ledger: Ledger) -> None:
        self.opened: dict[Ref, Receipt] = {}
        self.edges: list[tuple[Receipt, Line]] = []
        self.cycles: list[Ref] = []
        header, last = ledger.header, len(ledger)
        starts = [ledger.receipt(w.name, batch=last, sample=header.count(last)) for w in header.weights]
        starts += [ledger.receipt(n, batch=last, sample=1) for n in header.neurons]
        starts += [ledger.open(Ref("loss", "", last, 0))]
        self.starts = starts
        for start in starts:
            self._follow(ledger, start)

    def _follow(self, ledger: Ledger, start: Receipt) -> None:
        path: list[tuple[Ref | None, Receipt, int]] = [(None, start, 0)]
        here: set[Ref | None] = set()
        while path:
            ref, receipt, place = path.pop()
            if place == len(receipt.lines):
                here.discard(ref)
                continue
            here.add(ref)
            path.append((ref, receipt, place + 1))
            line = receipt.lines[place]
            if line.origin is None:
                continue
            if line.origin in here:
                self.cycles.append(line.origin)
            if line.origin not in self.opened:
                self.opened[line.origin] = ledger.open(line.origin)
                path.append((line.origin, self.opened[line.origin], 0))
            self.edges.append((self.opened[line.origin], line))


@pytest.fixture(scope="module", params=list(RUNS))
def crawl(request: pytest.FixtureRequest) -> Crawl:
    return Crawl(trained(request.param).ledger)


def unexplained(receipt: Receipt) -> list[Line]:
    """Operands that lead nowhere: neither a receipt behind them, nor a result above, nor a number of the formula."""
    results: set[float] = set()
    found = []
    for line in receipt.lines:
        assert line.value is not None
        is_operand = line.operator in ("", "+", "-", "*", "/", "max")
        known = line.origin is not None or line.value in results or -line.value in results
        if is_operand and not known and line.label != repr(line.value).removesuffix(".0"):
            found.append(line)
        results.add(line.value)
    return found


def test_every_chain_of_receipts_ends_at_data_targets_settings_or_initial_weights(crawl: Crawl, figure: Figure) -> None:
    ends = [receipt for receipt in crawl.opened.values() if all(line.origin is None for line in receipt.lines)]
    figure(f"P2 chains, {len(crawl.starts)} starts: receipts opened", len(crawl.opened))
    assert {receipt.kind for receipt in ends} == set(LEAVES)
    on_the_way = [receipt for receipt in crawl.opened.values() if receipt not in ends and receipt.kind in LEAVES]
    behind = {(receipt.kind, line.origin.kind) for receipt in on_the_way for line in receipt.lines if line.origin}
    assert behind <= {("data", "data")}, "only a scaled input has something behind it: what was measured"


def test_no_receipt_stands_behind_itself(crawl: Crawl) -> None:
    assert crawl.cycles == []


def test_no_operand_of_an_opened_receipt_is_a_dead_end(crawl: Crawl) -> None:
    assert [
        line for receipt in crawl.opened.values() if receipt.kind not in LEAVES for line in unexplained(receipt)
    ] == []


def test_no_operand_of_a_first_samples_popup_is_a_dead_end() -> None:
    run = Run(Network(Dense(1, 1, weights=2.0, bias=1.0)), ([3.0], [1.0]), rule=SGD(0.25)).train()
    assert unexplained(run.ledger.receipt("x1->y", batch=1, sample=1)) == []


def shows(receipt: Receipt, line: Line) -> bool:
    assert line.value is not None
    return any(bits(line.value) == bits(other.value) for other in receipt.lines)


def test_the_receipt_behind_a_number_shows_that_number(crawl: Crawl) -> None:
    wrong = [line for behind, line in crawl.edges if not shows(behind, line)]
    assert wrong == []


def test_the_receipt_behind_a_constant_slope_shows_that_slope() -> None:
    ledger = Run(Network(Dense(1, 1, weights=2.0, bias=False)), ([3.0], [7.0])).train().ledger
    line = next(line for line in ledger.open(Ref("blame", "y", 1, 1)).lines if line.label.startswith("Slope of"))
    assert line.origin is not None
    assert shows(ledger.open(line.origin), line)


def test_the_receipt_behind_kept_memory_is_the_receipt_of_that_memory() -> None:
    ledger = with_savings().ledger
    line = next(line for line in ledger.receipt("x1->y", batch=3).lines if line.label == "Savings before")
    assert line.origin is not None
    assert bits(ledger.open(line.origin).value) == bits(line.value)
