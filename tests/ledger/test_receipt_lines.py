"""The lines of a receipt: they add up like a calculator's strip, say what was rounded, and stand in a table."""

from __future__ import annotations

import pytest
from nets import RUNS, bits, trained
from strips import Calculator, is_exact, shallow

from piggybank import Dense, Network, Run
from piggybank.ledger.lines import Line, Receipt, Ref

# Lines ----------------------------------------------------------------------------------------------------------------

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
