"""Ledgers of very many weights: each weight is named when it is asked for, and the same as where all are named."""

from __future__ import annotations

import math
import random
import struct

import numpy as np
import pytest
from looks import run_of
from nets import RUNS, trained
from odd_runs import large

from piggybank import Dense, Ledger, Network, Run
from piggybank.ledger import bank, commits, states
from piggybank.ledger.loss_receipts import sample_loss
from piggybank.ledger.records import Layer, Weight
from piggybank.ledger.sources import input_value, weight_value, weighted_sum
from piggybank.ledger.storage import CHECKPOINT, FULL_WEIGHTS
from piggybank.ledger.weights import FEW, Weights


def listed(layers: tuple[Layer, ...]) -> list[Weight]:
    """Every weight, written down one after the other."""
    found = []
    for index, layer in enumerate(layers):
        sources = [*layer.sources, *(["bias"] if layer.has_bias else [])]
        for column, target in enumerate(layer.neurons):
            found += [Weight(index, row, column, source, target) for row, source in enumerate(sources)]
    return found


LEDGERS = {
    "large": large,
    "4-8-3": lambda: run_of(4, 8, 3).ledger,
    "no bias": lambda: run_of(3, 2, 2, bias=False).ledger,
}
each_ledger = pytest.mark.parametrize("make", LEDGERS.values(), ids=LEDGERS)


def test_the_large_ledger_is_beyond_both_limits() -> None:
    assert len(listed(large().header.layers)) > max(FEW, FULL_WEIGHTS)


@each_ledger
def test_weights_are_those_that_are_written_down_one_after_the_other(make: type[Ledger]) -> None:
    header = make().header
    wanted = listed(header.layers)
    for weights in (header.weights, Weights(header.layers)):
        assert len(weights) == len(wanted)
        assert list(weights) == wanted
        assert (weights[0], weights[-1]) == (wanted[0], wanted[-1])
        for part in (slice(3, 9), slice(-4, None), slice(None, None, 7), slice(5, 2), slice(0, 10**9)):
            assert list(weights[part]) == wanted[part]
        for beyond in (len(wanted), -len(wanted) - 1):
            with pytest.raises(IndexError):
                weights[beyond]


@each_ledger
def test_a_weight_is_found_by_its_name_its_number_and_its_neuron(make: type[Ledger]) -> None:
    header = make().header
    wanted = listed(header.layers)
    assert list(header.weights_by_name.items()) == [(weight.name, weight) for weight in wanted]
    assert list(header.weight_number.items()) == [(weight.name, number) for number, weight in enumerate(wanted, 1)]
    assert len(header.weights_by_name) == len(wanted)
    for neuron in header.neurons:
        assert header.weights_into(neuron) == tuple(weight for weight in wanted if weight.target == neuron)


@each_ledger
@pytest.mark.parametrize(
    "name", ["", "x1", "->", "x1->", "->h1", "x1->x1", "h1->h1", "x1->h1->h1", "x999->h1", "x1->y9"]
)
def test_what_is_no_weight_is_not_found(make: type[Ledger], name: str) -> None:
    header = make().header
    assert name not in header.weights_by_name
    assert header.weight_number.get(name) is None
    with pytest.raises(KeyError):
        header.weights_by_name[name]


def bits(arrays: list[np.ndarray]) -> list[bytes]:
    return [array.tobytes() for array in arrays]


def test_weights_between_those_that_are_kept_are_the_same_whichever_were_asked_for_before() -> None:
    ledger = large()
    assert ledger.kept_every == CHECKPOINT
    forwards = {batch: bits(ledger.weights_at(batch)) for batch in range(151)}
    assert len({tuple(found) for found in forwards.values()}) == 151
    orders = [range(150, -1, -1), random.Random(1).sample(range(151), 151)]
    for order in orders:
        again = Ledger(ledger.header, ledger.storage)
        for batch in order:
            assert bits(again.weights_at(batch)) == forwards[batch]
    alone = bits(Ledger(ledger.header, ledger.storage).weights_at(CHECKPOINT - 1))
    assert alone == forwards[CHECKPOINT - 1]


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with every commit that is carried out, while no more than a few states may stay at hand."""
    found, really = list[int](), commits.carry_out
    monkeypatch.setattr(commits, "carry_out", lambda *given: (found.append(1), really(*given))[1])
    monkeypatch.setattr(states, "AT_HAND", 0)
    return found


def test_neighbours_of_a_batch_that_was_looked_at_take_one_commit(carried_out: list[int]) -> None:
    ledger = Ledger(large().header, large().storage)
    ledger.batch(40)
    assert len(carried_out) == 40
    ledger.batch(41)
    assert len(carried_out) == 41
    ledger.batch(40)
    ledger.batch(39)
    assert len(carried_out) == 41


def test_coming_back_near_a_batch_that_was_looked_at_takes_eight_commits_at_most(carried_out: list[int]) -> None:
    ledger, forwards = Ledger(large().header, large().storage), large()
    ledger.batch(60)
    for batch in (3, 20, 39, 56, 47):
        wanted, before = bits(forwards.weights_at(batch)), len(carried_out)
        assert bits(ledger.weights_at(batch)) == wanted
        assert len(carried_out) - before <= 8


def test_no_more_states_stay_at_hand_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 8 * 2 * len(large().header.weights)
    for room, states_kept, marks_kept in ((0, 4, 8), (20 * size, 20, 20), (1000 * size, 64, 1000)):
        monkeypatch.setattr(states, "AT_HAND", room)
        found = Ledger(large().header, large().storage)._states
        kept = [cache.cache_info().maxsize for cache in (found.at, found._mark)]
        assert kept == [states_kept, marks_kept]


def test_one_samples_coins_are_derived_from_that_sample_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, looked_at, really = large(), list[int](), bank.with_one
    monkeypatch.setattr(bank, "with_one", lambda inputs: (looked_at.append(len(inputs)), really(inputs))[1])
    bank.all_slices(ledger.header, ledger.batch(1), 0, 2)
    bank.totals(ledger.header, ledger.batch(1), 0, banked=1)
    assert looked_at == [1, 1]


# Sums -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_a_batchs_loss_is_bit_for_bit_the_mean_of_its_samples_losses_in_order(name: str) -> None:
    ledger = trained(name).ledger
    for batch in range(1, len(ledger) + 1):
        total, count = 0.0, ledger.header.count(batch)
        for sample in range(1, count + 1):
            total += sample_loss(ledger, batch, sample)
        assert struct.pack("<d", ledger.batch_loss(batch)) == struct.pack("<d", total / count)


@pytest.mark.parametrize("name", RUNS)
def test_a_weighted_sum_is_bit_for_bit_added_left_to_right(name: str) -> None:
    ledger = trained(name).ledger
    record = ledger.batch(3)
    for neuron in ledger.header.neurons:
        for sample in range(1, record.count + 1):
            total = 0.0
            for weight in ledger.header.weights_into(neuron):
                total += input_value(ledger, record, weight, sample)[1] * weight_value(ledger, weight, 3)[1]
            assert struct.pack("<d", weighted_sum(ledger, neuron, 3, sample)) == struct.pack("<d", total)


def test_the_loss_of_a_batch_that_overflowed_is_not_a_finite_number() -> None:
    run = Run(Network(Dense(1, 1), seed=1), ([[1e200], [1e200]], [[1e200], [-1e200]]), batch_size=2)
    assert not math.isfinite(run.train(batches=2, past_trouble=True).ledger.batch_loss(2))
