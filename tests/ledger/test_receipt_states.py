"""A receipt is waiting, pending or final, and shows no more than is known then."""

from __future__ import annotations

import pytest
from nets import trained

from piggybank.ledger.lines import Ref


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
