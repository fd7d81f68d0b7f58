"""Receipts: each evaluates to its number, adds up like a calculator strip, and leads down to the data."""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import plain
import pytest
from nets import RUNS, bits, plain_run, trained

from piggybank import SGD, Dense, LedgerError, Network, Run
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Receipt
from piggybank.ledger.receipt import Ref

Figure = Callable[[str, object], None]
LEAVES = ("data", "target", "initial", "setting", "constant")


def samples_of(ledger: Ledger) -> Iterator[tuple[int, int]]:
    for record in ledger:
        yield from ((record.batch, sample) for sample in range(1, record.count + 1))


def popups(ledger: Ledger) -> Iterator[Receipt]:
    """Every weight's popup of every sample and its commit."""
    for weight in ledger.header.weights:
        for batch, sample in samples_of(ledger):
            yield ledger.receipt(weight.name, batch=batch, sample=sample)
        for batch in range(1, len(ledger) + 1):
            yield ledger.receipt(weight.name, batch=batch)


def refs(ledger: Ledger) -> Iterator[Ref]:
    """Every prediction, blame, loss and bank."""
    for batch, sample in samples_of(ledger):
        for name in ledger.header.neurons:
            yield Ref("predict", name, batch, sample)
            yield Ref("blame", name, batch, sample)
        yield Ref("loss", "", batch, sample)
        if sample == 1:
            yield Ref("loss", "", batch, 0)
            for weight in ledger.header.weights:
                yield Ref("bank", weight.name, batch, ledger.header.count(batch))


def shallow(ledger: Ledger, every: int) -> Iterator[Receipt]:
    """A fixed selection of all receipts, for the checks that look at lines."""
    yield from (receipt for place, receipt in enumerate(popups(ledger)) if place % every == 0)
    yield from (ledger.open(ref) for place, ref in enumerate(refs(ledger)) if place % every == 0)


def evaluates(receipt: Receipt) -> bool:
    code = compile(receipt.python(), "<receipt>", "eval")
    plainly = eval(code, {"math": math})
    bare = eval(code, {"__builtins__": {}, "math": math})
    return bits(plainly) == bits(bare) == bits(receipt.value)


# Values ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_python_of_every_popup_and_commit_evaluates_to_the_bits_of_its_value(name: str, figure: Figure) -> None:
    results = [evaluates(receipt) for receipt in popups(trained(name).ledger)]
    figure(f"P2 receipts, {name}: popups and commits evaluated", len(results))
    figure(f"P2 receipts, {name}: popups and commits that differ", results.count(False))
    assert all(results)


@pytest.mark.parametrize("name", RUNS)
def test_python_of_every_prediction_blame_loss_and_bank_evaluates_to_the_bits_of_its_value(name: str) -> None:
    ledger = trained(name).ledger
    assert [ref for ref in refs(ledger) if not evaluates(ledger.open(ref))] == []


