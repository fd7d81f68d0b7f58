"""Banks of large layers are added up on two processors, with the bits of one slice put on another."""

from __future__ import annotations

import numpy as np
import pytest
from nets import bits
from sums import loop_bank_totals, numbers

from piggybank import halves, ordered

SHAPES = [(7, 9, 4), (7, 4, 9), (64, 33, 17), (1, 5, 3), (6, 2, 2), (6, 1, 3), (6, 3, 1), (6, 1, 1)]


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize(("samples", "inputs", "neurons"), SHAPES)
def test_large_banks_have_the_bits_of_a_plain_loop(
    samples: int, inputs: int, neurons: int, processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "PROCESSORS", processors)
    monkeypatch.setattr(halves, "LARGE", 1)
    x, blame = numbers((samples, inputs), 1, True), numbers((samples, neurons), 2, True)
    x[0, 0], blame[0, 0] = -0.0, 1.0
    assert bits(halves.bank_totals(x, blame)) == bits(np.array(loop_bank_totals(x, blame)))


def test_banks_of_no_sample_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "LARGE", 0)
    assert halves.bank_totals(np.zeros((0, 3)), np.zeros((0, 2))).tolist() == [[0.0] * 2] * 3


def test_small_banks_wake_no_second_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "weighted_sums", lambda *given: pytest.fail("a thread for a few numbers"))
    x, blame = numbers((4, 3), 1, False), numbers((4, 2), 2, False)
    assert bits(halves.bank_totals(x, blame)) == bits(ordered.bank_totals(x, blame))
