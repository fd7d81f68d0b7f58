"""What is made once: receipts show the lines of those they are made of, and are spelled as Python only when asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from nets import RUNS, trained

from piggybank import formula
from piggybank.ledger import blame_receipts, commit_receipts, pass_receipts, sums
from piggybank.ledger import receipt as receipts
from piggybank.ledger.ledger import Ledger
from piggybank.ledger.lines import Line, Ref

XOR, SOFTMAX = "xor 2-3-1 tanh", "4-3-3 gelu, softmax"


def same(some: Sequence[Line], others: Sequence[Line]) -> bool:
    """Whether these are the very same lines."""
    return len(some) == len(others) > 0 and all(a is b for a, b in zip(some, others, strict=True))


def test_a_popup_shows_the_lines_of_the_slice_and_of_the_commit() -> None:
    ledger = trained(XOR).ledger
    popup = ledger.receipt("h2->y", batch=2, sample=3)
    coin, commit = ledger.open(Ref("slice", "h2->y", 2, 3)), ledger.open(Ref("commit", "h2->y", 2))
    assert same(popup.lines[:3], coin.lines)
    assert same(popup.lines[5:], commit.lines)


def test_a_bank_begins_with_the_lines_it_had_a_sample_earlier() -> None:
    ledger = trained(XOR).ledger
    now, earlier = (ledger.open(Ref("bank", "h2->y", 2, sample)).lines for sample in (4, 3))
    assert same(now[:4], earlier[:4])


@pytest.mark.parametrize(
    ("part", "whole"),
    [(Ref("commit", "h2->y", 2, part="average"), "h2->y"), (Ref("predict", "h2", 2, 3, part="sum"), "h2")],
)
def test_a_result_on_the_way_has_the_first_lines_of_the_whole(part: Ref, whole: str) -> None:
    ledger = trained(XOR).ledger
    lines = ledger.open(part).lines
    assert same(lines, ledger.open(part.of_part("")).lines[: len(lines)])
    assert lines[-1].ref == part


@pytest.mark.parametrize("order", [(3, 1, 2), (1, 2, 3), (3, 3, 1, 0, 2)])
def test_a_bank_s_receipt_is_the_same_whatever_was_asked_for_before(order: tuple[int, ...]) -> None:
    found = trained(SOFTMAX).ledger
    ledger, fresh = Ledger(found.header, found.storage), Ledger(found.header, found.storage)
    for sample in order:
        ref = Ref("bank", "h2->y1", 2, sample)
        once = fresh.open(ref._replace(banked=2))  # another bank, as far as is kept
        asked = ledger.open(ref)
        assert [line[:6] for line in asked.lines] == [line[:6] for line in once.lines]
        assert len(asked.lines) == sample + 2
        assert asked.python() == once.python()


@pytest.mark.parametrize("name", [XOR, SOFTMAX])
def test_no_receipt_is_spelled_as_python_before_that_is_asked_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = RUNS[name]().train(batches=2).ledger

    def spelled(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(formula, "_Spell", spelled)
    for module in (blame_receipts, commit_receipts, pass_receipts, receipts, sums):
        monkeypatch.setattr(module, "literal", spelled)
    weight = ledger.header.weights[-1]
    for ref in (
        Ref("commit", weight.name, 2), Ref("commit", weight.name, 2, part="average"), Ref("bank", weight.name, 2, 2),
        Ref("predict", weight.target, 2, 1), Ref("predict", weight.target, 2, 1, part="sum"), Ref("loss", "", 2, 1),
        Ref("blame", weight.target, 2, 1), Ref("blame", ledger.header.layers[0].neurons[0], 2, 1),
        Ref("slice", weight.name, 2, 1), Ref("loss", "", 2),
    ):  # fmt: skip
        receipt = ledger.open(ref)
        with pytest.raises(AssertionError):
            receipt.python()