@pytest.mark.parametrize("name", RUNS)
def test_a_receipts_value_is_the_number_of_the_plain_loop(name: str) -> None:
    ledger, records = trained(name).ledger, plain_run(name)
    for batch, sample in samples_of(ledger):
        theirs = records[batch - 1]
        for neuron, (layer, column) in ledger.header.neurons.items():
            predict = ledger.open(Ref("predict", neuron, batch, sample)).value
            blame = ledger.open(Ref("blame", neuron, batch, sample)).value
            assert bits(predict) == bits(theirs.outputs[sample - 1][layer][column])
            assert bits(blame) == bits(theirs.blame[sample - 1][layer][column])
        for weight in ledger.header.weights[:: len(ledger.header.weights) // 3]:
            at = weight.layer, weight.row, weight.column
            coin = theirs.slices[sample - 1][at[0]][at[1]][at[2]]
            assert bits(ledger.receipt(weight.name, batch=batch, sample=sample).value) == bits(coin)
            assert bits(ledger.open(Ref("slice", weight.name, batch, sample)).value) == bits(coin)
            banked = theirs.running[sample][at[0]][at[1]][at[2]]
            assert bits(ledger.open(Ref("bank", weight.name, batch, sample)).value) == bits(banked)
            after = theirs.after[at[0]][at[1]][at[2]]
            assert bits(ledger.receipt(weight.name, batch=batch).value) == bits(after)
            adjustment = ledger.open(Ref("commit", weight.name, batch, part="adjustment"))
            assert bits(adjustment.value) == bits(theirs.adjustments[at[0]][at[1]][at[2]])
            assert evaluates(adjustment)


# Lines ----------------------------------------------------------------------------------------------------------------


def is_exact(operator: str, a: float, b: float, result: float) -> bool:
    x, y = Fraction(a), Fraction(b)
    return {"+": lambda: x + y, "-": lambda: x - y, "*": lambda: x * y, "/": lambda: x / y}[operator]() == result


FUNCTIONS: dict[str, tuple[Callable[[float], float], float | None]] = {
    "exp": (plain.exp, 0.0), "log": (plain.log, 1.0), "tanh": (plain.tanh, 0.0), "sigmoid": (plain.sigmoid, 0.0),
    "abs": (abs, None), "±": (operator.neg, None), "sign": (lambda x: math.copysign(1.0, x) if x else x, None),
}  # fmt: skip
"""The function, and the only argument at which it is exact (None: always)."""


class Calculator:
    """Walks a strip as its reader would: operands act on the running result, "=" reads it off."""

    def __init__(self) -> None:
        self.running, self.exact = math.nan, True
        self.wrong_values: list[Line] = []
        self.wrong_flags: list[Line] = []

    def take(self, line: Line) -> None:
        assert line.value is not None
        before = self.running
        if line.operator == "":
            self.running, self.exact = line.value, True
        elif line.operator in "+-*/":
            a, b = before, line.value
            self.running = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else math.nan}[line.operator]
            self.exact = self.exact and is_exact(line.operator, a, b, self.running)
        elif line.operator == "max":
            self.running = before if before >= line.value else line.value
        elif line.operator in FUNCTIONS:
            function, exact_at = FUNCTIONS[line.operator]
            self.running = function(before)
            self.exact = self.exact and exact_at in (None, before)
        elif line.operator != "=":  # a choice such as "z if z > 0 else 0", written beside it
            self.running = float(eval(line.label, {"__builtins__": {}, "z": before}))
        if line.operator == "=" or line.operator in FUNCTIONS:
            if bits(line.value) != bits(self.running):
                self.wrong_values.append(line)
            if line.exact != self.exact:
                self.wrong_flags.append(line)
        if line.operator == "=":
            self.running, self.exact = line.value, True

    @staticmethod
    def over(receipt: Receipt) -> Calculator:
        calculator = Calculator()
        for line in receipt.lines:
            calculator.take(line)
        return calculator


EVERY = {name: 1 if name[0] in "xp" else 61 for name in RUNS}


@pytest.mark.parametrize("name", RUNS)
def test_walking_the_lines_like_a_calculator_reproduces_every_result_line(name: str) -> None:
    for receipt in shallow(trained(name).ledger, EVERY[name]):
        assert Calculator.over(receipt).wrong_values == [], str(receipt)


def test_the_strip_of_a_sleeping_relu_shows_what_turns_its_sum_into_zero() -> None:
    ledger = Run(Network(Dense(1, 1, "relu", weights=-1.0)), ([1.0], [1.0])).train().ledger
    assert Calculator.over(ledger.open(Ref("predict", "y", 1, 1))).wrong_values == []


@pytest.mark.parametrize("name", RUNS)
def test_exact_flags_agree_with_fractions(name: str) -> None:
    for receipt in shallow(trained(name).ledger, EVERY[name]):
        assert Calculator.over(receipt).wrong_flags == [], str(receipt)


def test_the_mean_loss_is_not_called_exact_when_its_sum_was_rounded() -> None:
    ledger = trained("xor 2-3-1 tanh").ledger
    receipts = [ledger.open(Ref("loss", "", batch, 0)) for batch in range(1, len(ledger) + 1)]
    assert [receipt.title for receipt in receipts if Calculator.over(receipt).wrong_flags] == []


def test_a_first_term_of_minus_zero_is_added_to_the_plus_zero_that_a_sum_starts_with() -> None:
    network = Network(Dense(1, 1, weights=-1.0, bias=False))
    receipt = Run(network, ([0.0], [1.0])).train().ledger.open(Ref("predict", "y", 1, 1))
    assert bits(receipt.value) == bits(0.0)
    found = Calculator.over(receipt)
    assert found.wrong_values == []
    assert bits(found.running) == bits(0.0)


def test_the_calculator_notices_a_wrong_line_and_a_wrong_flag() -> None:
    lines = (Line("", "a", "", 0.1), Line("", "b", "+", 0.2), Line("", "sum", "=", 0.3, exact=True))
    found = Calculator.over(Receipt("", "bank", "final", lines, 0.3, str))
    assert (len(found.wrong_values), len(found.wrong_flags)) == (1, 1)


def test_every_coin_in_a_banks_receipt_says_for_itself_whether_adding_it_rounded() -> None:
    ledger = trained("4-8-3 tanh, sigmoid").ledger
    seen = set()
    for weight in ledger.header.weights:
        total = 0.0
        for line in ledger.open(Ref("bank", weight.name, 2, 4)).lines[1:-1]:
            assert line.value is not None
            assert line.exact == is_exact("+", total, line.value, total + line.value)
            seen.add(line.exact)
            total += line.value
    assert seen == {True, False}


