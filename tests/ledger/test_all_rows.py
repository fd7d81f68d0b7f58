"""All rows measured at one moment: each as its batch measures it, together the loss of the data."""

from __future__ import annotations

import math

import pytest
from nets import RUNS, same
from opening import NETS, run_of

from piggybank import LedgerError
from piggybank.ledger.class_names import named
from piggybank.ledger.lines import Ref
from piggybank.ledger.measured import data_loss


@pytest.mark.parametrize("name", NETS)
def test_the_loss_of_all_rows_is_what_the_receipts_of_every_row_add_up_to(name: str) -> None:
    ledger = run_of(name)
    rows = range(1, ledger.header.rows + 1)
    for batch in range(1, len(ledger) + 2):
        receipt = ledger.open(Ref("loss", "", -batch, 0))
        assert same(data_loss(ledger, batch), receipt.value)
        assert [line.origin for line in receipt.lines[1:-2]] == [Ref("loss", "", -batch, row) for row in rows]
        assert same(eval(receipt.python(), {"math": math}), receipt.value)


@pytest.mark.parametrize("name", RUNS)
def test_a_row_of_the_batch_that_follows_is_measured_as_the_batch_measured_it(name: str) -> None:
    ledger = run_of(name)
    for record in ledger:
        for sample, row in enumerate(record.rows, 1):
            for neuron in ledger.header.neurons:
                ours = ledger.open(Ref("predict", neuron, -record.batch, row + 1))
                theirs = ledger.open(Ref("predict", neuron, record.batch, sample))
                assert same(ours.value, theirs.value)
                called = named(ledger.header, neuron)
                assert ours.title == f"Prediction of {called}, row {row + 1}, weights before batch {record.batch}"
            assert same(
                ledger.open(Ref("loss", "", -record.batch, row + 1)).value,
                ledger.open(Ref("loss", "", record.batch, sample)).value,
            )


def test_no_row_can_be_measured_with_weights_that_are_still_to_come() -> None:
    ledger = run_of("momentum")
    with pytest.raises(LedgerError, match="batches 0 to 4"):
        data_loss(ledger, len(ledger) + 2)
    with pytest.raises(LedgerError, match="counted from 1"):
        data_loss(ledger, 0)
