"""What each data row put into a weight's banks over an epoch, and its receipt."""

from __future__ import annotations

import math

from nets import RUNS

from piggybank import Run
from piggybank.ledger.lines import Ref
from piggybank.ledger.shares import epoch_batches, epochs_until, row_totals, run_totals, shares_of


def trained() -> Run:
    return RUNS["penguins 2-1 sigmoid"]().train(epochs=3)


def test_an_epochs_shares_are_every_coin_of_its_batches_once_in_order() -> None:
    ledger = trained().ledger
    weight = ledger.weight("x2->y")
    batches = epoch_batches(ledger.header, 2, len(ledger))
    shares = shares_of(ledger, weight, batches)
    expected = [
        (batch, sample, row, ledger.receipt("x2->y", batch=batch, sample=sample).value)
        for batch in batches
        for sample, row in enumerate(ledger.batch(batch).rows, 1)
    ]
    assert [(s.batch, s.sample, s.row, s.value) for s in shares] == expected
    assert sorted(s.row for s in shares) == list(range(ledger.header.rows))


def test_only_the_batches_up_to_the_last_one_counted_belong_to_it() -> None:
    header = trained().ledger.header
    each = header.batches_per_epoch
    assert list(epoch_batches(header, 2, each + 1)) == [each + 1]
    assert list(epoch_batches(header, 2, each)) == []
    assert list(epoch_batches(header, 1, 10**9)) == list(range(1, each + 1))


def test_row_totals_come_largest_first_and_add_in_order() -> None:
    ledger = trained().ledger
    shares = shares_of(ledger, ledger.weight("x1->y"), range(1, len(ledger) + 1))
    totals = row_totals(shares)
    sizes = [abs(value) for value in totals.values()]
    assert sizes == sorted(sizes, reverse=True)
    for row, total in totals.items():
        by_hand = 0.0
        for share in shares:
            if share.row == row:
                by_hand += share.value
        assert total.hex() == by_hand.hex()


def test_the_receipt_of_a_rows_share_lists_its_coins_and_evaluates_to_the_same_bits() -> None:
    ledger = trained().ledger
    last = len(ledger)
    totals = row_totals(shares_of(ledger, ledger.weight("bias->y"), epoch_batches(ledger.header, 3, last)))
    for row, total in totals.items():
        receipt = ledger.open(Ref("share", "bias->y", 3, row + 1, last))
        assert receipt.value.hex() == total.hex()
        assert eval(receipt.python(), {"math": math}).hex() == total.hex()
        assert ledger.header.row_names[row] in receipt.title
        kinds = [line.origin.kind for line in receipt.lines if line.origin is not None]
        assert kinds == ["setting", "slice"]


def test_what_a_row_put_in_up_to_a_batch_is_added_epoch_by_epoch() -> None:
    ledger = trained().ledger
    each = ledger.header.batches_per_epoch
    for last in (len(ledger), each + 1, 1):
        for name in ("x1->y", ""):
            totals = run_totals(ledger, name, last)
            for row, total in totals.items():
                by_hand = 0.0
                for epoch in range(1, -(-last // each) + 1):
                    receipt = ledger.open(Ref("share", name, epoch, row + 1, min(last, epoch * each)))
                    by_hand += receipt.value
                receipt = ledger.open(Ref("share", name, 0, row + 1, last))
                assert receipt.value.hex() == total.hex() == by_hand.hex()
                assert eval(receipt.python(), {"math": math}).hex() == total.hex()
                assert receipt.title.endswith(f"into {name or 'all weights'} up to batch {last}")
            assert [abs(value) for value in totals.values()] == sorted(map(abs, totals.values()), reverse=True)


def test_before_the_first_batch_no_row_has_put_in_anything() -> None:
    ledger = trained().ledger
    assert run_totals(ledger, "x1->y", 0) == {}
    assert list(epochs_until(ledger.header, 0)) == []
    assert list(epochs_until(ledger.header, ledger.header.batches_per_epoch + 1)) == [1, 2]