# Chains ---------------------------------------------------------------------------------------------------------------


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
    line = next(line for line in ledger.receipt("x1->y", batch=3).lines if line.label == "Savings")
    assert line.origin is not None
    assert bits(ledger.open(line.origin).value) == bits(line.value)


def with_savings() -> Run:
    from piggybank.engine.rules import Rule

    lines = (
        "savings = friction * savings + average",
        "adjustment = -learning_rate * savings",
        "after = before + adjustment",
    )
    rule = Rule("Momentum", lines, {"learning_rate": 0.125, "friction": 0.5}, ("savings",))
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=rule).train(epochs=8)


def test_a_rule_with_memory_has_receipts_that_evaluate_and_add_up() -> None:
    """Lesson 10's table: savings and weights, written there and not copied from here."""
    ledger = with_savings().ledger
    savings = [ledger.memory_at(batch)["savings"][0].item() for batch in range(1, 8)]
    assert savings == [-4, -4, -2, 0, 1, 1, 0.5]
    assert [matrix.item() for batch in range(8) for matrix in ledger.weights_at(batch)] == [
        0.5, 1, 1.5, 1.75, 1.75, 1.625, 1.5, 1.4375,
    ]  # fmt: skip
    for batch in range(1, 9):
        receipt = ledger.receipt("x1->y", batch=batch)
        assert evaluates(receipt)
        assert Calculator.over(receipt).wrong_values == []
        assert bits(receipt.value) == bits(ledger.weights_at(batch)[0])


# States ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("banked", [0, 1, 2, 3, 4, None])
@pytest.mark.parametrize("sample", [1, 2, 4])
def test_a_popup_is_waiting_until_its_coin_is_banked_pending_until_the_commit_then_final(
    banked: int | None, sample: int
) -> None:
    ledger = trained("xor 2-3-1 tanh").ledger
    receipt = ledger.receipt("h2->y", batch=3, sample=sample, banked=banked)
    expected = "final" if banked is None else "waiting" if sample > banked else "pending"
    assert receipt.state == expected
    assert ledger.open(Ref("slice", "h2->y", 3, sample, banked)).state == expected
    assert ledger.open(Ref("bank", "h2->y", 3, sample, banked)).state == expected
    shown = {line.label for line in receipt.lines if line.value is not None}
    assert ("Blame slice" in shown) == ("In the bank now" in shown) == (expected != "waiting")
    assert ("Average coin" in shown) == ("Final adjustment" in shown) == ("After" in shown) == (expected == "final")
    assert {"Samples in the batch", "−Learning rate", "Before"} <= shown


def test_an_unknown_number_shows_no_receipt_and_no_verdict_about_rounding() -> None:
    receipt = trained("xor 2-3-1 tanh").ledger.receipt("h2->y", batch=3, sample=4, banked=2)
    hidden = [line for line in receipt.lines if line.value is None]
    assert hidden
    assert all(line.origin is None for line in hidden)
    rows = [row for row in str(receipt).splitlines() if "· · ·" in row]
    assert len(rows) == len(hidden)
    assert not any("exact" in row or "rounded" in row for row in rows)


def test_a_commit_is_pending_until_it_is_final() -> None:
    ledger = trained("xor 2-3-1 tanh").ledger
    assert ledger.receipt("h2->y", batch=3, banked=4).state == "pending"
    assert ledger.receipt("h2->y", batch=3).state == "final"


def test_the_bank_opened_from_a_pending_popup_is_pending_too() -> None:
    ledger = trained("xor 2-3-1 tanh").ledger
    receipt = ledger.receipt("h2->y", batch=3, sample=2, banked=2)
    line = next(line for line in receipt.lines if line.label == "In the bank before")
    assert line.origin is not None
    assert ledger.open(line.origin).state == "pending"


# Text -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_the_text_of_a_receipt_is_a_table_with_aligned_values(name: str) -> None:
    ledger = trained(name).ledger
    neuron = next(iter(ledger.header.neurons))
    for receipt in (
        ledger.receipt(ledger.header.weights[0].name, batch=2, sample=2),
        ledger.receipt(neuron, batch=1, sample=1),
        ledger.receipt(ledger.header.weights[1].name, batch=2, sample=2, banked=1),
    ):
        head, *rows = str(receipt).splitlines()
        assert head == f"{receipt.title}   [{receipt.state}]"
        sections = [row for row in rows if not row.startswith("    ")]
        rows = [row for row in rows if row.startswith("    ")]
        assert [row.strip() for row in sections] == sections_of(receipt)
        assert len(rows) == len(receipt.lines)
        ends = set()
        for row, line in zip(rows, receipt.lines, strict=True):
            value = "· · ·" if line.value is None else repr(abs(line.value))
            place = row.index(value, row.index(line.label) + len(line.label))
            ends.add(place + len(value))
        assert len(ends) == 1
        assert all(row == row.rstrip() for row in rows)


