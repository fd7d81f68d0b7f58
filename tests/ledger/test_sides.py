"""What was put into a bank and what was taken out, how much cancelled, and what each row put in."""

from __future__ import annotations

import pytest
from nets import same
from opening import run_of

from piggybank.ledger.lines import CANCELLED, IN, OUT, Ref


def test_what_was_put_in_and_what_was_taken_out_are_the_coins_of_one_sign_added_in_order() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    for weight in ledger.header.weights_by_name:
        coins = [ledger.open(Ref("slice", weight, 2, sample)).value for sample in (1, 2, 3, 4)]
        for part, wanted in ((IN, [c for c in coins if c > 0]), (OUT, [c for c in coins if c < 0])):
            total = 0.0
            for coin in wanted:
                total += coin
            receipt = ledger.open(Ref("bank", weight, 2, 4, part=part))
            assert same(receipt.value, total)
            assert [line.value for line in receipt.lines if line.operator == "+"] == wanted


@pytest.mark.parametrize("where", [Ref("bank", "x1->h1", 1, 4), Ref("share", "x2->h3", 1, 0, 3)])
def test_cancelled_is_how_much_of_the_larger_side_the_smaller_took_back(where: Ref) -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    put_in, taken = (ledger.open(where.of_part(part)).value for part in (IN, OUT))
    assert put_in > 0 > taken
    receipt = ledger.open(where.of_part(CANCELLED))
    assert same(receipt.value, min(put_in, -taken) / max(put_in, -taken) * 100)
    assert same(eval(receipt.python()), receipt.value)
    origins = {line.origin for line in receipt.lines if line.origin}
    assert origins == {where.of_part(IN), where.of_part(OUT).turned, Ref("setting", "percent")}


def test_an_epochs_side_is_its_batches_sides_added_in_order() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    receipt = ledger.open(Ref("share", "h2->y1", 1, 0, 2, IN))
    parts = [line for line in receipt.lines if line.operator == "+"]
    assert [line.origin for line in parts] == [Ref("bank", "h2->y1", batch, 4, part=IN) for batch in (1, 2)]
    assert same(receipt.value, sum((line.value or 0.0) for line in parts))


def test_what_a_row_put_into_all_weights_is_the_size_of_each_of_its_coins_once() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    contributions = ledger.epoch(1).contributions
    for row in range(1, ledger.header.rows + 1):
        receipt = ledger.open(Ref("share", "", 1, row))
        terms = [line for line in receipt.lines if line.operator == "+"]
        assert len(terms) == len(ledger.header.weights)
        assert len({line.origin and line.origin.name for line in terms}) == len(ledger.header.weights)
        assert all(line.value is not None and line.value >= 0 for line in terms)
        assert same(receipt.value, contributions[row - 1].item())


def test_a_row_that_is_not_committed_yet_has_put_in_nothing() -> None:
    ledger = run_of("4-8-3 tanh, sigmoid")
    first = ledger.batch(1).rows
    for row in range(1, ledger.header.rows + 1):
        receipt = ledger.open(Ref("share", "", 1, row, banked=1))
        assert (receipt.value > 0) == (row - 1 in first)
