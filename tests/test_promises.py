"""What piggybank promises about every run: conservation, continuity, frozen weights, completeness, append-only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import plain
import pytest
from nets import EPOCHS, RUNS, bits, plain_layers, trained

from piggybank import SGD, Adam, Dense, Ledger, Network, Run, open_ledger
from piggybank.ledger import bank
from piggybank.ledger.commit_receipts import commit_values
from piggybank.ledger.pages import Pages

Figure = Callable[[str, object], None]


@pytest.fixture(params=list(RUNS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_p1_a_banks_total_is_its_coins_added_left_to_right(name: str, figure: Figure) -> None:
    header, banks = trained(name).ledger.header, 0
    for record in trained(name).ledger:
        whole = [bank.totals(header, record, layer) for layer in range(len(header.layers))]
        for weight in header.weights:
            total, so_far = 0.0, [0.0]
            for coin in bank.slices(header, record, weight).tolist():
                total += coin
                so_far.append(total)
            assert bits(bank.running_totals(header, record, weight)) == bits(so_far)
            assert bits(whole[weight.layer][weight.row, weight.column]) == bits(total)
            banks += 1
    figure(f"P1 conservation, {name}: banks that equal their coins", banks)


def test_p1_after_is_before_plus_the_recipes_adjustment(name: str) -> None:
    run = trained(name)
    ledger, rate = run.ledger, run.rule.constants["learning_rate"]
    for record in ledger:
        for weight in ledger.header.weights:
            place = weight.row, weight.column
            total = bank.running_totals(ledger.header, record, weight)[-1].item()
            share = total if ledger.header.reduce == "total" else total / record.count
            adjustment = -rate * share
            before, after = (w[weight.layer][place].item() for w in (record.weights_before, record.weights_after))
            assert bits(commit_values(ledger, weight, record.batch)["adjustment"]) == bits(adjustment)
            assert bits(after) == bits(before + adjustment)


def test_p1_holds_for_the_short_last_batch_with_its_own_count() -> None:
    ledger = trained("4-8-3 relu, linear").ledger
    counts = {record.count for record in ledger}
    assert counts == {4, 3}
    weight = ledger.header.weights[0]
    assert {commit_values(ledger, weight, record.batch)["count"] for record in ledger} == {4.0, 3.0}


def test_p2_there_is_exactly_one_coin_for_every_sample_and_weight(name: str, figure: Figure) -> None:
    header, coins = trained(name).ledger.header, 0
    shapes = [layer.shape for layer in header.layers]
    for record in trained(name).ledger:
        for weight in header.weights:
            assert bank.slices(header, record, weight).shape == (len(record.rows),)
        for sample in range(1, record.count + 1):
            per_layer = [bank.all_slices(header, record, layer, sample) for layer in range(len(shapes))]
            assert [coin.shape for coin in per_layer] == shapes
            coins += sum(coin.size for coin in per_layer)
    figure(f"P2 completeness, {name}: coins", coins)
    assert coins == EPOCHS * header.rows * len(header.weights)
    assert len(header.weights) == len(set(header.weights_by_name)) == sum(a * b for a, b in shapes)


def test_p2_every_epoch_banks_every_row_once(name: str) -> None:
    ledger = trained(name).ledger
    for epoch in range(1, EPOCHS + 1):
        rows = [row for record in ledger if record.epoch == epoch for row in record.rows]
        assert sorted(rows) == list(range(ledger.header.rows))


def test_p2_an_empty_coin_is_a_coin_like_any_other() -> None:
    """Lesson 4: a row of zeros pays four empty coins, and still counts in the divisor."""
    network = Network(Dense(2, 1, weights=[0, 0], bias=False))
    ledger = Run(network, "shared blame", rule=SGD(0.25), batch_size=4).train().ledger
    coins = [bank.slices(ledger.header, ledger.batch(1), weight).tolist() for weight in ledger.header.weights]
    assert coins == [[-16, 0, -24, 0], [0, -8, -24, 0]]
    assert commit_values(ledger, ledger.weight("x1->y"), 1)["average"] == -10


def test_p3_the_weights_after_a_batch_are_the_weights_before_the_next(name: str, figure: Figure) -> None:
    ledger = trained(name).ledger
    records = list(ledger)
    assert [record.batch for record in records] == list(range(1, len(ledger) + 1))
    met = [bits(np.concatenate([part.ravel() for part in record.weights_before])) for record in records]
    left = [bits(np.concatenate([part.ravel() for part in record.weights_after])) for record in records]
    assert met[0] == bits(np.concatenate([part.ravel() for part in ledger.header.initial]))
    assert left[:-1] == met[1:]
    figure(f"P3 continuity, {name}: gaps", sum(a != b for a, b in zip(left[:-1], met[1:], strict=True)))
    for batch, weights in enumerate(left, 1):
        assert bits(np.concatenate([part.ravel() for part in ledger.weights_at(batch)])) == weights


def test_p4_all_coins_of_a_batch_come_from_the_weights_before_it(name: str, figure: Figure) -> None:
    run = trained(name)
    header, coins = run.ledger.header, 0
    inputs, targets = run.dataset.inputs.tolist(), run.dataset.targets.tolist()
    for record in run.ledger:
        layers = plain_layers(run, record.batch - 1)
        for sample, row in enumerate(record.rows, 1):
            given, sums, outputs = plain.forward(layers, inputs[row])
            blame = plain.blame_of(layers, header.loss_name, sums, outputs, targets[row])
            for layer in range(len(layers)):
                expected = [x * b for x in given[layer] for b in blame[layer]]
                assert bits(bank.all_slices(header, record, layer, sample)) == bits(expected)
                coins += len(expected)
    figure(f"P4 frozen weights, {name}: coins recomputed", coins)


def arrays_of(ledger: Ledger) -> Iterator[tuple[str, np.ndarray]]:
    """Every array that the ledger hands out, with its name."""
    header = ledger.header
    yield from (("header inputs", header.inputs), ("header targets", header.targets))
    yield from (("initial weights", matrix) for matrix in header.initial)
    yield from (("weights_at", matrix) for batch in range(len(ledger) + 1) for matrix in ledger.weights_at(batch))
    for record in ledger:
        for field in fields(record):
            value: Any = getattr(record, field.name)
            if isinstance(value, tuple) and isinstance(value[0], np.ndarray):
                yield from ((field.name, part) for part in value)


def test_p5_recorded_arrays_refuse_to_be_written(name: str) -> None:
    seen = set()
    for what, array in arrays_of(trained(name).ledger):
        seen.add(what)
        with pytest.raises(ValueError, match="read-only"):
            array[(0,) * array.ndim] = 7.0
    assert {"outputs", "blame", "weights_before", "weights_after"} < seen


def test_p5_kept_memory_refuses_to_be_written() -> None:
    from piggybank.engine.rule import Rule

    lines = ("jar = jar + average", "adjustment = -learning_rate * jar", "after = before + adjustment")
    rule = Rule("jar", lines, {"learning_rate": 0.5}, ("jar",))
    ledger = Run(Network(Dense(2, 1)), "xor", rule=rule).train().ledger
    for batch in range(len(ledger) + 1):
        with pytest.raises(ValueError, match="read-only"):
            ledger.memory_at(batch)["jar"][0][0, 0] = 7.0


@pytest.mark.parametrize(
    "handed_out", ["memory_at", "shared_memory_at", "given_at", "commit_at", "constants", "house", "initial_memory"]
)
@pytest.mark.parametrize("opened", [False, True])
def test_p5_what_the_ledger_hands_out_by_name_refuses_to_be_written(
    handed_out: str, opened: bool, tmp_path: Path
) -> None:
    run = Run(Network(Dense(2, 1)), "xor", rule=Adam(0.1)).train(batches=2).fork(2).train(batches=1)
    ledger = open_ledger(run.save(tmp_path / "run.piggy")) if opened else run.ledger
    found: Any = getattr(ledger, handed_out)(1) if handed_out.endswith("_at") else getattr(ledger.header, handed_out)
    before = dict(found)
    with pytest.raises(TypeError):
        found[next(iter(found))] = 7.0
    assert all(found[name] is value for name, value in before.items())


def test_p5_later_training_changes_no_recorded_number(name: str) -> None:
    run = RUNS[name]().train(epochs=2)
    held = [(what, array, bits(array)) for what, array in arrays_of(run.ledger)]
    rows = [record.rows for record in run.ledger]
    texts = [str(run.ledger.receipt(run.ledger.header.weights[0].name, batch=1, sample=1))]
    run.train(epochs=70)  # more batches than the ledger's caches hold
    assert all(bits(array) == before for _, array, before in held)
    again = [bits(array) for _, array in arrays_of(run.ledger)][: len(held)]
    assert len(again) == len(held)
    assert [run.ledger.batch(number).rows for number in range(1, len(rows) + 1)] == rows
    assert texts == [str(run.ledger.receipt(run.ledger.header.weights[0].name, batch=1, sample=1))]
    fresh = RUNS[name]().train(epochs=2)
    for batch in range(len(fresh.ledger) + 1):
        for ours, theirs in zip(run.ledger.weights_at(batch), fresh.ledger.weights_at(batch), strict=True):
            assert bits(ours) == bits(theirs)


def test_p5_the_users_arrays_may_change_without_changing_the_record() -> None:
    inputs, targets, weights = np.array([[1.0], [2.0]]), np.array([1.0, 3.0]), np.array([[0.5]])
    run = Run(Network(Dense(1, 1, weights=weights, bias=False)), (inputs, targets), rule=SGD(0.25)).train()
    before = str(run.ledger.receipt("x1->y", batch=2))
    inputs[:], targets[:], weights[:] = 9.0, 9.0, 9.0
    assert str(run.ledger.receipt("x1->y", batch=2)) == before
    assert run.train().ledger.batch(3).outputs[0].item() == run.ledger.weights_at(2)[0].item()  # the input is still 1


def test_p8_looking_in_any_order_changes_nothing() -> None:
    plainly, looked = RUNS["4-8-3 tanh, sigmoid"](), RUNS["4-8-3 tanh, sigmoid"]()
    plainly.train(epochs=4)
    for _ in range(4):
        looked.train(epochs=1)
        for batch in (len(looked.ledger), 1, 2):
            looked.ledger.receipt("x1->h1", batch=batch, sample=1)
            looked.ledger.batch_loss(batch)
        looked.ledger.trace("h2->y1")
        looked.ledger.epoch(1)
    for ours, theirs in zip(plainly.ledger, looked.ledger, strict=True):
        assert ours.rows == theirs.rows
        for left, right in zip(ours.weights_after, theirs.weights_after, strict=True):
            assert bits(left) == bits(right)


@pytest.mark.parametrize("call", [1, 2, 3])
def test_p3_an_interruption_while_a_batch_is_recorded_leaves_the_run_as_it_was(
    monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    run, calls = RUNS["xor 2-3-1 tanh"]().train(batches=2), 0
    slot = Pages.slot

    def interrupted(pages: Pages, index: int) -> np.ndarray:
        nonlocal calls
        calls += 1
        if calls == call:
            raise KeyboardInterrupt
        return slot(pages, index)

    with monkeypatch.context() as patched:
        patched.setattr(Pages, "slot", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.train(batches=1)
    assert len(run.ledger) == 2
    run.train(batches=2)
    undisturbed = RUNS["xor 2-3-1 tanh"]().train(batches=4)
    for batch in range(5):
        for ours, theirs in zip(run.ledger.weights_at(batch), undisturbed.ledger.weights_at(batch), strict=True):
            assert bits(ours) == bits(theirs)


def test_p1_changing_a_rules_settings_during_a_run_is_refused_or_without_effect() -> None:
    run = RUNS["xor 2-3-1 tanh"]().train(batches=1)
    with contextlib.suppress(TypeError):
        run.rule.constants["learning_rate"] = 8.0
    run.train(batches=1)
    for weight in run.ledger.header.weights:
        after = run.ledger.weights_at(2)[weight.layer][weight.row, weight.column]
        assert bits(commit_values(run.ledger, weight, 2)["after"]) == bits(after)