def sections_of(receipt: Receipt) -> list[str]:
    found: list[str] = []
    for line in receipt.lines:
        if not found or found[-1] != line.section:
            found.append(line.section)
    return found


def test_a_number_and_its_negative_are_spelled_alike_in_the_table() -> None:
    def shown(value: float) -> str:
        return str(Receipt("", "data", "final", (Line("", "x", "", value),), value, str)).split()[-1]

    assert shown(-1e-05) == "−" + shown(1e-05)


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "where", "parts"),
    [
        ("h2-y", {"batch": 1, "sample": 1}, ["'h2-y'", "did you mean 'h2->y'?"]),
        ("H2->Y", {"batch": 1}, ["'H2->Y'", "did you mean 'h2->y'?"]),
        ("hh2", {"batch": 1, "sample": 1}, ["'hh2'", "did you mean 'h2'?"]),
        ("nonsense", {"batch": 1}, ["'nonsense'", "known: ", "'x1->h1'"]),
        ("h2", {"batch": 1}, ["'h2' is a neuron", "add sample=1"]),
        ("h2->y", {"batch": 1, "sample": 5}, ["samples 1 to 4", "got sample 5"]),
        ("h2->y", {"batch": 1, "sample": 0}, ["samples 1 to 4", "got sample 0"]),
        ("h2", {"batch": 1, "sample": -1}, ["samples 1 to 4", "got sample -1"]),
        ("h2->y", {"batch": 0}, ["batches 1 to 10", "got batch 0", "ask for an earlier one"]),
        ("h2->y", {"batch": 11, "sample": 1}, ["batches 1 to 10", "got batch 11", "train further"]),
    ],
)
def test_asking_for_what_is_not_there_gives_one_sentence_that_helps(
    name: str, where: dict[str, Any], parts: list[str]
) -> None:
    with pytest.raises(LedgerError) as caught:
        trained("xor 2-3-1 tanh").ledger.receipt(name, **where)
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in parts), message


def test_an_empty_ledger_says_that_it_holds_no_batch_yet() -> None:
    with pytest.raises(LedgerError, match="holds no batch yet, got batch 1"):
        RUNS["xor 2-3-1 tanh"]().ledger.receipt("h2->y", batch=1)


# Trouble --------------------------------------------------------------------------------------------------------------


def exploding() -> Run:
    network = Network(Dense(1, 1, weights=0.5, bias=False))
    return Run(network, "one coin", rule=SGD(1.0)).train(epochs=700, past_trouble=True)


def test_receipts_of_a_run_that_overflows_to_inf_and_nan_still_evaluate_to_their_value() -> None:
    """Lesson 8: the loss overflows at commit 324, the coin at 646, the weight at 647, then nan."""
    ledger = exploding().ledger
    losses = [ledger.batch_loss(batch) for batch in range(1, 701)]
    assert next(batch for batch, loss in enumerate(losses, 1) if math.isinf(loss)) == 324
    coins = [ledger.receipt("x1->y", batch=batch, sample=1).value for batch in range(1, 701)]
    assert next(batch for batch, coin in enumerate(coins, 1) if math.isinf(coin)) == 646
    weights = [ledger.weights_at(batch - 1)[0].item() for batch in range(1, 701)]  # as the batch met them
    assert next(batch for batch, weight in enumerate(weights, 1) if math.isinf(weight)) == 647
    assert math.isnan(weights[-1])
    for batch in [*random.Random(1).sample(range(1, 701), 30), *range(320, 328), *range(640, 655)]:
        for receipt in (
            ledger.receipt("x1->y", batch=batch, sample=1),
            ledger.receipt("x1->y", batch=batch),
            ledger.receipt("y", batch=batch, sample=1),
            ledger.open(Ref("blame", "y", batch, 1)),
            ledger.open(Ref("loss", "", batch, 1)),
            ledger.open(Ref("loss", "", batch, 0)),
        ):
            result = eval(receipt.python(), {"math": math})
            assert bits(result) == bits(receipt.value) or (math.isnan(result) and math.isnan(receipt.value))
            assert str(receipt)


@pytest.mark.filterwarnings("error")
def test_looking_at_a_run_that_overflowed_prints_no_warning() -> None:
    run = exploding()
    for batch in range(640, 700):
        run.ledger.receipt("x1->y", batch=batch, sample=1)
        run.ledger.epoch(batch)
